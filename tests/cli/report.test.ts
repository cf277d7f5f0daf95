import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportCommand } from "../../cli/commands/report";
import { type Emulator, startEmulator } from "../../emulator";
import { type FleetSnapshot, had } from "../../dashboard/fleet";
import { typeOf } from "../../domain/kinds";
import { PAYER, rented } from "../api/x402/rented";
import { exported, heldPort } from "./exported";
import { hearing, withoutSource } from "./terminal";

const MAKE_FIFO = "mkfifo";
const LEASE_TYPE = typeOf("X402Lease");

let emulator: Emulator;
let folder: string;
let output: string;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset({ devicesPerCarrier: { shared: 60 } });
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  output = join(folder, "fleet.html");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function report(argv: string[], apiKey = emulator.apiKey) {
  const terminal = hearing({ PROXIES_API_KEY: apiKey, PROXIES_API_URL: emulator.url });
  const code = await reportCommand(argv, terminal);
  expect(terminal.said.out + terminal.said.err).not.toContain(emulator.apiKey);
  return { code, ...terminal.said, err: withoutSource(terminal.said.err) };
}

async function data(...argv: string[]): Promise<FleetSnapshot> {
  expect((await report(["-o", output, "--json", ...argv])).code).toBe(0);
  return JSON.parse(readFileSync(output, "utf8")) as FleetSnapshot;
}

function save(file: string, ...ports: Parameters<typeof heldPort>[]): string {
  const path = join(folder, file);
  writeFileSync(path, exported(ports.map((port) => heldPort(...port))));
  return path;
}

it("shows of leases that a wallet pays for nothing that a stranger could use", async () => {
  const { id = "", token: sessionToken = "" } = await rented(emulator);
  const outputs = {
    ...{ sessionId: id, sessionToken, country: "DE", tier: "shared", network: "base-sepolia", status: "active" },
    ...{ expiresAt: "2999-01-01T00:00:00.000Z", password: "canaryPassword", trafficAllocatedGB: 9 },
    receipts: [{ amount: "4.00", tx: "0xcanaryTransaction" }, { amount: "0.50" }],
  };
  const urn = `urn:pulumi:dev::shop::${LEASE_TYPE}::scraper`;
  const path = join(folder, "dev.json");
  writeFileSync(path, exported([{ urn, type: LEASE_TYPE, id, outputs }]));
  const fleet = await data("--state", path);
  expect(had(fleet.wallet)).toEqual([
    {
      ...{ name: "scraper", session: id.slice(-6), country: "DE", tier: "shared", network: "base-sepolia" },
      ...{ status: "active", allocatedGB: 1, remainingGB: 1, paidUSDC: "4.50", payments: 2 },
      expiresAt: expect.any(Number) as number,
    },
  ]);
  const text = readFileSync(output, "utf8");
  for (const secret of [id, sessionToken, "canary", PAYER]) expect(text).not.toContain(secret);
  expect((await data("--force")).wallet).toBeUndefined();
});

it("writes one file, over an older one where that is asked for, and says what is in it", async () => {
  emulator.control.buyPort();
  for (const live of [1, 2]) {
    expect(await report(["--output", output, ...(live === 2 ? ["--force"] : [])])).toEqual({
      code: 0,
      out: "",
      err: `${output}: ${live} live port${live === 1 ? "" : "s"}\n`,
    });
    expect(readFileSync(output, "utf8")).toMatch(/^<!doctype html>/);
    emulator.control.buyPort();
  }
  expect(await report(["--output", output])).toMatchObject({
    code: 2,
    err: expect.stringContaining("--force") as string,
  });
});

it("knows from states who holds a port, when it is renewed, and what nobody holds", async () => {
  const [a, b, orphan] = [0, 1, 2].map(() => emulator.control.buyPort().id) as [string, string, string];
  const renewAt = "2030-01-01T00:00:00.000Z";
  const dev = save("dev.json", ["first", a, { outputs: { portId: a, renewAt } }]);
  const prod = save("prod.json", ["second", b], ["lost", "b".repeat(24)]);
  const { ports, managed } = await data("--state", dev, "--state", prod);
  expect(had(ports)).toMatchObject([
    { id: a, heldBy: "first in dev.json", renewAt: Date.parse(renewAt) },
    { id: b, heldBy: "second in prod.json", renewAssumed: true },
    { id: orphan },
  ]);
  expect(had(managed)).toEqual({
    states: [
      { name: "dev.json", holds: 1 },
      { name: "prod.json", holds: 1 },
    ],
    orphans: [orphan],
    referenced: [],
    missing: [{ id: "b".repeat(24), by: "lost in prod.json", leaving: false }],
    pending: [],
  });
  expect(readFileSync(output, "utf8")).not.toContain(folder);
});

it("names no state where there is one only", async () => {
  const { id } = emulator.control.buyPort();
  const { ports } = await data("--state", save("dev.json", ["first", id]));
  expect(had(ports)).toMatchObject([{ heldBy: "first" }]);
});

it("reports its progress where it reads many histories", async () => {
  for (let at = 0; at < 50; at++) emulator.control.buyPort();
  expect((await report(["-o", output])).err.split("\n").slice(0, 4)).toEqual(
    [13, 26, 39, 50].map((done) => `histories of rotations: ${done} of 50`),
  );
  expect((await report(["-o", output, "--histories", "0"])).err).not.toContain("histories");
});

it("a part that is refused is left out, with a word", async () => {
  emulator.control.buyPort();
  const { code, err } = await report(["-o", output], emulator.control.keys.addKey(["ports:read"]));
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/1 live port\nleft out, account: .*account:read.*\nleft out, usage: .*traffic:read/),
  ]);
});

it("ports that could not be listed are not counted as none", async () => {
  emulator.control.addFault({ path: "/v1/ports", status: 403 });
  const { code, err } = await report(["-o", output]);
  expect([code, err]).toEqual([0, expect.stringMatching(/: ports not known\nleft out, ports: /)]);
});

it.each([
  ["no file", [], "--output FILE"],
  ["an option that it does not know", ["-o", "x", "--what"], "--what"],
  ["a number that is none", ["-o", "x", "--histories", "many"], "--histories"],
  ["a folder that is not there", ["-o", "/nowhere/at/all/x.html"], "cannot be written (ENOENT)"],
])("wrong usage exits 2: %s", async (_, argv, why) => {
  expect(await report(argv)).toEqual({ code: 2, out: "", err: expect.stringContaining(why) as string });
});

it("without a key it exits 2", async () => {
  expect((await report(["-o", output], "")).code).toBe(2);
});

it.each([
  ["nothing can be read", [], "psx_nobody_knows_it", "401"],
  ["a state cannot be read", ["--state", "/nowhere/x.json"], undefined, "cannot be read"],
])("where %s it exits 3 and writes nothing", async (_, argv, key, why) => {
  const { code, err } = await report(["-o", output, ...argv], key);
  expect([code, err, existsSync(output)]).toEqual([3, expect.stringContaining(why), false]);
});

it("--help names the exit codes", async () => {
  expect(await report(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("Exit code: 0") as string });
});

it("writes not through a link, but in its place where that is asked for", async () => {
  const victim = join(folder, "victim");
  writeFileSync(victim, "mine");
  symlinkSync(victim, output);
  const refused = `proxies-sx report: --output ${output}: it exists already; add --force to replace it\n`;
  expect(await report(["-o", output])).toMatchObject({ code: 2, err: refused });
  expect(await report(["-o", output, "--force"])).toMatchObject({ code: 0 });
  expect(readFileSync(victim, "utf8")).toBe("mine");
  expect(lstatSync(output).isFile()).toBe(true);
});

it("neither writes into a FIFO nor takes its place", async () => {
  execFileSync(MAKE_FIFO, [output]);
  const refused = `proxies-sx report: --output ${output}: it is not a regular file\n`;
  expect(await report(["-o", output, "--force"])).toMatchObject({ code: 2, err: refused });
  expect(lstatSync(output).isFIFO()).toBe(true);
});
