import { execFile } from "node:child_process";
import { cpSync, lstatSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeFreshStack } from "../engine/fresh-stack";
import { Project } from "../engine/project";
import { install, outside, pack, PULUMI, run, TYPESCRIPT } from "./npm";
import { blockOf, shellOf } from "./readme";

/** The examples as a user meets them: copied out of the repository, with the package as it is published. */
jest.setTimeout(900_000);

const ROOT = join(__dirname, "../..");
const example = (name: string): string => join(ROOT, "examples", name);
/** What the examples name besides the package, in the versions that they name. */
const OTHERS = ["@pulumi/random@^4.21.2", "zod@^4.6.7"];

const folder = outside();
let tarball: string;
let project: Project;
beforeAll(async () => {
  tarball = await pack(folder);
  await install(folder, tarball, PULUMI, ...TYPESCRIPT, ...OTHERS);
});
afterEach(() => project.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program's types are checked by `npm run check:types`, and by the engine in typescript.test.ts. */
async function open(name: string): Promise<void> {
  project = await Project.open({}, example(name));
  const modules = join(project.folder, "node_modules");
  rmSync(modules, { recursive: true });
  symlinkSync(join(folder, "node_modules"), modules);
  project.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
}

/** What commands say, in the program's folder. */
async function shell(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: project.program, env });
  return stdout;
}

/** What every example must do: up, and up again with a refresh, without a change. Some are destroyed, too. */
async function live(of = project): Promise<void> {
  await of.up();
  await of.up("--refresh", "--expect-no-changes");
}

async function end(of = project): Promise<void> {
  await of.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports()).toEqual([]);
}

it("what examples/README.md says of a copy installs the package in place of the repository", async () => {
  await open("javascript");
  rmSync(join(project.folder, "node_modules"));
  for (const command of shellOf("README.md", "copy the folder"))
    await run(project.program, "sh", "-c", command.replace(/pulumi-proxies-sx$/, tarball));
  expect(lstatSync(join(project.program, "node_modules/pulumi-proxies-sx")).isSymbolicLink()).toBe(false);
  await live();
  await end();
});

it("quickstart", async () => {
  await open("quickstart");
  await live();
  expect(project.emulator.control.ports()).toHaveLength(3);
});

it("esm", async () => {
  await open("esm");
  await live();
  const { url } = await project.outputs();
  expect(url).toMatch(/^http:\/\/[^:]+:[^@]+@[\d.]+:\d+$/);
});

it("existing-ports: nothing is changed at the vendor", async () => {
  await open("existing-ports");
  const env = { ...project.env, PROXIES_API_URL: project.emulator.url };
  const bought = shellOf("existing-ports/README.md", "buy two ports").map((command) => shell(command, env));
  const answers = await Promise.all(bought);
  const [shared = "", own = ""] = answers.map((answer) => (JSON.parse(answer) as { id: string }).id);
  project.set("shared", shared);
  project.set("private", own);
  project.writes();
  await live();
  expect(project.writes()).toEqual([]);
  await end();
});

it("two-accounts", async () => {
  await open("two-accounts");
  const second = project.emulator.control.keys.addKey(undefined, "second");
  project.set("secondKey", second, { secret: true });
  await live();
  expect(["main", "second"].map((account) => project.emulator.control.ports(account))).toEqual([
    [expect.anything()],
    [expect.objectContaining({ rotationSettings: expect.objectContaining({ intervalSeconds: 1800 }) as object })],
  ]);
  await end();
});

it("credential-rotation: what clients had works for one generation more", async () => {
  await open("credential-rotation");
  await live();
  const first = (await project.outputs()) as Record<string, string>;
  const logins = (): string[] =>
    project.emulator.control
      .ports()
      .map(({ serverIp, httpPort, proxyPassword }) => `http://team-a:${proxyPassword}@${serverIp}:${httpPort}`);
  expect(logins().sort()).toEqual([first.current, first.previous].sort());

  project.set("generation", "2");
  await project.up();
  const second = (await project.outputs()) as Record<string, string>;
  expect(second.previous).toBe(first.current);
  expect(second.current).not.toBe(first.previous);
  expect(new URL(second.current as string).port).toBe(new URL(first.previous as string).port);
  expect(logins().sort()).toEqual([second.current, second.previous].sort());
});

it("x402: a wallet pays once, and a change of traffic for the difference", async () => {
  await open("x402");
  const { control, url } = project.emulator;
  const key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"; // a test key that everybody knows
  const payer = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  Object.assign(project.env, { AGENT_WALLET_KEY: key, PROXIES_RPC_URL: `${url}/rpc` });
  project.set("proxies-sx:apiKey");
  control.x402.faucet(payer);
  await live();
  expect(control.x402.balance(payer)).toBe("96.00");
  const [receipt] = control.x402.receipts();
  expect(await project.outputs()).toEqual({
    url: expect.stringMatching(/^http:\/\/[^:]+:[^@]+@[\d.]+:\d+$/) as string,
    endsAt: expect.any(String) as string,
    price: 4,
    payments: [`4.00 USDC, ${receipt?.txHash}`],
  });
  project.set("trafficGB", "1.5");
  await project.up();
  expect(control.x402.balance(payer)).toBe("94.00");
  await project.run("destroy", "--skip-preview");
  expect(control.x402.sessions()).toMatchObject([{ status: "active", allocatedGB: 1.5 }]); // nothing can end it
  expect(project.files().filter(({ text }) => text.includes(key.slice(2)))).toEqual([]);
});

it("traffic: bought once a month", async () => {
  await open("traffic");
  await live();
  expect(await project.outputs()).toEqual({ boughtGB: 25, pricePaid: 90 });
  project.set("month", "2026-12");
  await project.up();
  expect(await project.outputs()).toEqual({ boughtGB: 50, pricePaid: 90 });
});

it("docs/getting-started.md: the program and its commands, step by step", async () => {
  const PAGE = "../docs/getting-started.md";
  await open("quickstart");
  const { control, url } = project.emulator;
  const env = { ...project.env, PROXIES_API_URL: url, PULUMI_STACK: "dev" };
  const answered = (command: string): string => command.replace(/^pulumi (up|destroy)/, "$& --yes --skip-preview");
  const steps = (after: string): Promise<string> => shell(shellOf(PAGE, after).map(answered).join("\n"), env);
  const program = (country: string): void => {
    const text = blockOf(PAGE, "## 3. The first program", "ts");
    expect(text).toContain('country: "DE"');
    writeFileSync(join(project.program, "index.ts"), text.replace('"DE"', `"${country}"`));
  };

  program("DE");
  expect(await steps("exports.renewAt")).toMatch(/^http:\/\/[^:]+:[^@]+@[\d.]+:\d+$/m);
  const [first] = control.ports();
  program("PL");
  await project.up();
  expect(control.ports()).toMatchObject([{ id: first?.id, device: { country: { code: "PL" } } }]);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(await steps("Let four weeks pass")).toMatch(/lease ends in .*: renewed/);
  expect(control.purchases()).toHaveLength(2);
  await steps("Release everything");
  expect(control.ports()).toEqual([]);
});

it("the script of docs/guides/emulator-in-ci.md runs as it stands", async () => {
  await open("javascript");
  symlinkSync(join(folder, "node_modules"), join(project.program, "node_modules"));
  rmSync(join(project.program, "Pulumi.dev.yaml"));
  const script = shellOf("../docs/guides/emulator-in-ci.md", "## In a shell").join("\n");
  const output = await shell(script, project.env);
  expect(output).toMatch(/: renewed/);
  expect(output).toMatch(/Stack 'ci' has been removed/);
});

describe("environments", () => {
  let fleet: Project;
  beforeEach(async () => {
    await open("environments");
    const { folder: home, program, emulator } = project;
    writeFreshStack(join(home, "state"), join(program, "fleet"), emulator.url);
    fleet = project.beside(join(program, "fleet"));
  });

  it("one fleet, and a second program that uses its secret URLs", async () => {
    await live(fleet);
    const told = await fleet.outputs();
    expect(told).toMatchObject({ byCountry: { DE: 2 } });

    const { folder: home, program, emulator } = project;
    writeFreshStack(join(home, "state"), join(program, "consumer"), emulator.url);
    const reader = project.beside(join(program, "consumer"));
    await reader.up();
    const { proxyList, proxyCount } = await reader.outputs();
    expect(proxyList).toBe((told.httpUrls as string[]).join("\n"));
    expect(proxyCount).toBe(2);
    const masked = await reader.pulumi(["stack", "output"]);
    expect(masked.output).toMatch(/proxyList\s+\[secret\]/);
    await end(fleet);
  });

  it.each(["staging", "prod"])("the settings of %s make a plan", async (stack) => {
    cpSync(join(example("environments/fleet"), `Pulumi.${stack}.yaml`), join(fleet.program, "Pulumi.dev.yaml"));
    const { folder: home, program, emulator } = fleet;
    writeFreshStack(join(home, "state"), program, emulator.url);
    const { steps } = await fleet.run("preview");
    const ports = Object.keys(steps).filter((name) => /^scraper-\d+$/.test(name));
    expect(ports).toHaveLength(stack === "prod" ? 12 : 4);
  });

  it("a setting that is misspelt stops the preview in one line", async () => {
    await fleet.pulumi(["config", "set", "--path", "fleet.szie", "3"]);
    const { code, output } = await fleet.tryRun("preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/Pulumi\.dev\.yaml: fleet\.: Unrecognized key: "szie"/);
  });
});
