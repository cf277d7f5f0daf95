import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

const ROOT = join(__dirname, "../..");
const IMPORTS: Record<string, string> = {
  pulumi: "@pulumi/pulumi",
  random: "@pulumi/random",
  proxies: "pulumi-proxies-sx",
};
/** What an example may take as given. */
const GIVEN: Record<string, string> = {
  port: "declare const port: proxies.Port;",
  config: "declare const config: pulumi.Config;",
};

interface Example {
  name: string;
  code: string;
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending) && !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

const docs = [
  "README.md",
  "CONTRIBUTING.md",
  "llms.txt",
  ...["docs", "emulator", "examples"].flatMap((one) => filesIn(one, ".md")),
];
const sources = ["sdk", "api", "emulator"].flatMap((folder) => filesIn(folder, ".ts"));
const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Blocks of TypeScript in Markdown. */
const inMarkdown = (file: string): Example[] =>
  [...textOf(file).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""], index) => ({
    name: `${file} ${index + 1}`,
    code,
  }));

/** Examples of more than a value, by what they stand above. */
function inSource(file: string): Example[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  return source.statements.flatMap((statement) =>
    ts
      .getJSDocTags(statement)
      .filter(({ tagName }) => tagName.text === "example")
      .map(({ comment }) => ({
        name: `${file} ${namesIn(statement).join()}`,
        code: ts.getTextOfJSDocComment(comment) ?? "",
      })),
  );
}

function namesIn(statement: ts.Statement): string[] {
  const { name } = statement as { name?: ts.Identifier };
  return name ? [name.text] : [];
}

/** A module of its own, with what it takes as given. */
function moduleOf(code: string): string {
  const declares = (name: string): boolean => new RegExp(`\\b(const|let|as) ${name}\\b`).test(code);
  const given = Object.entries(GIVEN).flatMap(([name, line]) => (declares(name) ? [] : [line]));
  const imports = Object.entries(IMPORTS).flatMap(([name, from]) =>
    declares(name) ? [] : [`import * as ${name} from "${from}";`],
  );
  return [...imports, ...given, code, "export {};"].join("\n");
}

/** Compiles all of them in one go, and returns what is wrong with each. */
function compile(examples: Example[]): string[] {
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), (file) => readFileSync(file, "utf8"));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  // A program of Pulumi may await at its top.
  const all: ts.CompilerOptions = {
    ...options,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const texts = new Map(examples.map(({ code }, index) => [join(ROOT, `example-${index}.ts`), moduleOf(code)]));
  const host = ts.createCompilerHost(all);
  host.readFile = (file) => texts.get(file) ?? ts.sys.readFile(file);
  host.fileExists = (file) => texts.has(file) || ts.sys.fileExists(file);
  const files = [...texts.keys()];
  const program = ts.createProgram(files, all, host);
  return files.flatMap((file, index) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${examples[index]?.name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

it("every example of the docs compiles, and an example that is wrong would not", () => {
  const examples = [...docs.flatMap(inMarkdown), ...sources.flatMap(inSource)];
  expect(examples.length).toBeGreaterThan(10);
  expect(compile(examples)).toEqual([]);
  expect(compile([{ name: "wrong", code: 'new proxies.Port("a", { land: "DE" });' }])).toHaveLength(1);
}, 60_000);

it("every class of the SDK has an example", () => {
  const files = filesIn("sdk", ".ts");
  const classes = files.flatMap((file) =>
    [...textOf(file).matchAll(/^export class (\w+) extends pulumi\./gm)].map(([, name]) => name),
  );
  expect(classes).toContain("Port");
  expect(files.flatMap(inSource).map(({ name }) => name.split(" ").at(-1))).toEqual(expect.arrayContaining(classes));
});

describe("links", () => {
  it.each(docs)("of %s lead somewhere", (file) => {
    const links = [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const dead = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? file : join(file, "..", path);
        if (!existsSync(join(ROOT, target))) return true;
        if (anchor === undefined || statSync(join(ROOT, target)).isDirectory()) return false;
        return !anchorsOf(target).includes(anchor);
      });
    expect(dead).toEqual([]);
  });
});

const anchorsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
