import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { mcpCommand } from "../../cli/commands/mcp";
import { type Emulator, startEmulator } from "../../emulator";
import { hearing } from "../cli/terminal";
import { EVERY_GROUP } from "./agent";

let emulator: Emulator;
beforeAll(async () => (emulator = await startEmulator({ port: 0 })));
afterAll(() => emulator.close());

/** A server, and a client that writes what no official one does. */
function started() {
  const { PROXIES_SX_JOURNAL_DIR } = process.env;
  const terminal = hearing({
    PROXIES_API_KEY: emulator.apiKey,
    PROXIES_API_URL: emulator.url,
    PROXIES_SX_JOURNAL_DIR,
  });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ended = mcpCommand(EVERY_GROUP, terminal, { input, output }, new AbortController().signal);
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const send = (message: object) => input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const next = async () => JSON.parse(String((await lines.next()).value)) as { id: unknown; result: unknown };
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "odd", version: "1" } };
  send({ id: 0, method: "initialize", params });
  return { terminal, input, ended, send, next };
}

it("a message of endless length ends the server, which says so", async () => {
  const { terminal, input, ended, next } = started();
  await next();
  input.write("x".repeat(10 * 2 ** 20 + 1));
  expect(await ended).toBe(3);
  expect(terminal.said.err.split("\n").slice(1)).toEqual([
    "proxies-sx mcp: the client sent a message of more than 10 MiB, so this server ends",
    "",
  ]);
});

it.each(['{"jsonrpc":"2.0","id":2}', "[]", '{"jsonrpc":"1.0","id":4,"method":"ping"}', "7"])(
  "%s is no message: one clear line says so, and the server goes on",
  async (line) => {
    const { terminal, input, ended, send, next } = started();
    await next();
    input.write(`${line}\n`);
    send({ id: 5, method: "ping" });
    expect(await next()).toMatchObject({ id: 5 });
    input.end();
    expect(await ended).toBe(0);
    expect(terminal.said.err.split("\n").slice(1)).toEqual([
      "the client sent something that is no message of the protocol: it got no answer",
      "",
    ]);
  },
);

it("a second call of one id is not carried out while the first one is under way, and is answered after it", async () => {
  const { input, ended, send, next } = started();
  await next();
  const buy = {
    id: 1,
    method: "tools/call",
    params: { name: "purchase_shared_traffic", arguments: { quantityGB: 1 } },
  };
  send(buy);
  send(buy);
  expect(await next()).toMatchObject({ id: 1, result: { isError: false } });
  expect(await next()).toMatchObject({
    id: 1,
    result: { isError: true, content: [{ text: expect.stringContaining("nothing was done") as unknown }] },
  });
  expect(emulator.control.requests().filter(({ path }) => path.includes("purchase-traffic"))).toHaveLength(1);
  send(buy);
  expect(await next()).toMatchObject({ id: 1, result: { isError: false } });
  input.end();
  expect(await ended).toBe(0);
});
