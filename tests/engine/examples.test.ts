import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Project } from "./project";

/** The examples are programs of the engine. */
jest.setTimeout(900_000);

const ROOT = join(__dirname, "../..");
const example = (name: string): string => join(ROOT, "examples", name);

let project: Project;
/** A program's types are checked by `npm run check:types`, and by the engine in tests/package/typescript.test.ts. */
async function open(name: string): Promise<void> {
  project = await Project.open({}, example(name));
  project.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
}
afterEach(() => project.close());

/** What every example must do: up, up again without a change, refresh, destroy. */
async function live(): Promise<void> {
  await project.up();
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
}

async function end(): Promise<void> {
  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports()).toEqual([]);
}

it("quickstart", async () => {
  await open("quickstart");
  await live();
  expect(project.emulator.control.ports()).toHaveLength(3);
  await end();
});

it.each(["javascript", "esm"])("%s", async (name) => {
  await open(name);
  await live();
  const { url } = await project.outputs();
  expect(url).toMatch(/^http:\/\/[^:]+:[^@]+@[\d.]+:\d+$/);
  await end();
});

it("existing-ports: nothing is changed at the vendor", async () => {
  await open("existing-ports");
  const { control } = project.emulator;
  const bought = [control.buyPort({ country: "DE" }), control.buyPort({ country: "GB", slotType: "private" })];
  await project.pulumi(["config", "set", "shared", bought[0]?.id ?? ""]);
  await project.pulumi(["config", "set", "private", bought[1]?.id ?? ""]);
  project.writes();
  await live();
  expect(project.writes()).toEqual([]);
  await end();
});

it("two-accounts", async () => {
  await open("two-accounts");
  const second = project.emulator.control.keys.addKey(undefined, "second");
  await project.pulumi(["config", "set", "--secret", "secondKey", "--", second]);
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

  await project.pulumi(["config", "set", "generation", "2"]);
  await project.up();
  const second = (await project.outputs()) as Record<string, string>;
  expect(second.previous).toBe(first.current);
  expect(second.current).not.toBe(first.previous);
  expect(new URL(second.current as string).port).toBe(new URL(first.previous as string).port);
  expect(logins().sort()).toEqual([second.current, second.previous].sort());
  await end();
});

it("x402: a wallet pays once, and a change of traffic for the difference", async () => {
  project = await Project.open({}, example("x402"));
  const { control, url } = project.emulator;
  const key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"; // a test key that everybody knows
  const payer = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  Object.assign(project.env, { AGENT_WALLET_KEY: key, PROXIES_RPC_URL: `${url}/rpc` });
  await project.pulumi(["config", "rm", "proxies-sx:apiKey"]);
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
  await project.pulumi(["config", "set", "trafficGB", "1.5"]);
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
  await project.pulumi(["config", "set", "month", "2026-12"]);
  await project.up();
  expect(await project.outputs()).toEqual({ boughtGB: 50, pricePaid: 90 });
  await end();
});

describe("environments", () => {
  it("one fleet, and a second program that uses its secret URLs", async () => {
    await open("environments/fleet");
    await live();
    const fleet = await project.outputs();
    expect(fleet).toMatchObject({ byCountry: { DE: 2 } });

    const consumer = join(project.folder, "consumer");
    cpSync(example("environments/consumer"), consumer, { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(consumer, "node_modules"));
    const reader = project.beside(consumer);
    await reader.pulumi(["stack", "init", "dev"]);
    await reader.up();
    const { proxyList, proxyCount } = await reader.outputs();
    expect(proxyList).toBe((fleet.httpUrls as string[]).join("\n"));
    expect(proxyCount).toBe(2);
    const masked = await reader.pulumi(["stack", "output"]);
    expect(masked.output).toMatch(/proxyList\s+\[secret\]/);
    await reader.run("destroy", "--skip-preview");
    await end();
  });

  it.each(["staging", "prod"])("the settings of %s make a plan", async (stack) => {
    await open("environments/fleet");
    cpSync(join(example("environments/fleet"), `Pulumi.${stack}.yaml`), join(project.program, "Pulumi.dev.yaml"));
    await project.configure();
    const { steps } = await project.run("preview");
    const ports = Object.keys(steps).filter((name) => /^scraper-\d+$/.test(name));
    expect(ports).toHaveLength(stack === "prod" ? 12 : 4);
  });

  it("a setting that is misspelt stops the preview in one line", async () => {
    await open("environments/fleet");
    await project.pulumi(["config", "set", "--path", "fleet.szie", "3"]);
    const { code, output } = await project.tryRun("preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/Pulumi\.dev\.yaml: fleet\.: Unrecognized key: "szie"/);
  });
});
