import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { type WalletSettings } from "../../provider/run/wallet-settings";
import { WalletSession } from "../../provider/run/wallet-session";

const KEY = "1".repeat(64);
const settings: WalletSettings = { apiUrl: "http://127.0.0.1:9", payees: [], mainnet: false };

const sessions: WalletSession[] = [];
const open = (...more: ConstructorParameters<typeof WalletSession> extends [unknown, ...infer Rest] ? Rest : never) => {
  const one = new WalletSession(settings, ...more);
  sessions.push(one);
  return one;
};
const before = process.env.AGENT_WALLET_KEY;
afterEach(() => {
  for (const one of sessions.splice(0)) one.close();
  if (before === undefined) delete process.env.AGENT_WALLET_KEY;
  else process.env.AGENT_WALLET_KEY = before;
});

it.each([KEY, `0x${KEY}`])("a key is concealed in both its forms as soon as it is read", (key) => {
  process.env.AGENT_WALLET_KEY = key;
  const hidden: string[] = [];
  expect(open({}, (secret) => hidden.push(secret)).wallet().key).toBe(key);
  expect(hidden).toEqual([key, KEY]);
});

it("each network has one client, which ends with the session", () => {
  const session = open();
  const chain = session.chain("base-sepolia");
  expect(session.chain("base-sepolia")).toBe(chain);
  expect(session.chain("base")).not.toBe(chain);
  const [closed, api] = [jest.spyOn(chain, "close"), jest.spyOn(session.api, "close")];
  session.close();
  expect([closed.mock.calls.length, api.mock.calls.length]).toEqual([1, 1]);
});

it("payments follow each other, also after one that failed, and are known while they last", async () => {
  const session = open();
  const done: string[] = [];
  let pay = (): void => undefined;
  const paid = new Promise<void>((resolve) => (pay = resolve));
  expect(session.isQuiet()).toBe(true);
  const first = session.inTurn(async () => {
    await paid;
    done.push("first");
    throw new Error("no funds");
  });
  const second = session.inTurn(async () => done.push("second"));
  await new Promise(setImmediate);
  expect([done, session.isQuiet()]).toEqual([[], false]);
  pay();
  await expect(first).rejects.toThrow("no funds");
  expect(session.isQuiet()).toBe(false);
  expect(await second).toBe(2);
  expect([done, session.isQuiet()]).toEqual([["first", "second"], true]);
});

describe("the time", () => {
  it("is asked for once, and is the vendor's", async () => {
    const session = open();
    let told: number | undefined;
    jest.spyOn(session.api, "serverNow").mockImplementation(() => told);
    const health = jest.spyOn(session.api, "health").mockImplementation(async () => ((told = 5), undefined as never));
    expect([await session.now(), await session.now()]).toEqual([5, 5]);
    expect(health).toHaveBeenCalledTimes(1);
  });

  it("is this machine's where no answer has it", async () => {
    const session = open();
    jest.spyOn(session.api, "serverNow").mockReturnValue(undefined);
    jest.spyOn(session.api, "health").mockResolvedValue(undefined as never);
    jest.spyOn(Date, "now").mockReturnValue(7);
    expect(await session.now()).toBe(7);
    jest.restoreAllMocks();
  });
});

describe("its client", () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer((_, response) => response.writeHead(429, { "retry-after": "1" }).end("{}"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => server.close());

  it("goes to the API that is set, and waits by the clock that it is given", async () => {
    const slept: number[] = [];
    const passed = (): number => slept.reduce((sum, ms) => sum + ms, 0);
    const surroundings = { client: { sleep: async (ms: number) => void slept.push(ms), now: passed } };
    const session = new WalletSession({ ...settings, apiUrl: url }, surroundings);
    sessions.push(session);
    await expect(session.api.health()).rejects.toThrow(/429/);
    expect(slept.length).toBeGreaterThan(0);
  });
});
