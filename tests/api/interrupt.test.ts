import { type ApiOptions, resolveKeyless } from "../../api/transport/options";
import { type Life, Storm, type Weather } from "./storm";

/** Calls to a vendor of one function, all from the start, and a run that is interrupted at a time. */
async function interruptedAt(
  ms: number,
  vendor: (path: string) => Weather,
  calls: Parameters<Storm["weather"]>[0],
  { maxConcurrent = 16, isOwed }: Pick<ApiOptions, "maxConcurrent" | "isOwed"> = {},
): Promise<{ storm: Storm; lives: Life[] }> {
  const run = new AbortController();
  const storm = new Storm(({ path }) => vendor(path), { signal: run.signal, maxConcurrent, isOwed });
  storm.time.alarm(ms, () => run.abort());
  return { storm, lives: await storm.weather(calls) };
}

const orders = (count: number) => Array.from({ length: count }, () => ({ method: "POST", effect: "once" }) as const);

test("what completes something that was begun waits for its turn and is sent again; what is behind it is not", async () => {
  let refused = 0;
  const isOwed = [true, false, true];
  const { storm, lives } = await interruptedAt(
    3_000,
    (path) => (path === "/0" && ++refused < 3 ? { status: 429, retryAfter: "40" } : { status: 200 }),
    [...orders(3), { atMs: 5_000 }],
    { maxConcurrent: 1, isOwed: () => isOwed.shift() ?? false },
  );
  expect(lives.map(({ tries, error }) => [tries, error?.code])).toEqual([
    [3, undefined],
    [0, "interrupted"],
    [1, undefined],
    [0, "interrupted"],
  ]);
  expect([lives[1]?.endedAt, lives[3]?.endedAt]).toEqual([3_000, 5_000]);
  expect(lives[0]?.endedAt).toBeGreaterThan(80_000);
  expect(storm.time.pending).toBe(0);
});

test("what was sent gets its answer, and what waits for a place is not sent", async () => {
  const { storm, lives } = await interruptedAt(500, () => ({ status: 200, latencyMs: 2_000 }), orders(5), {
    maxConcurrent: 2,
  });
  expect(lives.map(({ endedAt, tries, error }) => [endedAt, tries, error?.code])).toEqual([
    [2_000, 1, undefined],
    [2_000, 1, undefined],
    ...Array<unknown>(3).fill([500, 0, "interrupted"]),
  ]);
  expect(lives[2]?.error).toMatchObject({
    message: "POST /v1/ports: the run was interrupted before its turn came (interrupted). Nothing was sent",
    sent: "no",
    maybeDone: false,
  });
  expect(storm.time.pending).toBe(0);
});

test("nothing waits for the end of a pause: neither what was refused, nor what was not sent, nor what comes after", async () => {
  const refusal = { status: 429, retryAfter: "40", message: "Too many requests" };
  const { storm, lives } = await interruptedAt(3_000, () => refusal, [...orders(2), { atMs: 5_000 }], {
    maxConcurrent: 1,
  });
  expect(lives.map(({ endedAt, tries, error }) => [endedAt, tries, error?.code])).toEqual([
    [3_000, 1, "rate_limited"],
    [3_000, 0, "interrupted"],
    [5_000, 0, "interrupted"],
  ]);
  expect(lives[0]?.error?.message).toBe(
    "POST /v1/ports: Too many requests (429 rate_limited). It is not sent again, since the run was interrupted",
  );
  expect(storm.time.pending).toBe(0);
});

test.each<[string, Weather, object]>([
  ["an answer that failed", { status: 503, retryAfter: "60" }, {}],
  ["a cooldown", { status: 429, retryAfter: "60" }, { hasCooldown: true }],
])("the wait after %s ends, and it is not sent again", async (_what, weather, call) => {
  const { storm, lives } = await interruptedAt(3_000, () => weather, [call]);
  expect(lives).toMatchObject([{ endedAt: 3_000, tries: 1, error: { status: weather.status } }]);
  expect(storm.time.pending).toBe(0);
});

test("what fails after the interruption is not sent again", async () => {
  const { lives } = await interruptedAt(500, () => ({ status: 503, latencyMs: 1_000 }), [{}]);
  expect(lives).toMatchObject([{ endedAt: 1_000, tries: 1, error: { status: 503 } }]);
});

test("what waits for nothing is sent, as what follows an order that was", async () => {
  const { lives } = await interruptedAt(500, () => ({ status: 200, latencyMs: 10 }), [{ atMs: 1_000 }]);
  expect(lives).toMatchObject([{ endedAt: 1_010, tries: 1 }]);
  expect(lives[0]).not.toHaveProperty("error");
});

test("a wait that is over does not listen on", async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, "addEventListener");
  const removed = jest.spyOn(signal, "removeEventListener");
  await resolveKeyless({ signal }).sleep(1, signal);
  expect(added).toHaveBeenCalledTimes(1);
  expect(removed.mock.calls).toEqual(added.mock.calls);
});

test("a wait that begins after the interruption is over at once", async () => {
  const signal = AbortSignal.abort();
  await expect(resolveKeyless({ signal }).sleep(2 ** 30, signal)).resolves.toBeUndefined();
});

test("what nobody waits for any more is not sent, nor sent again; what only reads is, as others may share it", async () => {
  const refusal = { status: 429, retryAfter: "40", message: "Too many requests" };
  const storm: Storm = new Storm(({ path }, now) => (path === "/0" && now < 40_000 ? refusal : { status: 200 }), {
    isHeard: async () => storm.time.now() < 30_000,
    maxConcurrent: 1,
  });
  const lives = await storm.weather([...orders(2), { method: "DELETE", effect: "repeatable" }, {}]);
  expect(lives.map(({ tries, error }) => [tries, error?.code])).toEqual([
    [1, "rate_limited"],
    [0, "interrupted"],
    [0, "interrupted"],
    [1, undefined],
  ]);
  expect(lives[1]?.error).toMatchObject({
    message: "POST /v1/ports: nobody waits for its answer any more (interrupted). Nothing was sent",
    maybeDone: false,
  });
  expect(storm.time.pending).toBe(0);
});
