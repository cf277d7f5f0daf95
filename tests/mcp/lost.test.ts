import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { Audit } from "../../mcp/guards/audit";
import { accountFolder } from "../../provider/run/account-folder";
import { type Agent, agentAt, EVERY_GROUP } from "./agent";

let emulator: Emulator;
let folder: string;
const agents: Agent[] = [];
beforeAll(async () => (emulator = await startEmulator({ port: 0 })));
beforeEach(() => {
  emulator.control.reset();
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"));
});
afterEach(async () => {
  for (const one of agents.splice(0)) await one.leave();
  rmSync(folder, { recursive: true });
});
afterAll(() => emulator.close());

async function agent(): Promise<Agent> {
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  const one = await agentAt(emulator, EVERY_GROUP);
  agents.push(one);
  return one;
}

const ORDER = { countryId: "69276bf1f547dfc948699263", type: "shared" };
const accountsFolder = (): string => accountFolder({ apiKey: emulator.apiKey, apiUrl: emulator.url });

describe.each([
  ["a cut connection", { cut: "after" }],
  ["a gateway's page", { status: 502, commit: true, body: "<html>Bad Gateway</html>" }],
  ["half an answer", { truncate: true }],
] as const)("an answer that is lost by %s", (_, fault) => {
  it("a port is bought once, and reported", async () => {
    emulator.control.addFault({ method: "POST", path: "/ports", times: 1, ...fault });
    const one = await agent();
    const { isError, data } = await one.call("create_port", ORDER);
    expect(isError).toBe(false);
    expect(emulator.control.ports().map(({ _id }) => _id)).toEqual([(data.port as { id: string }).id]);
  });

  it("traffic and slots are bought once, and reported", async () => {
    emulator.control.addFault({ method: "POST", path: "/billing/*", times: 2, ...fault });
    const one = await agent();
    expect(await one.call("purchase_shared_traffic", { quantityGB: 3 })).toMatchObject({
      isError: false,
      data: { settledBy: "account" },
    });
    expect(await one.call("purchase_private_slots", { quantity: 2 })).toMatchObject({
      isError: false,
      data: { settledBy: "account" },
    });
    const { balance } = (await one.call("get_account_summary")).data;
    expect(balance).toBe(1_000 - 3 * 4 - 2 * 20);
  });
});

it("a delete whose answer was lost is reported as such, and not as undone", async () => {
  const { id: portId } = emulator.control.buyPort({ country: "DE" });
  emulator.control.addFault({ method: "DELETE", path: "/ports/*", cut: "after", times: 1 });
  const one = await agent();
  expect((await one.call("delete_port", { portId })).text).toContain("An answer was lost, so it is not known");
  expect(new Audit(accountsFolder()).calls()).toMatchObject([{ tool: "delete_port", end: { outcome: "done" } }]);
});

it("two calls of the same are two ports", async () => {
  const one = await agent();
  const both = await Promise.all([one.call("create_port", ORDER), one.call("create_port", ORDER)]);
  expect(new Set(both.map(({ data }) => (data.port as { id: string }).id)).size).toBe(2);
  await one.leave();
  const two = await agent();
  expect((await two.call("create_port", ORDER)).text).toMatch(/^Bought/);
  expect(emulator.control.ports()).toHaveLength(3);
});

it("a call that its client gave up on is reported to the same call again", async () => {
  const one = await agent();
  emulator.control.addFault({ method: "POST", path: "/ports", latencyMs: 600, times: 1 });
  const given = { name: "create_port", arguments: ORDER };
  await expect(one.client.callTool(given, { timeout: 300 })).rejects.toThrow("timed out");
  expect((await one.call("create_port", ORDER)).text).toMatch(/^Nothing was bought now\. /);
  expect(emulator.control.ports()).toHaveLength(1);
});

it("a rotation whose answer was lost is reported, and again to who asks for the same; it is not done twice by itself", async () => {
  const { id: portId } = emulator.control.buyPort({ country: "DE" });
  emulator.control.addFault({ method: "POST", path: "/ports/*/rotate", cut: "after", times: 1 });
  const one = await agent();
  const lost = await one.call("rotate_port", { portId });
  expect(lost).toMatchObject({ isError: true });
  emulator.control.clock.advance("5m");
  const again = await one.call("rotate_port", { portId });
  expect(again.text).toContain("Note: an earlier call of the same was left open");
  expect(again.text).toContain("It may have been carried out as well");
  emulator.control.clock.advance("5m");
  expect((await one.call("rotate_port", { portId })).text).not.toContain("Note:");
});

it("a server reports at its start what an earlier one left open", async () => {
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  const left = new Audit(accountsFolder());
  left.begin({ tool: "close_ticket", args: { ticketId: "abc" } });
  // Of a process that is not there any more.
  writeFileSync(
    left.file,
    readFileSync(left.file, "utf8").replace(/"pid":\d+,"run":"[^"]+"/, '"pid":99999999,"run":"x"'),
  );
  const one = await agent();
  expect(one.terminal.said.err).toMatch(
    /left open by an earlier server: close_ticket\(\{"ticketId":"abc"\}\) of .*, whose server was ended/,
  );
});

it("a rate limit is waited for where that is short, and reported where it is long", async () => {
  const one = await agent();
  emulator.control.addFault({ path: "/account/summary", status: 429, retryAfter: 0, times: 2 });
  expect(await one.call("get_account_summary")).toMatchObject({ isError: false });
  emulator.control.addFault({ path: "/account/summary", status: 429, retryAfter: 3_600, times: 1 });
  expect(await one.call("get_account_summary")).toMatchObject({
    isError: true,
    data: { error: { code: "rate_limited" } },
  });
});
