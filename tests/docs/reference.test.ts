import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as ts from "typescript";
import { type Emulator, startEmulator } from "../../emulator";
import { type KindName, KINDS, typeOf } from "../../domain/kinds";
import { LOOKUPS } from "../../provider/lookups";
import * as proxies from "../../sdk";
import { PAYER, rented } from "../api/x402/rented";
import { exportsOf, functionPrograms, sectionOf } from "../languages/reference";
import { seen } from "../sdk/seen";

/** Whether pages are what the sources say is for `npm run check:pages`; here: whether that is enough for a reader. */
const FOLDER = join(__dirname, "../../docs/reference");
const pages = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8") }));
const pageOf = (name: string) => pages.find(({ text }) => text.includes(`\n# ${name}\n`));

const RESOURCES = Object.keys(KINDS) as KindName[];
const FUNCTIONS = LOOKUPS.map(({ name }) => name);
const PAGES = [...RESOURCES, "ProxyFleet", "Account"];

it.each(PAGES)("%s has a page that says what a change of each input does", (name) => {
  const { text = "" } = pageOf(name) ?? {};
  expect(text).toContain("## Example");
  expect(text).toContain("what a change does");
  expect(text).not.toContain("See below."); // an input whose docstring has no @change
});

it("functions have a page, with the types of what they give", () => {
  const { text = "" } = pageOf("Functions") ?? {};
  expect(FUNCTIONS.filter((name) => !text.includes(`\n### ${name}\n`))).toEqual([]);
  expect(text).toContain("\n### PortInfo\n");
});

it.each(["ts", "yaml", "python", "go"] as const)("each function has an example: %s", (language) => {
  expect(functionPrograms(language).map(([name]) => name)).toEqual(FUNCTIONS);
});

it.each([
  ["connectionString", "functions.md"],
  ["mostStock", "country-choice.md"],
  ["cheapest", "country-choice.md"],
])("that %s is of TypeScript alone stands where it stands", (name, page) => {
  expect(sectionOf(page, name)).toContain("Programs in YAML, Python and Go do not have it");
});

it("names that a field of JSON may have stand in one order, whatever the compiler met first", () => {
  const text = readFileSync(join(FOLDER, "../commands.md"), "utf8");
  const unions = [...text.matchAll(/^ +\w+\??: ("[^"]+"(?: \| "[^"]+")+)/gm)].map(([, names = ""]) =>
    names.split(" | "),
  );
  expect(unions.length).toBeGreaterThan(20);
  expect(unions).toEqual(unions.map((names) => [...names].sort()));
});

const MODULES: Record<string, unknown> = {
  "pulumi-proxies-sx": proxies,
  "@pulumi/pulumi": pulumi,
  "@pulumi/random": require("@pulumi/random") as unknown,
};

let emulator: Emulator;
let token: string;
let portId: string;
beforeAll(async () => {
  emulator = await startEmulator();
  token = (await rented(emulator)).token as string;
  portId = emulator.control.buyPort({ country: "DE" }).id;
});
afterAll(() => emulator.close());

/** Runs a program in JavaScript, and gives the types of what it made, and its outputs. */
async function run(code: string): Promise<{ made: string[]; outputs: Record<string, pulumi.Output<unknown>> }> {
  const made: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push(type);
      return { id: `${name}-id`, state: { ...(inputs as object), portId } };
    },
    call: () => ({}),
  });
  const { apiKey, url } = emulator;
  const account = { "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": url };
  const own = { "project:release": "1", "project:secondKey": "psx_x" };
  const wallet = { "project:wallet": PAYER, "project:sessionToken": token };
  pulumi.runtime.setAllConfig({ ...account, ...own, ...wallet });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own program
  const program = new Function("require", "exports", code) as (require: unknown, exports: object) => void;
  const outputs: Record<string, pulumi.Output<unknown>> = {};
  program((module: string) => MODULES[module], outputs);
  await pulumi.runtime.disconnect();
  return { made, outputs };
}

it.each(PAGES)("the JavaScript example of %s runs, and makes one", async (name) => {
  const [, code = ""] = /^```js\n([\s\S]*?)^```$/m.exec(pageOf(name)?.text ?? "") ?? [];
  const { made } = await run(code);
  const component = name === "Account" ? "pulumi:providers:pulumi-nodejs" : `proxies-sx:index:${name}`;
  expect(made).toContain(Object.hasOwn(KINDS, name) ? typeOf(name as KindName) : component);
});

it.each(functionPrograms("ts"))("the example of %s runs, and says which outputs are secret", async (_name, code) => {
  const { outputs } = await run(ts.transpile(code, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 }));
  const exported = exportsOf(code);
  expect(exported.length).toBeGreaterThan(0);
  for (const { name, isSecret } of exported) {
    const value = expect.anything() as unknown;
    expect(await seen(outputs[name] as pulumi.Output<unknown>)).toEqual({ value, known: true, secret: isSecret });
  }
});
