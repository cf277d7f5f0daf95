import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Around } from "../../mcp/around";
import { Calls } from "../../mcp/call";
import { Audit } from "../../mcp/guards/audit";
import { type Told, type Tool, tool } from "../../mcp/tool";
import { Redactor } from "../../text";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "proxies-sx-mcp-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const server = (): Calls =>
  new Calls({
    limits: { allow: new Set(["purchases"]), maxSpend: 10, showSecrets: false },
    redactor: new Redactor([]),
    stacks: { names: [] },
    note: () => undefined,
    folder,
  } as unknown as Around);

/** A tool that buys. */
const purchase = (run: (args: { amount: number }) => Promise<Told>): Tool =>
  tool({ name: "buy", does: "", group: "purchases", input: { amount: z.number() }, cost: async () => 1, run });

/** Until now the audit's writes were of this process. */
function killServers(): void {
  const file = join(folder, "agents", "audit.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/"run":"[^"]+"/g, '"run":"another"'));
}

it("what is bought for a client that has gone is reported to the next one, and what waits behind it is not begun", async () => {
  const bought: number[] = [];
  let deliver = (): void => undefined;
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const buy = purchase(async ({ amount }) => {
    begin();
    await delivered;
    bought.push(amount);
    return { said: `Bought ${amount}.`, data: {}, cost: 1 };
  });
  const first = server();
  const [, waiting] = [first.answer(buy, { amount: 3 }), first.answer(buy, { amount: 4 })];
  await begun;
  const closed = first.close();
  deliver();
  await closed;
  expect(await waiting).toMatchObject({ isError: true, text: "nothing was done: this server is about to end." });
  killServers();
  const next = server();
  expect((await next.answer(buy, { amount: 3 })).text).toMatch(/^Nothing was bought now\. .*: Bought 3\. Call again/);
  expect(bought).toEqual([3]);
  await next.answer(buy, { amount: 3 });
  await next.close();
  killServers();
  await server().answer(buy, { amount: 3 });
  expect(bought).toEqual([3, 3, 3]);
});

it("a write that came before the answer to a purchase, and waited, shows nothing of that answer", async () => {
  const bought: number[] = [];
  let atKill = "";
  const buy = purchase(async ({ amount }) => {
    if (amount === 4) atKill = readFileSync(join(folder, "agents", "audit.jsonl"), "utf8");
    bought.push(amount);
    return { said: `Bought ${amount}.`, data: {}, cost: 1 };
  });
  const first = server();
  await Promise.all([first.answer(buy, { amount: 3 }), first.answer(buy, { amount: 4 })]);
  writeFileSync(join(folder, "agents", "audit.jsonl"), atKill);
  killServers();
  expect((await server().answer(buy, { amount: 3 })).text).toMatch(/^Nothing was bought now\. /);
  expect(bought).toEqual([3, 4]);
});

it("a write that comes after the answer to a purchase shows that it was read", async () => {
  const buy = purchase(async ({ amount }) => ({ said: `Bought ${amount}.`, data: {}, cost: 1 }));
  const first = server();
  await first.answer(buy, { amount: 3 });
  await first.answer(buy, { amount: 4 });
  killServers();
  expect((await server().answer(buy, { amount: 3 })).text).toBe("Bought 3.");
});

describe("a server whose process number another process has by now", () => {
  /** Its audit file, written a time ago by a process that has the number of one that is there. */
  function leftBy(msAgo: number): void {
    const file = join(folder, "agents", "audit.jsonl");
    const at = new Date(Date.now() - msAgo).toISOString();
    const text = readFileSync(file, "utf8").replaceAll(/"at":"[^"]+"/g, `"at":"${at}"`);
    writeFileSync(file, text.replaceAll(/"pid":\d+,"run":"[^"]+"/g, `"pid":${process.ppid},"run":"another"`));
  }
  const buy = purchase(async ({ amount }) => ({ said: `Bought ${amount}.`, data: {}, cost: 1 }));

  it.each([
    [4 * 60_000, /^Nothing was bought now\. /],
    [60_000, /^Bought 3\.$/],
  ])("is taken for ended once it had time to note its answer: %d ms after its purchase", async (msAgo, said) => {
    await server().answer(buy, { amount: 3 });
    leftBy(msAgo);
    expect((await server().answer(buy, { amount: 3 })).text).toMatch(said);
  });

  it.each([
    [4 * 60_000, 1],
    [60_000, 0],
  ])("so is what it left open, %d ms after it began", (msAgo, open) => {
    new Audit(folder).begin({ tool: "buy", args: { amount: 3 }, cost: 1 });
    leftBy(msAgo);
    expect(new Audit(folder).open()).toHaveLength(open);
  });
});

describe("a purchase whose client gave up on it", () => {
  const bought: number[] = [];
  let deliver = (): void => undefined;
  const buy = purchase(async ({ amount }) => {
    await new Promise<void>((resolve) => (deliver = resolve));
    bought.push(amount);
    return { said: `Bought ${amount}.`, data: {}, cost: 1 };
  });
  const isBuying = async (): Promise<void> => {
    const before = deliver;
    while (deliver === before) await new Promise((resolve) => setImmediate(resolve));
  };
  beforeEach(() => bought.splice(0));

  it("is reported to the same call again, and bought once; one that waits is not begun", async () => {
    const calls = server();
    const [first, second] = [new AbortController(), new AbortController()];
    const begun = isBuying();
    const unheard = calls.answer(buy, { amount: 3 }, first.signal);
    const waiting = calls.answer(buy, { amount: 4 }, second.signal);
    const again = calls.answer(buy, { amount: 3 });
    await begun;
    first.abort();
    second.abort();
    deliver();
    await unheard;
    expect(await waiting).toMatchObject({ isError: true, text: "nothing was done: the call was cancelled before." });
    expect((await again).text).toMatch(/^Nothing was bought now\. .* given up on it .*: Bought 3\. Call again/);
    const begunAgain = isBuying();
    const more = calls.answer(buy, { amount: 3 });
    await begunAgain;
    deliver();
    expect((await more).text).toBe("Bought 3.");
    expect(bought).toEqual([3, 3]);
  });

  it("is taken for such a one after the minute that clients wait", async () => {
    const calls = server();
    const begun = isBuying();
    const slow = calls.answer(buy, { amount: 3 });
    await begun;
    const now = performance.now() + 55_000;
    const clock = jest.spyOn(performance, "now").mockImplementation(() => now);
    deliver();
    await slow;
    clock.mockRestore();
    expect((await calls.answer(buy, { amount: 3 })).text).toMatch(/^Nothing was bought now\. /);
    expect(bought).toEqual([3]);
  });
});

it("what is taken up of a killed server is reported once", async () => {
  const earlier = new Audit(folder);
  earlier.begin({ tool: "buy", args: { amount: 3 }, cost: 1 });
  killServers();
  let calls = 0;
  const buy = purchase(async () => {
    calls += 1;
    return { said: "Bought.", data: {}, ...(calls === 1 && { isTakenUp: true as const }) };
  });
  const next = server();
  expect((await next.answer(buy, { amount: 3 })).text).toContain("nothing was bought again");
  expect((await next.answer(buy, { amount: 3 })).text).toBe("Bought.");
});

it("the time since one purchase shows nothing of the answer to a later one", async () => {
  jest.useFakeTimers();
  try {
    const buy = purchase(async ({ amount }) => ({ said: `Bought ${amount}.`, data: {}, cost: 1 }));
    const first = server();
    await first.answer(buy, { amount: 3 });
    jest.advanceTimersByTime(4_000);
    await first.answer(buy, { amount: 4 });
    jest.advanceTimersByTime(2_000);
    killServers();
    expect((await server().answer(buy, { amount: 4 })).text).toMatch(/^Nothing was bought now\. .*: Bought 4\. /);
  } finally {
    jest.useRealTimers();
  }
});
