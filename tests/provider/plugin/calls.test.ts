import { UnfinishedError } from "../../../provider/errors";
import { type AnyHandler } from "../../../provider/handler";
import { Calls } from "../../../provider/hosts/plugin/calls";
import { RunEnd } from "../../../provider/hosts/run-end";
import { type Purchases } from "../../../provider/purchase/purchases";

/** Alarms that ring when the test says so. */
let alarms: { ms: number; ring: () => void; isOff: boolean }[];
let calls: Calls;
beforeEach(() => {
  alarms = [];
  calls = new Calls((ms, ring) => {
    const alarm = { ms, ring, isOff: false };
    alarms.push(alarm);
    return () => (alarm.isOff = true);
  });
});
const ring = (ms: number): void => alarms.filter((one) => one.ms === ms && !one.isOff).forEach((one) => one.ring());

it("a call within its time gives its answer, and its alarm is off", async () => {
  await expect(calls.within(5, async () => "done")).resolves.toBe("done");
  expect(alarms).toEqual([expect.objectContaining({ ms: 5_000, isOff: true })]);
});

it("without a time there is no alarm", async () => {
  await calls.within(0, async () => "done");
  expect(alarms).toEqual([]);
});

it("past its time a call fails at once, and its own waits end; those of others go on", async () => {
  let went = false;
  const late = calls.within(90, async () => {
    await calls.sleep(7_000);
    went = true;
  });
  const other = calls.within(0, () => calls.sleep(8_000));
  ring(90_000);
  await expect(late).rejects.toThrow("not done within 90 s, the resource's customTimeouts");
  ring(7_000);
  ring(8_000);
  await other;
  expect(went).toBe(false);
});

it("a wait that begins past the time of its call fails too", async () => {
  let answer = (): void => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  let after: unknown;
  const call = calls.within(1, async () => {
    await slow;
    await calls.sleep(10).catch((error: unknown) => (after = error));
  });
  ring(1_000);
  await expect(call).rejects.toThrow("not done");
  answer();
  await new Promise(setImmediate);
  expect(after).toMatchObject({ message: expect.stringContaining("not done within 1 s") as string });
});

it("once the run is interrupted nothing waits, and work that waits for nothing is done", async () => {
  const waiting = calls.within(0, () => calls.sleep(60_000));
  calls.cancel();
  await expect(waiting).rejects.toThrow("the run was interrupted");
  await expect(calls.sleep(1)).rejects.toThrow("the run was interrupted");
  await expect(calls.within(0, async () => "done")).resolves.toBe("done");
});

it("a wait that has ended, either way, leaves no alarm", async () => {
  const done = calls.sleep(7_000);
  ring(7_000);
  await done;
  const broken = calls.sleep(8_000);
  calls.cancel();
  await expect(broken).rejects.toThrow("the run was interrupted");
  expect(alarms.map(({ isOff }) => isOff)).toEqual([true, true]);
});

it("outside of any call all is heard, and what is owed gives its own answer", async () => {
  expect([calls.isHeard(), calls.isWanted(), calls.isOwed()]).toEqual([true, true, false]);
  const owed = (): Promise<string> => calls.owed(async () => "done");
  expect(await Promise.all([owed(), calls.within(5, () => calls.shared(owed))])).toEqual(["done", "done"]);
});

it("once the run is interrupted what is owed is waited for, until the time of its call is over", async () => {
  const owed = calls.within(90, () => calls.owed(() => calls.sleep(60_000)));
  const late = calls.within(30, () => calls.owed(() => calls.sleep(50_000)));
  calls.cancel();
  ring(30_000);
  await expect(late).rejects.toThrow("not done within 30 s");
  ring(60_000);
  await expect(owed).resolves.toBeUndefined();
});

it("what is owed is wanted in a run that is interrupted, also where several wait for it; not past its time", async () => {
  calls.cancel();
  const asked = (work: () => Promise<boolean[]>) => calls.within(1, work);
  const now = async (): Promise<boolean[]> => [calls.isOwed(), calls.isWanted()];
  expect(await asked(now)).toEqual([false, false]);
  expect(await asked(() => calls.owed(now))).toEqual([true, true]);
  expect(await asked(() => calls.owed(() => calls.shared(now)))).toEqual([true, true]);
  expect(await asked(() => calls.shared(now))).toEqual([false, false]);
  let answer = (): void => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  let after: boolean[] = [];
  const late = asked(() => calls.owed(async () => (await slow, (after = await now()))));
  ring(1_000);
  await expect(late).rejects.toThrow("not done within 1 s");
  answer();
  await new Promise(setImmediate);
  expect(after).toEqual([true, false]);
});

it("what was bought after the time of its call is not taken for given to the engine: the journal keeps it", async () => {
  const given: string[] = [];
  const purchases = { gaveEngine: (id: string) => given.push(id) } as unknown as Purchases;
  const runEnd = new RunEnd(
    () => purchases,
    () => undefined,
    () => calls.isHeard(),
  );
  let answer = (): void => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  const bought = (id: string, after?: Promise<void>): AnyHandler<object, object> =>
    runEnd.follow({ create: async () => (await after, { id, state: { portId: id } }) } as never);
  const create = (handler: AnyHandler<object, object>): Promise<unknown> =>
    calls.within(1, () => handler.create({ news: {}, hidden: {}, session: {} as never }));

  const late = create(bought("late", slow));
  ring(1_000);
  await expect(late).rejects.toThrow("not done within 1 s");
  answer();
  await new Promise(setImmediate);
  await create(bought("in time"));
  expect(given).toEqual(["in time"]);
});

it("past its time a call ends as its own work does with that error: it may have a state to keep", async () => {
  const never = new Promise<void>(() => undefined);
  const call = calls.within(1, () =>
    calls
      .owed(() => never)
      .catch((error: Error) => {
        throw new UnfinishedError("id", { status: "renewing" }, error);
      }),
  );
  ring(1_000);
  const error = (await call.catch((one: unknown) => one)) as UnfinishedError;
  expect(error).toBeInstanceOf(UnfinishedError);
  expect(error.message).toMatch(
    /^not done within 1 s, .*on this machine; on another, `npx proxies-sx orphans` finds it\.$/,
  );
});

it("what is owed is not waited for past the time of its call, and in time it gives its own answer or error", async () => {
  const owed = <T>(work: () => Promise<T>): Promise<T> => calls.within(1, () => calls.owed(work));
  await expect(owed(async () => "done")).resolves.toBe("done");
  await expect(owed(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  let go = (): void => undefined;
  const slow = new Promise<void>((resolve) => (go = resolve));
  let after: unknown;
  const call = calls.within(1, async () => {
    await slow;
    after = await calls.owed(async () => "done").catch((error: unknown) => error);
  });
  ring(1_000);
  await expect(call).rejects.toThrow("not done");
  go();
  await new Promise(setImmediate);
  expect(after).toMatchObject({ message: expect.stringContaining("not done within 1 s") as string });
});
