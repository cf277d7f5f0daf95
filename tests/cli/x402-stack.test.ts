import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x402Command } from "../../cli/commands/x402";
import { type Emulator, startEmulator } from "../../emulator";
import { PAYER } from "../api/x402/rented";
import { hearing } from "./terminal";

/** A test key that everybody knows: that of PAYER. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator();
  emulator.control.x402.faucet(PAYER);
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** A `pulumi` whose stacks have this configuration; a secret one is the last line. */
function pulumi(config: Record<string, string>, secret?: string): void {
  const told = Object.entries(config).map(([name, value]) => [`proxies-sx:${name}`, { value, secret: false }]);
  const all = secret === undefined ? told : [...told, ["proxies-sx:rpcUrl", { secret: true }]];
  writeFileSync(join(folder, "config.json"), JSON.stringify(Object.fromEntries(all)));
  const lines = ["#!/bin/sh", `case "$*" in "config --json"*) cat ${folder}/config.json ;; *) ${secret} ;; esac`];
  writeFileSync(join(folder, "pulumi"), lines.join("\n"));
  chmodSync(join(folder, "pulumi"), 0o755);
}

async function run(argv: string[], env: NodeJS.ProcessEnv = {}) {
  const path = { PATH: `${folder}:${process.env.PATH}`, PROXIES_SX_JOURNAL_DIR: join(folder, "journal") };
  const terminal = hearing({ ...path, AGENT_WALLET_KEY: KEY, PROXIES_API_URL: "http://127.0.0.1:9", ...env });
  const code = await x402Command(argv, terminal);
  return { code, ...terminal.said };
}
const OF_STACK = (): string[] => ["--stack", "dev", "--cwd", folder];

it.each([
  [["quote", "--country=DE"], 0, "asking"],
  [["wallet"], 0, "a node of base-sepolia"],
  [["sessions"], 1, "has no active session"],
  [["adopt"], 1, "has no active session"],
  [["receipts"], 1, "remembers no payment at"],
  [["claims"], 0, "is open"],
])("%j asks the API of the stack", async (argv, code, said) => {
  pulumi({ apiUrl: emulator.url });
  const told = await run([...argv, ...OF_STACK()]);
  expect([told.code, told.err]).toEqual([code, expect.stringContaining(said) as string]);
  expect(told.err).not.toContain("127.0.0.1:9\n");
});

it("the stack's node comes before the environment's, and a key in its URL is not shown", async () => {
  pulumi({ apiUrl: emulator.url }, `echo ${emulator.url}/rpc?key=canaryCanary`);
  const { code, err } = await run(["wallet", ...OF_STACK()], { PROXIES_RPC_URL: "http://127.0.0.1:9" });
  expect(err).toContain(`asking ${new URL(emulator.url).host}`);
  expect(err).not.toContain("canary");
  expect(code).toBe(0);
});

it("--api-url comes before the stack", async () => {
  pulumi({ apiUrl: "http://127.0.0.1:10" });
  expect((await run(["quote", "--country=DE", ...OF_STACK(), "--api-url", emulator.url])).code).toBe(0);
});

it.each<[string, () => void, string[], RegExp]>([
  [
    "a URL that is none",
    () => pulumi({ apiUrl: "http://vendor.example" }),
    OF_STACK(),
    /: stack dev: .*HTTP is allowed for localhost only/,
  ],
  ["a budget", () => pulumi({ walletDailyBudget: "much" }), OF_STACK(), /proxies-sx:walletDailyBudget .*is no amount/],
  [
    "a secret",
    () => pulumi({}, "echo no passphrase >&2; exit 1"),
    OF_STACK(),
    /of stack dev cannot be read: .*passphrase/,
  ],
  ["a folder without a stack", () => undefined, ["--cwd", "."], /--cwd goes with --stack only$/],
])("refuses %s in one line", async (_what, given, argv, why) => {
  given();
  const { code, out, err } = await run(["receipts", ...(argv.length > 2 ? OF_STACK() : argv)]);
  expect([code, out, err.trimEnd()]).toEqual([2, "", expect.stringMatching(why)]);
});
