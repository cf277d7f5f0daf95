import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { Audit } from "../../mcp/guards/audit";
import { accountFolder } from "../../provider/run/account-folder";
import { KEY, PAYER } from "../lifecycle/x402-keys";
import { type Agent, agentAt } from "./agent";

const ORDER = { country: "DE", traffic_gb: 1, duration_hours: 24, network: "base-sepolia" };

let emulator: Emulator;
let folder: string;
const env = { ...process.env };
const agents: Agent[] = [];
beforeAll(async () => (emulator = await startEmulator({ port: 0 })));
beforeEach(() => {
  emulator.control.reset();
  emulator.control.x402.faucet(PAYER);
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"));
});
afterEach(async () => {
  for (const one of agents.splice(0)) await one.leave();
  rmSync(folder, { recursive: true });
});
afterAll(async () => {
  process.env = env;
  await emulator.close();
});

async function agent(...argv: string[]): Promise<Agent> {
  const wallet = { AGENT_WALLET_KEY: KEY, PROXIES_RPC_URL: `${emulator.url}/rpc`, PROXIES_SX_JOURNAL_DIR: folder };
  Object.assign(process.env, wallet);
  const one = await agentAt(emulator, argv, wallet);
  agents.push(one);
  return one;
}

const allowed = (usd: string): string[] => ["--allow", "wallet", "--max-spend", usd];
const spent = (): number => 100 - Number(emulator.control.x402.balance(PAYER));

it("rents a proxy, shows no secret of it, and keeps within --max-spend over restarts", async () => {
  const one = await agent(...allowed("10"));
  const { isError, text, data } = await one.call("x402_get_proxy", ORDER);
  expect([isError, text]).toEqual([
    false,
    expect.stringMatching(/^Rented for \d+\.\d\d USDC\. Session \S+ is active\./),
  ]);
  expect(data).toMatchObject({ session: { proxy: { username: "[secret]", password: "[secret]" }, token: "[secret]" } });
  const cost = spent();
  expect(cost).toBeGreaterThan(0);
  await one.leave();
  const two = await agent(...allowed(String(cost)));
  expect((await two.call("x402_get_proxy", ORDER)).text).toMatch(/^refused: it costs /);
  expect(spent()).toBe(cost);
});

it("what was paid and not delivered is claimed by the same call; another call is another proxy", async () => {
  emulator.control.addFault({ path: "/x402/proxy", paid: true, cut: "after", times: 1 });
  const one = await agent(...allowed("50"));
  const first = await one.call("x402_get_proxy", ORDER);
  const cost = spent();
  const second = await one.call("x402_get_proxy", ORDER);
  expect([first.text, second.text].map((text) => /^Rented/.test(text))).toEqual([true, true]);
  expect(spent()).toBe(2 * cost);
  const ids = [first, second].map(({ data }) => (data.session as { id: string }).id);
  expect(new Set(ids).size).toBe(2);
});

describe("two proxies of one order, whose server was killed, are each given to the same call again, within the cap", () => {
  it.each([
    ["before its answers", 2],
    ["before its answer to the first, and while it bought the second", 1],
  ])("%s", async (_, ended) => {
    const one = await agent(...allowed("50"));
    const both = await Promise.all([one.call("x402_get_proxy", ORDER), one.call("x402_get_proxy", ORDER)]);
    const cost = spent();
    await one.leave();
    killedAfter(ended);
    const two = await agent(...allowed(String(cost)));
    const again = [await two.call("x402_get_proxy", ORDER), await two.call("x402_get_proxy", ORDER)];
    expect(again.map(({ isError, text }) => [isError, text])).toEqual([
      [false, expect.stringMatching(/^An earlier call had rented it /)],
      [false, expect.stringContaining("Session") as string],
    ]);
    const idsOf = (answers: readonly { data: Record<string, unknown> }[]) =>
      answers.map(({ data }) => (data.session as { id: string }).id);
    expect(idsOf(again)).toEqual(idsOf(both));
    expect(spent()).toBe(cost);
  });
});

/** As the audit file is where a server was killed after some of its writes, and nobody surely read its answers. */
function killedAfter(writes: number): void {
  const file = new Audit(accountFolder({ apiKey: emulator.apiKey, apiUrl: emulator.url })).file;
  const lines = readFileSync(file, "utf8").split("\n");
  let ended = 0;
  const left = lines.filter((line) => {
    if (line.includes("isAnswered")) return false;
    return !line.includes('"what":"ended"') || ++ended <= writes;
  });
  writeFileSync(file, left.join("\n").replaceAll(/"run":"[^"]+"/g, '"run":"another"'));
}

it("of two servers that rent the same at once, the second one says so, and rents another proxy afterwards", async () => {
  const [one, two] = [await agent(...allowed("50")), await agent(...allowed("50"))];
  emulator.control.addFault({ path: "/x402/proxy", latencyMs: 3_000, times: 1 });
  const first = one.call("x402_get_proxy", ORDER);
  while (!readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith("audit.jsonl")))
    await new Promise((resolve) => setImmediate(resolve));
  const second = await two.call("x402_get_proxy", ORDER);
  expect([second.isError, second.text]).toEqual([
    true,
    expect.stringContaining("another server is buying the same now"),
  ]);
  const rented = [await first, await two.call("x402_get_proxy", ORDER)];
  expect(new Set(rented.map(({ data }) => (data.session as { id: string }).id)).size).toBe(2);
});

it("without a wallet nothing is reserved", async () => {
  delete process.env.AGENT_WALLET_KEY;
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  const one = await agentAt(emulator, allowed("50"), { PROXIES_SX_JOURNAL_DIR: folder });
  agents.push(one);
  expect((await one.call("x402_get_proxy", ORDER)).text).toContain("no wallet key is set");
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes("audit"))).toEqual([]);
});

it("real money is refused on this machine, and nothing is reserved for it", async () => {
  const one = await agent(...allowed("50"));
  expect((await one.call("x402_get_proxy", { ...ORDER, network: "base" })).text).toContain("is real money");
  expect(await one.call("x402_get_proxy", ORDER)).toMatchObject({ isError: false });
  expect(one.written()).not.toContain(KEY.slice(2));
});

it("without a network it pays on the test network where the API is on this machine", async () => {
  const one = await agent(...allowed("50"));
  const { network: _, ...order } = ORDER;
  const { isError, data } = await one.call("x402_get_proxy", order);
  expect([isError, data.receipt]).toEqual([false, expect.objectContaining({ network: "base-sepolia" })]);
});
