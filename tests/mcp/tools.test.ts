import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { exported, heldPort } from "../cli/exported";
import { PAYER, rented } from "../api/x402/rented";
import { type Agent, agentAt, EVERY_GROUP } from "./agent";
import { OWN_TOOLS, VENDOR_TOOLS } from "./vendor-tools";

let emulator: Emulator;
let agent: Agent;
let folder: string;
/** Arguments by which each tool works, by what the account has. */
let good: Record<string, object>;
/** One port that no stack has, one that a stack declares. */
let free: string;
let declared: string;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0 });
  const { control } = emulator;
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"));
  [free, declared] = [control.buyPort({ country: "DE" }).id, control.buyPort({ country: "GB" }).id];
  const state = join(folder, "state.json");
  writeFileSync(state, exported([heldPort("scraper-1", declared)]));
  writeFileSync(join(folder, "index.ts"), 'new proxies.Port("scraper-1", { country: "GB", expiresIn: "30d" });\n');
  agent = await agentAt(emulator, [...EVERY_GROUP, "--show-secrets", "--state", state, "--cwd", folder]);
  const session = await rented(emulator);
  const [{ id: portId } = { id: "" }] = (await agent.call("list_x402_ports", { sessionToken: session.token })).data
    .ports as { id: string }[];
  const idOf = (answer: { data: Record<string, unknown> }, name: string) => (answer.data[name] as { id: string }).id;
  const order = (await agent.call("create_crypto_payment", { amount: 25 })).data.orderId;
  const message = "The port does not answer since this morning.";
  const ticketId = idOf(await agent.call("create_support_ticket", { subject: "No answer", message }), "ticket");
  const [{ id: countryId } = { id: "" }] = (await agent.call("list_available_countries")).data.countries as {
    id: string;
  }[];
  const ofPort = { portId: free };
  const bySession = { sessionToken: session.token };
  good = {
    get_pricing: { type: "slots", category: "shared" },
    purchase_shared_slots: { quantity: 1 },
    purchase_shared_traffic: { quantityGB: 2 },
    purchase_private_slots: { quantity: 1 },
    purchase_private_traffic: { quantityGB: 1 },
    list_ports: { type: "shared", status: "active", limit: 10 },
    get_port: ofPort,
    create_port: { countryId, type: "private", expiresInDays: 7, osFingerprint: "windows:1" },
    update_port_credentials: { ...ofPort, proxyLogin: "agent", proxyPassword: "letmein-please" },
    update_os_fingerprint: { ...ofPort, osFingerprint: "" },
    reconfigure_port: { ...ofPort, countryId },
    rotate_port: ofPort,
    check_rotation_availability: ofPort,
    configure_auto_rotation: { ...ofPort, enabled: true, intervalMinutes: 30, matchCarrier: true },
    get_rotation_history: { ...ofPort, limit: 5 },
    get_rotation_token_url: ofPort,
    get_port_status: ofPort,
    get_port_ip: ofPort,
    ping_port: ofPort,
    speed_test_port: ofPort,
    create_crypto_payment: { amount: 10 },
    check_crypto_payment_status: { orderId: order },
    cancel_crypto_payment: { orderId: order },
    list_available_countries: { isPrivate: true },
    get_proxy_connection_string: { ...ofPort, protocol: "socks5", serverHost: "proxy.example.com" },
    get_all_proxy_formats: { ...ofPort, serverHost: "proxy.example.com" },
    create_support_ticket: { subject: "Another", message, category: "billing", priority: "low" },
    get_ticket: { ticketId },
    reply_to_ticket: { ticketId, message: "It answers again." },
    close_ticket: { ticketId },
    get_x402_session: bySession,
    list_x402_ports: bySession,
    get_x402_port_status: { ...bySession, portId },
    get_sessions_by_wallet: { walletAddress: PAYER, status: "all" },
    get_session_status: { sessionId: session.id },
    explain_port: { portId: declared },
    fleet_report: { histories: 1 },
    propose_change: { file: "index.ts", resource: "scraper-1", input: "country", value: "FR" },
    delete_port: ofPort,
  };
});
afterAll(async () => {
  expect(await agent.leave()).toBe(0);
  await emulator.close();
  rmSync(folder, { recursive: true });
});

it("has the vendor's 42 tools by their names and arguments, and some beside", async () => {
  const { tools } = await agent.client.listTools();
  expect(Object.keys(VENDOR_TOOLS)).toHaveLength(42);
  expect(tools.map(({ name }) => name).sort()).toEqual([...Object.keys(VENDOR_TOOLS), ...OWN_TOOLS].sort());
  for (const [name, [required, optional]] of Object.entries(VENDOR_TOOLS)) {
    const { inputSchema } = tools.find((one) => one.name === name) ?? {};
    const { properties = {}, required: needed = [] } = inputSchema as { properties?: object; required?: string[] };
    expect([name, needed.sort(), Object.keys(properties).sort()]).toEqual([
      name,
      [...required].sort(),
      [...required, ...optional].sort(),
    ]);
  }
});

/** What only the real engine or a wallet can do: see process.test.ts and wallet.test.ts. */
const ELSEWHERE = ["plan", "x402_get_proxy"];

it("each tool answers good arguments by text and by structured content; what is marked as reading changes nothing", async () => {
  const { tools } = await agent.client.listTools();
  const names = tools.map(({ name }) => name).filter((name) => !ELSEWHERE.includes(name));
  for (const name of [...names.filter((one) => one !== "delete_port"), "delete_port"]) {
    emulator.control.clearRequests();
    const { text, data, isError } = await agent.call(name, good[name]);
    expect([name, isError, text]).toEqual([name, false, expect.stringMatching(/\S{2}/)]);
    expect(Object.keys(data).length).toBeGreaterThan(0);
    const methods = emulator.control.requests().map(({ method }) => method);
    const { readOnlyHint } = tools.find((one) => one.name === name)?.annotations ?? {};
    expect([name, readOnlyHint, methods.some((method) => method !== "GET")]).toEqual([
      name,
      readOnlyHint,
      !readOnlyHint,
    ]);
  }
});

it("bad arguments are refused, and nobody is asked", async () => {
  const { tools } = await agent.client.listTools();
  for (const { name, inputSchema } of tools) {
    const { properties = {}, required = [] } = inputSchema as { properties?: object; required?: string[] };
    const args = good[name] ?? {};
    const bad = [
      { ...args, unknown: 1 },
      ...required.map((missing) => Object.fromEntries(Object.entries(args).filter(([key]) => key !== missing))),
      ...Object.keys(properties)
        .filter((key) => key !== "value")
        .flatMap((key) => [
          { ...args, [key]: [] },
          { ...args, [key]: null },
          { ...args, [key]: -1 },
        ]),
    ];
    emulator.control.clearRequests();
    for (const one of bad) {
      const { isError, text } = await agent.call(name, one);
      expect([name, one, isError, text]).toEqual([name, one, true, expect.stringMatching(/\S/)]);
    }
    expect(emulator.control.requests()).toEqual([]);
  }
});

it("what does not exist is reported, by its kind and its id", async () => {
  const nobody = "0123456789abcdef01234567";
  for (const name of ["get_port", "get_proxy_connection_string", "get_all_proxy_formats", "get_rotation_token_url"])
    expect((await agent.call(name, { portId: nobody })).text).toBe(
      `the account has no port ${nobody}: list_ports has those that exist.`,
    );
  expect((await agent.call("explain_port", { portId: nobody })).text).toContain("neither the account nor a stack");
  expect(await agent.call("get_port_status", { portId: nobody })).toMatchObject({
    isError: true,
    data: { error: { code: "not_found" } },
  });
  for (const portId of ["../account", "a?b", "%2e%2e"]) {
    emulator.control.clearRequests();
    expect(await agent.call("delete_port", { portId })).toMatchObject({ isError: true });
    expect(emulator.control.requests()).toEqual([]);
  }
});

it("a tool that there is not is an error of the protocol, and the server lives on", async () => {
  await expect(agent.client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toThrow("no_such_tool");
  expect(await agent.call("get_os_fingerprint_options")).toMatchObject({ isError: false });
});

it("all that was written is the protocol", () => {
  for (const line of agent.written().trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  expect(agent.terminal.said.out).toBe("");
});

it("a report whose ports could not be listed does not count them as none", async () => {
  emulator.control.addFault({ path: "/v1/ports", status: 403, times: 1 });
  const { isError, text } = await agent.call("fleet_report", {});
  expect([isError, text]).toEqual([false, expect.stringMatching(/^The ports are not known: \S/)]);
});

it("a balance that the vendor leaves out is said to be so", async () => {
  emulator.control.addFault({
    method: "GET",
    path: "/account/summary",
    status: 200,
    body: { currency: "USD" },
    times: 1,
  });
  expect((await agent.call("get_account_summary")).text).toMatch(/^The balance is not reported\./);
  expect((await agent.call("get_account_summary")).text).toMatch(/^The balance is [\d.]+ USD\./);
});
