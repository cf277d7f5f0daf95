import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planCommand } from "../../cli/commands/plan";
import { type Emulator, startEmulator } from "../../emulator";
import { type Limits } from "../../review/limits";
import { hearing, withoutSource } from "../cli/terminal";
import { recordedText, recording } from "./recordings";

let emulator: Emulator;
let folder: string;
beforeEach(async () => {
  emulator = await startEmulator();
  emulator.control.clock.set("2026-03-01T01:00:00Z");
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-plan-"));
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

function limits(value: Limits): string {
  const file = join(folder, "limits.json");
  writeFileSync(file, JSON.stringify(value));
  return file;
}

async function plan(argv: string[], { key = emulator.apiKey, input = "" } = {}) {
  const terminal = hearing({ PROXIES_API_KEY: key, PROXIES_API_URL: emulator.url, PATH: "" }, { input });
  const code = await planCommand(argv, terminal);
  return { code, ...terminal.said, err: withoutSource(terminal.said.err) };
}

it("a file, or standard input, with the account's numbers", async () => {
  const fromFile = await plan([recording("fresh-fleet")]);
  expect(fromFile.code).toBe(0);
  expect(fromFile.out).toMatch(/^test\/dev: 4 ports to buy\n/);
  expect(fromFile.out).toMatch(/shared +50 +0 +50 +4 +0 +0 +46\n/);
  expect(fromFile.out).toMatch(/together +0\.00 +40\.00 and 1 unknown +\+40\.00 and 1 unknown\n/);
  expect((await plan(["-"], { input: recordedText("fresh-fleet") })).out).toBe(fromFile.out);
});

it("without a key it shows what the preview says, and why not more", async () => {
  const { code, out } = await plan([recording("release-some")], { key: "" });
  expect(code).toBe(0);
  expect(out.match(/no API key is set/g)).toHaveLength(1);
  expect(out).toMatch(/Not known\nCost of 30 days, Slots, Traffic of the account: no API key is set$/m);
  expect(out).not.toMatch(/\b0\.00\b|unknown/);
});

it("a key that may read little leaves out little", async () => {
  const key = emulator.control.keys.addKey(["ports:read"]);
  const { code, out } = await plan([recording("fresh-fleet")], { key });
  expect(code).toBe(0);
  expect(out).toMatch(/shared slots \(0 → 4\) +0\.00 +40\.00 +\+40\.00\n/);
  expect(out).toMatch(/Not known\nSlots.*: GET .*403/);
  expect(out).not.toMatch(/shared +unknown/);
});

it.each([
  [{ maxPorts: 4 }, 0],
  [{ maxPorts: 3 }, 1],
  [{ minFreeSlots: 47 }, 1],
  [{ maxMonthlyCost: 40 }, 0],
  [{ maxMonthlyCost: 39 }, 1],
])("limits %j end with %i", async (value, code) => {
  const run = await plan([recording("fresh-fleet"), "--limits", limits(value), "--markdown"]);
  expect(run.code).toBe(code);
  expect(run.out.includes("**Limits that do not hold**")).toBe(code === 1);
});

it("a limit that nobody could check blocks, unless that is allowed", async () => {
  const argv = [recording("fresh-fleet"), "--limits", limits({ minFreeSlots: 1 })];
  expect((await plan(argv, { key: "" })).code).toBe(1);
  const allowed = await plan([...argv, "--allow-unchecked"], { key: "" });
  expect([allowed.code, allowed.out]).toEqual([0, expect.stringContaining("Limits that could not be checked:")]);
});

it("a preview that failed is shown, and fails", async () => {
  const { code, out } = await plan([recording("refused"), "--markdown"]);
  expect(code).toBe(3);
  expect(out).toContain(
    "**The preview failed**\n\n- `pulumi-nodejs:dynamic/proxies-sx:Port resource 'lost' has a problem",
  );
});

it.each<[string[], number, RegExp]>([
  [[], 2, /give either a file with a preview, - for standard input, or --stack NAME/],
  [["a", "--stack", "dev"], 2, /give either/],
  [["a", "b"], 2, /plan takes one preview/],
  [["-", "--json", "--markdown"], 2, /exclude each other/],
  [["a", "--refresh"], 2, /--refresh needs --stack/],
  [["a", "--cwd", "b"], 2, /--cwd goes with --stack only/],
  [["-", "--limits", "nowhere.json"], 2, /--limits nowhere\.json: it cannot be read \(ENOENT\)/],
  [["-", "--limits", __filename], 2, /plan-command\.test\.ts/],
  [["nowhere.json"], 3, /the preview nowhere\.json cannot be read \(ENOENT\)/],
  [["--stack", "dev"], 3, /pulumi is not on the PATH/],
  [["--stack", "dev", "--cwd", "/nowhere"], 3, /--cwd \/nowhere is no folder/],
])("%j ends with %i and one line", async (argv, expected, message) => {
  const { code, out, err } = await plan(argv);
  expect([code, out]).toEqual([expected, ""]);
  expect(err).toMatch(message);
  expect(err.trim().split("\n")).toHaveLength(1);
});

it("no secret is printed, in any form, wherever the preview has it in clear", async () => {
  const canaries = ["canary-password-77", 'canary "quoted" 78', "canary-token-79", "canary-config-80"];
  const urn = (type: string, name: string): string =>
    `urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:${type}::${name}`;
  const port = urn("Port", `port ${canaries[0]}`);
  const login = urn("Credentials", "login");
  const text = JSON.stringify({
    config: { "app:apiKey": canaries[3], "proxies-sx:apiKey": emulator.apiKey },
    diagnostics: [
      { severity: "error", message: `error: it said ${canaries.join(", ")} and ${emulator.apiKey}\n at x` },
    ],
    steps: [
      {
        op: "create",
        urn: port,
        newState: { urn: port, inputs: { country: canaries[2], expiresIn: canaries[1], slotType: "shared" } },
      },
      {
        op: "update",
        urn: login,
        oldState: { urn: login, inputs: { proxyPassword: canaries[0] }, outputs: { rotationToken: canaries[2] } },
        newState: { urn: login, inputs: { proxyPassword: canaries[1] }, propertyDependencies: { port: [port] } },
      },
    ],
  });
  const file = limits({ noPasswordInCode: true, countries: ["DE"], maxLease: "1d" });
  for (const format of [[], ["--markdown"], ["--json"]]) {
    const { out, err } = await plan(["-", "--limits", file, ...format], { input: text });
    const said = out + err;
    expect(said).toContain("login");
    if (format[0] === "--json") expect(JSON.parse(out)).toMatchObject({ project: "test", ports: [{ does: "buy" }] });
    for (const canary of [...canaries, emulator.apiKey]) {
      expect(said).not.toContain(canary);
      expect(said).not.toContain(JSON.stringify(canary).slice(1, -1));
    }
  }
});

it.each([
  { "app:rotatePasswords": "true", "app:tokenTtl": "86400" },
  { "app:tokenKind": "ports", "app:tokenPool": "shared", "app:tokenOf": "proxies-sx", "app:tokenUse": "unknown" },
  { "app:tokenDoes": "keep", "app:tokenLimit": "maxPorts", "app:tokenStack": "test/dev", "app:token": '": ' },
  { "app:passwordRules": '": {', "app:secretMark": "<!-- proxies-sx plan" },
])("a plain setting with a secret's name, %j, breaks no format", async (settings) => {
  const whole = JSON.parse(recordedText("mixed")) as { config: object };
  const input = JSON.stringify({ ...whole, config: { ...whole.config, ...settings } });
  const as = async (format: string) => (await plan(["-", format, "--limits", limits({ maxPorts: 5 })], { input })).out;
  const deeds = (text: string) => (JSON.parse(text) as { ports: { does: string }[] }).ports.map(({ does }) => does);
  const expected = (await plan([recording("mixed"), "--json"])).out;
  expect(deeds(await as("--json"))).toEqual(deeds(expected));
  expect(JSON.parse(await as("--json"))).toMatchObject({ slots: [{ slotType: "shared" }, { slotType: "private" }] });
  expect(await as("--markdown")).toMatch(
    /^<!-- proxies-sx plan test\/dev -->\n\n### proxies\.sx `test\/dev`: 1 port to buy, /,
  );
});

it("what it prints as JSON is all of it", async () => {
  const { out } = await plan([recording("mixed"), "--json"]);
  const parsed = JSON.parse(out) as Record<string, unknown>;
  expect(Object.keys(parsed)).toEqual(
    expect.arrayContaining(["ports", "settings", "slots", "stock", "traffic", "cost"]),
  );
});
