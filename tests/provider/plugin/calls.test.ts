import { Calls } from "../../../provider/hosts/plugin/calls";

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
