import { EventEmitter } from "node:events";
import net from "node:net";
import { endWithEngine, isEngineAlive, isEngineThere } from "../../../provider/hosts/engine-alive";

/** What comes of a connection to the engine: one answer each, the last one for all that follow. */
type Answer = "connect" | "timeout" | { code: string };
let connections: { port: number; host: string; destroyed: boolean }[];

function engine(...answers: Answer[]): void {
  connections = [];
  jest.spyOn(net, "connect").mockImplementation(((to: { port: number; host: string }) => {
    const answer = answers[Math.min(connections.length, answers.length - 1)] as Answer;
    const seen = { ...to, destroyed: false };
    connections.push(seen);
    const socket = Object.assign(new EventEmitter(), { destroy: () => (seen.destroyed = true) });
    queueMicrotask(() =>
      typeof answer === "string" ? socket.emit(answer) : socket.emit("error", Object.assign(new Error(), answer)),
    );
    return socket;
  }) as never);
}
afterEach(() => jest.restoreAllMocks());

it.each<[string, Answer, boolean]>([
  ["that takes connections is there", "connect", true],
  ["that is slow may be there", "timeout", true],
  ["that cannot be reached for another reason may be there", { code: "EMFILE" }, true],
  ["where nobody listens is gone", { code: "ECONNREFUSED" }, false],
])("an engine %s", async (_what, answer, isThere) => {
  engine(answer);
  expect(await isEngineAlive("127.0.0.1:4242")).toBe(isThere);
  expect(connections).toMatchObject([{ host: "127.0.0.1", port: 4_242, destroyed: true }]);
});

it("many that ask at one time share a poll, and a tenth of a second later there is another", async () => {
  engine("connect", { code: "ECONNREFUSED" });
  jest.replaceProperty(process, "argv", ["node", "index.js", "127.0.0.1:4242"]);
  const clock = jest.spyOn(performance, "now").mockReturnValue(1_000);
  const ask = (): Promise<boolean[]> => Promise.all([isEngineThere(), isEngineThere()]);
  expect(await ask()).toEqual([true, true]);
  clock.mockReturnValue(1_099);
  expect(await ask()).toEqual([true, true]);
  expect(connections).toHaveLength(1);
  clock.mockReturnValue(1_100);
  expect(await ask()).toEqual([false, false]);
  expect(connections).toHaveLength(2);
});

it("a process without an engine is not looked after", async () => {
  engine({ code: "ECONNREFUSED" });
  expect(await isEngineAlive(undefined)).toBe(true);
  const timer = jest.spyOn(global, "setInterval");
  endWithEngine(() => true);
  expect([connections.length, timer.mock.calls.length]).toEqual([0, 0]);
});

describe("a provider ends with its engine", () => {
  let ended: number[];
  beforeEach(() => {
    ended = [];
    jest.useFakeTimers({ doNotFake: ["queueMicrotask", "nextTick"] });
    jest.replaceProperty(process, "argv", ["node", "index.js", "127.0.0.1:4242"]);
    jest.spyOn(process, "exit").mockImplementation(((code: number) => ended.push(code)) as never);
  });
  afterEach(() => jest.useRealTimers());
  const looks = (count: number): Promise<unknown> => jest.advanceTimersByTimeAsync(count * 3_000);
  const GONE = { code: "ECONNREFUSED" };

  it("that is gone at two looks, one after the other", async () => {
    engine(GONE);
    endWithEngine(() => true);
    await looks(1);
    expect(ended).toEqual([]);
    await looks(1);
    expect(ended).toEqual([1]);
  });

  it("and not with one that is there again", async () => {
    engine(GONE, "connect", GONE, "connect");
    endWithEngine(() => true);
    await looks(5);
    expect(ended).toEqual([]);
    expect(connections).toHaveLength(5);
  });

  it("once no order is under way", async () => {
    let isQuiet = false;
    engine(GONE);
    endWithEngine(() => isQuiet);
    await looks(4);
    expect(ended).toEqual([]);
    isQuiet = true;
    await looks(1);
    expect(ended).toEqual([1]);
  });
});
