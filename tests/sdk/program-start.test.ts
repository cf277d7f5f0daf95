import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as proxies from "../../sdk";

let mockStartedIn: string;
jest.mock("../../sdk/engine/started-in", () => ({
  get STARTED_IN() {
    return mockStartedIn;
  },
}));

/** What the start of a program says of where and how it runs. The engine is a stand-in that is only there. */
const KEY = "proxies-sx:apiKey";
const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
const started = process.argv;
let folder: string;
let run: object;
let warned: string[];
beforeEach(async () => {
  const mocks = { newResource: ({ name }: { name: string }) => ({ id: name, state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks);
  folder = realpathSync(mkdtempSync(join(tmpdir(), "proxies-sx-")));
  [run, warned] = [{}, []];
  mkdirSync(join(folder, "program"));
  mockStartedIn = join(folder, "program");
  jest.spyOn(pulumi.runtime, "getEngine").mockReturnValue({} as never);
  jest.spyOn(pulumi.runtime, "getStackResource").mockImplementation(() => run as never);
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (text) => void warned.push(text));
  pulumi.runtime.setAllConfig({});
  process.argv = ["node", "/a/node_modules/@pulumi/pulumi/cmd/run/index.js"];
});
afterEach(() => {
  jest.restoreAllMocks();
  process.argv = started;
  rmSync(folder, { recursive: true });
});

/** Puts a package of this name below a folder. */
function installIn(where: string, found = version): void {
  const home = join(where, "node_modules/pulumi-proxies-sx");
  mkdirSync(join(home, "dist/provider"), { recursive: true });
  const exports = { "./provider": "./dist/provider/index.js" };
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "pulumi-proxies-sx", version: found, exports }));
  writeFileSync(join(home, "dist/provider/index.js"), "");
}

const port = (name = "a"): proxies.Port => new proxies.Port(name, { country: "DE", expiresIn: "30d" });
const fleet = (): proxies.ProxyFleet =>
  new proxies.ProxyFleet("f", { size: 1, locations: [{ country: "DE" }], lease: { expiresIn: "30d" } });

describe("where the engine would not find the provider", () => {
  it.each([
    ["pnpm-lock.yaml", "pnpm add"],
    ["yarn.lock", "yarn add"],
    ["bun.lock", "bun add"],
    ["bun.lockb", "bun add"],
    ["package-lock.json", "npm install"],
    [undefined, "npm install"],
  ])("with %s, the program ends in one line that says `%s`", (lockfile, command) => {
    if (lockfile) writeFileSync(join(folder, lockfile), "");
    const text =
      `pulumi-proxies-sx: the engine looks for it from the program's folder, ${folder}/program, where it is not installed: ` +
      `only a package that the program uses has it. Run \`${command} pulumi-proxies-sx\` there.`;
    for (const make of [port, fleet]) expect(make).toThrow(new pulumi.RunError(text));
  });

  it("the error for an inline program of the Automation API names the folder of its process", () => {
    process.argv = ["node", "/srv/platform.js"];
    jest.spyOn(process, "cwd").mockReturnValue(join(folder, "program"));
    expect(port).toThrow(
      /^pulumi-proxies-sx: for an inline program .*the folder of the process, .*program, .*Run `npm install pulumi-proxies-sx` there, or start the process in a folder that has it\.$/,
    );
  });

  it("under mocks nothing is said: a program's unit tests run from anywhere", () => {
    jest.mocked(pulumi.runtime.getEngine).mockReturnValue(undefined);
    pulumi.runtime.setAllConfig({ [KEY]: "psx_canary" });
    expect(port).not.toThrow();
    expect(warned).toEqual([]);
  });
});

it.each([
  ["0.0.1", [expect.stringMatching(/^pulumi-proxies-sx is installed twice: .* \d+\.\d+\.\d+, the engine 0\.0\.1, /)]],
  [version, []],
])("where the engine finds version %s, a run has these warnings, once: %j", (found, said) => {
  installIn(folder, found);
  port();
  port("b");
  expect(warned).toEqual(said);
});

describe("a key that is no secret", () => {
  beforeEach(() => installIn(folder));

  it.each([
    ["a resource", () => port()],
    ["a function", () => proxies.getPorts({ provider: "none" as never }).catch(() => undefined)],
  ])("is reported once a run, with the command to correct it and without the key: by %s", async (_what, begin) => {
    pulumi.runtime.setAllConfig({ [KEY]: "psx_canary" }, []);
    await begin();
    port("again");
    expect(warned).toEqual([
      expect.stringMatching(/^proxies-sx:apiKey is no secret .*`pulumi config set --secret proxies-sx:apiKey`/),
    ]);
    expect(warned[0]).not.toMatch(/canary|\n/);
    run = {};
    port("of-another-run");
    expect(warned).toHaveLength(2);
  });

  it.each([
    ["a secret one", { [KEY]: "psx_canary" }, [KEY]],
    ["none, as with the environment's", {}, []],
  ])("is no matter for %s", (_what, config, secrets) => {
    pulumi.runtime.setAllConfig(config, secrets);
    port();
    expect(warned).toEqual([]);
  });
});

describe("settings of the stack", () => {
  beforeEach(() => installIn(folder));
  const said = (config: Record<string, string>, make: () => unknown = port): string => {
    pulumi.runtime.setAllConfig(config);
    try {
      make();
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  const ALL = "apiKey, apiUrl, rpcUrl, walletPayees, walletDailyBudget, walletMainnet, host";

  it.each([
    ["apikey", "apiKey"],
    ["walletDailyBugdet", "walletDailyBudget"],
    ["hosst", "host"],
  ])("a name that nothing reads is refused with the one that was meant: %s", (name, meant) => {
    expect(said({ [`proxies-sx:${name}`]: "canary" })).toBe(
      `proxies-sx:${name}: is not a setting. Did you mean "${meant}"? There are ${ALL}. ` +
        `Take it out by \`pulumi config rm proxies-sx:${name}\`.`,
    );
  });

  it.each<[string, () => unknown]>([
    ["a fleet", fleet],
    ["an account", () => new proxies.Account("a", { apiKey: "psx_canary" })],
    ["a lease", () => new proxies.X402Lease("a", { country: "DE", duration: "1h", trafficGB: 1 } as never)],
    ["a function", () => proxies.getPortsOutput()],
  ])("by %s too, with either host", (_what, make) => {
    for (const host of ["dynamic", "plugin"]) {
      run = {};
      expect(said({ "proxies-sx:budget": "canary", "proxies-sx:host": host }, make)).toMatch(
        /^proxies-sx:budget: is not a setting\. There are /,
      );
    }
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ walletKey: "canary" }, /^proxies-sx:walletKey: a wallet's key does not belong into the stack.*AGENT_WALLET_KEY/],
    [{ walletDailyBudget: "canary" }, /^proxies-sx:walletDailyBudget .*: is no amount of USDC; give one such as "20"/],
    [{ walletDailyBudget: "" }, /^proxies-sx:walletDailyBudget .*: is no amount of USDC/],
    [{ walletMainnet: "canary" }, /^proxies-sx:walletMainnet .*: give "true" or "false"\.$/],
    [{ rpcUrl: "canary" }, /^proxies-sx:rpcUrl /],
    [{ "canary\u001b": "1" }, /^proxies-sx: one has a name that no setting has\. .*`pulumi config rm`\.$/],
  ])("also without a lease, %j is refused without its value", (settings, why) => {
    const config = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`proxies-sx:${name}`, value]));
    expect(said(config)).toMatch(why);
    expect(said(config)).not.toContain("canary");
  });

  it("all that exist are taken, those that the engine reads, and those of other namespaces", () => {
    const all = { apiKey: "psx_1", apiUrl: "http://127.0.0.1:9", walletDailyBudget: "7.50", walletMainnet: "true" };
    const more = { walletPayees: `0x${"1".repeat(40)}`, rpcUrl: "https://node", host: "dynamic", version: "1.2.3" };
    const config = Object.entries({ ...all, ...more }).map(([name, value]) => [`proxies-sx:${name}`, value]);
    const others = { "app:walletDailyBugdet": "1", "proxies-sx2:x": "1" };
    expect(said({ ...(Object.fromEntries(config) as object), ...others })).toBe("");
  });

  it("a project of that name keeps settings of its own, unless they are near to one", () => {
    jest.spyOn(pulumi.runtime, "getProject").mockReturnValue("proxies-sx");
    expect(said({ "proxies-sx:team": "scrapers" })).toBe("");
    run = {};
    expect(said({ "proxies-sx:walletDailyBugdet": "1" })).toMatch(/Did you mean "walletDailyBudget"/);
  });
});

it.each([
  ["18.20.8", ["Node.js 18 is too old for pulumi-proxies-sx: use 20 or later."]],
  ["20.0.0", []],
  ["100.1.0", []],
])("on Node.js %s it says %j", (node, said) => {
  installIn(folder);
  const { versions } = process;
  Object.defineProperty(process, "versions", { value: { ...versions, node }, configurable: true });
  try {
    port();
    port("b");
    expect(warned).toEqual(said);
  } finally {
    Object.defineProperty(process, "versions", { value: versions, configurable: true });
  }
});
