import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { type Emulator, startEmulator } from "../../emulator";
import { answerOf } from "./agent";

/** The server as clients start it: a process of its own. Two of them, and one that the inspector starts. */
const ROOT = join(__dirname, "../..");
const START = ["--require", "ts-node/register/transpile-only", join(ROOT, "cli/main.ts"), "mcp"];
const INSPECTOR = join(ROOT, "node_modules/@modelcontextprotocol/inspector-cli/build/index.js");
const ORDER = { countryId: "69276bf1f547dfc948699263", type: "shared" };

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await startEmulator({ port: 0 });
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  PROXIES_API_KEY: emulator.apiKey,
  PROXIES_API_URL: emulator.url,
  PROXIES_SX_JOURNAL_DIR: folder,
});

/** A server of its own process, by the official client's transport. */
async function started(
  argv: string[],
): Promise<{ client: Client; transport: StdioClientTransport; said: () => string }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...START, ...argv],
    env: environment(),
    cwd: ROOT,
    stderr: "pipe",
  });
  let said = "";
  transport.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport, { timeout: 250_000 });
  return { client, transport, said: () => said };
}

it("a server that is killed while it buys: the next one reports what was bought, and buys nothing", async () => {
  const allowed = ["--allow", "ports,purchases", "--max-spend", "8", "--max-ports", "1"];
  const first = await started(allowed);
  emulator.control.addFaults([
    { method: "POST", path: "/ports", hang: "after", times: 1 },
    { method: "POST", path: "/billing/purchase-traffic", hang: "after", times: 1 },
  ]);
  const struck = () => emulator.control.faults().reduce((sum, fault) => sum + fault.struck, 0);
  const lost = answerOf(first.client, "create_port", ORDER).catch((error: Error) => error);
  while (struck() < 1) await new Promise((resolve) => setTimeout(resolve, 20));
  const { pid } = first.transport;
  process.kill(pid as number, "SIGKILL");
  expect(await lost).toBeInstanceOf(Error);

  const second = await started(allowed);
  expect(second.said()).toContain("left open by an earlier server: create_port(");
  const { text, data } = await answerOf(second.client, "create_port", ORDER);
  expect(text).toMatch(
    /^An earlier call had bought it: [^]*Note: an earlier call of the same was left open[^]*nothing was bought again/,
  );
  const [bought, ...more] = emulator.control.ports();
  expect([(data.port as { id: string }).id, more]).toEqual([bought?._id, []]);

  // The same of traffic. The caps leave room for one of each.
  const unheard = answerOf(second.client, "purchase_shared_traffic", { quantityGB: 2 }).catch((error: Error) => error);
  while (struck() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  process.kill(second.transport.pid as number, "SIGKILL");
  expect(await unheard).toBeInstanceOf(Error);
  const third = await started(allowed);
  const taken = await answerOf(third.client, "purchase_shared_traffic", { quantityGB: 2 });
  expect(taken.text).toContain("An earlier call had bought: 2 GB of shared traffic");
  expect((await answerOf(third.client, "get_account_summary", {})).data.balance).toBe(1_000 - 8);
  await third.client.close();
}, 600_000);

it("a client that closes its end ends the server, and nothing but the protocol was on its output", () => {
  const hello = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "old", version: "1" } },
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, START, {
    input: `${JSON.stringify(hello)}\nthis is no JSON\n`,
    env: environment(),
    cwd: ROOT,
    encoding: "utf8",
    timeout: 250_000,
  });
  expect([status, stderr]).toEqual([0, expect.stringContaining("asking http://127.0.0.1")]);
  const lines = stdout.trim().split("\n");
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  expect(lines[0]).toContain('"protocolVersion":"2025-06-18"');
}, 300_000);

it("the inspector's command line, which has a client of its own, calls a tool", async () => {
  const argv = [
    INSPECTOR,
    process.execPath,
    ...START,
    "--method",
    "tools/call",
    "--tool-name",
    "get_os_fingerprint_options",
  ];
  // It looks for a package.json above the folder that it runs in.
  const { stdout } = await promisify(execFile)(process.execPath, argv, {
    env: environment(),
    cwd: join(ROOT, "tests"),
  });
  expect(JSON.parse(stdout)).toMatchObject({ structuredContent: { options: expect.any(Array) as unknown } });
}, 300_000);
