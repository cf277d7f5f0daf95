import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { writeFreshStack } from "../engine/fresh-stack";
import { Project } from "../engine/project";
import { PAYER, rented } from "../api/x402/rented";
import { shellOf } from "../package/readme";
import { exportsOf, functionPrograms } from "./reference";

const ROOT = join(__dirname, "../..");
const PASSWORD = "a-password-of-tests";

/** The examples in a language, copied out of the repository, with what their README installs. */
export class Examples {
  private constructor(readonly all: Project) {}

  static async open(language: "yaml" | "python" | "go"): Promise<Examples> {
    const hosts = process.env.PROXIES_SX_LANGUAGES;
    if (!hosts) throw new Error("`npm run test:languages` runs these tests, with what they need.");
    const all = await Project.open({}, join(ROOT, "examples", language));
    // Of its own, since the plugin is installed into it. What the README installs comes first on the PATH.
    const home = join(all.folder, "own-home");
    mkdirSync(home);
    // Another package's plugin, which an example has its passwords from.
    cpSync(join(all.env.PULUMI_HOME as string, "plugins"), join(home, "plugins"), {
      recursive: true,
      dereference: true,
    });
    all.env.PULUMI_HOME = home;
    all.env.PATH = [join(all.program, "venv/bin"), hosts, all.env.PATH].join(":");
    for (const command of shellOf(`${language}/README.md`, "## Install"))
      await promisify(execFile)("sh", ["-c", command.replace("../../", `${ROOT}/`)], {
        cwd: all.program,
        env: all.env,
      });
    return new Examples(all);
  }

  /** A program of them with a stack of its own; the account is the same. */
  async program(name: string): Promise<Project> {
    const { folder, emulator, program } = this.all;
    const one = this.all.beside(join(program, name));
    rmSync(join(one.program, "Pulumi.dev.yaml"), { force: true });
    writeFreshStack(join(folder, "state"), one.program, emulator.url);
    await one.pulumi(["config", "set", "--secret", "proxyPassword", PASSWORD]);
    return one;
  }

  /** Programs of the reference as one of these, in a folder of its own. */
  reference(name: string, files: Record<string, string>): Project {
    const { folder, emulator, program } = this.all;
    const env = { PROXIES_API_URL: emulator.url, AGENT_WALLET_KEY: `0x${"4".repeat(64)}` };
    const one = this.all.beside(join(program, name), { ...this.all.env, ...env });
    mkdirSync(one.program);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(one.program, file), text);
    writeFreshStack(join(folder, "state"), one.program, emulator.url);
    one.set("release", "7");
    one.set("secondKey", emulator.apiKey, { secret: true });
    return one;
  }

  close(): Promise<void> {
    return this.all.close();
  }
}

/** Which file of a program has the resources, and how the functions of docs/languages.md get into it. */
const PROGRAMS = {
  yaml: { file: "Pulumi.yaml", join: joinYaml },
  python: { file: "__main__.py", join: (program: string, more: string): string => program + more },
  go: {
    file: "main.go",
    join: (program: string, more: string): string => program.replace(/\treturn nil\n/, () => `${more}\treturn nil\n`),
  },
};

/** One program in YAML, with what each of two has: what has the same name is the same. */
export function joinYaml(program: string, more: string): string {
  const [all, added] = [program, more].map((text) => parse(text) as Parts) as [Parts, Parts];
  for (const part of ["config", "resources", "variables", "outputs"])
    if (added[part]) all[part] = { ...all[part], ...added[part] };
  return stringify(all);
}
type Parts = Record<string, object>;

/** Adds the functions that docs/languages.md shows to a program with a resource `port`. */
export function addFunctions(project: Project, language: keyof typeof PROGRAMS): void {
  const [, section = ""] = readFileSync(join(ROOT, "docs/languages.md"), "utf8").split("\n## Functions\n");
  const shown = new RegExp(`\\n\`\`\`${language}\\n([^]*?\\n)\`\`\`\\n`).exec(section)?.[1];
  if (!shown) throw new Error(`docs/languages.md shows no functions in ${language}.`);
  const file = join(project.program, PROGRAMS[language].file);
  writeFileSync(file, PROGRAMS[language].join(readFileSync(file, "utf8"), shown));
}

/** What they return of the port that was bought, and that it is a secret. */
async function checkFunctions(project: Project, output: string): Promise<void> {
  const [bought] = project.emulator.control.ports();
  expect(await project.outputs()).toMatchObject({
    trafficPrice: expect.any(Number) as number,
    firstCity: expect.stringMatching(/\w/) as string,
    carrier: bought?.device?.carrier.name,
  });
  expect(output).toMatch(/carrier +: \[secret\]/);
  expect(output).toMatch(/trafficPrice *: \d/);
}

/** What each program must do: up, up again without a change, refresh, destroy, and no secret in its state or output. */
export async function live(project: Project, ports: number, { hasFunctions = false } = {}): Promise<void> {
  const { control, apiKey } = project.emulator;
  const first = await project.run("up");
  expect(control.ports()).toHaveLength(ports);
  if (hasFunctions) await checkFunctions(project, first.output);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");

  const { httpUrl, httpUrls = [httpUrl] } = (await project.outputs()) as { httpUrl?: string; httpUrls?: string[] };
  const urls = control.ports().map((port) => {
    return `http://${port.proxyLogin}:${port.proxyPassword}@${port.serverIp}:${port.httpPort}`;
  });
  expect(httpUrls.slice().sort()).toEqual(urls.sort());
  const told = [first.output, readFileSync(join(project.program, "Pulumi.dev.yaml"), "utf8"), await stateOf(project)];
  const secrets = control.ports().flatMap((port) => [port.proxyPassword, port.rotationToken]);
  for (const secret of [apiKey, PASSWORD, ...secrets]) expect(told.join("\n")).not.toContain(secret);

  await project.run("destroy", "--skip-preview");
  expect(control.ports()).toEqual([]);
}

/** The fleet of these examples, by the package's own class. */
const IN_TYPESCRIPT = {
  "package.json": '{ "main": "index.js" }\n',
  "index.js": `
const proxies = require("pulumi-proxies-sx");
const fleet = new proxies.ProxyFleet("scraper", {
  size: 3,
  locations: [{ country: "DE", weight: 2 }, { country: "GB" }],
  lease: { expiresIn: "30d", renewBefore: "3d" },
  rotation: { intervalSeconds: 1800 },
});
exports.httpUrls = fleet.httpUrls;
`,
};

/** The example's stack was one of a program in TypeScript: as this program it keeps its ports, and is only asked for them. */
export async function takeOver(project: Project): Promise<void> {
  const { control } = project.emulator;
  const about = join(project.program, "Pulumi.yaml");
  const own = readFileSync(about, "utf8");
  for (const [file, text] of Object.entries(IN_TYPESCRIPT)) writeFileSync(join(project.program, file), text);
  writeFileSync(about, own.replace(/^runtime:.*(\n +.*)*/m, "runtime: nodejs"));
  await project.up();
  const ports = control.ports().map(({ id }) => id);
  expect(ports).toHaveLength(3);
  const { httpUrls } = await project.outputs();
  for (const file of Object.keys(IN_TYPESCRIPT)) rmSync(join(project.program, file));
  writeFileSync(about, own);

  project.calls();
  const { steps } = await project.run("up");
  expect(steps).toMatchObject({ "scraper-1": "update", "scraper-3-rotation": "update" });
  expect(Object.values(steps).filter((step) => !["same", "update"].includes(step))).toEqual([]);
  expect((await project.outputs()).httpUrls).toEqual(httpUrls);
  await project.refresh("--expect-no-changes");
  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(project.writes()).toEqual([]);
  const { resources } = await project.state();
  expect(resources.flatMap(({ type, id }) => (type === "proxies-sx:index:Port" ? [id] : [])).sort()).toEqual(
    ports.sort(),
  );
  expect(resources.filter(({ type }) => type === "pulumi:providers:proxies-sx")).toHaveLength(1);
  await project.run("destroy", "--skip-preview");
  expect(control.ports()).toEqual([]);
}

/** As `pulumi stack export` prints it for a person. */
const stateOf = async (project: Project): Promise<string> => (await project.pulumi(["stack", "export"])).output;

/** What a program must do that has all functions of the reference: each answers, and no secret is in state or output. */
export async function answers(project: Project): Promise<void> {
  const { control } = project.emulator;
  const { token } = await rented(project.emulator);
  project.set("wallet", PAYER);
  project.set("sessionToken", token, { secret: true });
  const { output } = await project.run("up", "--skip-preview");
  const exported = functionPrograms("ts").flatMap(([, program]) => exportsOf(program));
  const outputs = await project.outputs();
  expect(Object.keys(outputs).sort()).toEqual(exported.map(({ name }) => name).sort());
  expect(Object.values(outputs)).not.toContain(null);
  for (const { name, isSecret } of exported)
    if (isSecret) expect(output).toMatch(new RegExp(`\\b${name} *: \\[secret\\]`));
  const told = output + (await stateOf(project));
  const passwords = control.ports().map(({ proxyPassword }) => proxyPassword);
  for (const secret of [token as string, ...passwords]) expect(told).not.toContain(secret);
  await project.run("destroy", "--skip-preview");
  // What the wallet rented is no resource's.
  const left = control.ports();
  expect(left).toHaveLength(1);
  for (const { id } of left) control.removePort(id);
}
