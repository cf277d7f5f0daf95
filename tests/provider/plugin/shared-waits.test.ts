import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Calls } from "../../../provider/hosts/plugin/calls";
import { Journal } from "../../../provider/purchase/journal";
import { Purchases } from "../../../provider/purchase/purchases";
import { PortReader } from "../../../provider/run/port-reader";
import { StackState } from "../../../provider/run/stack-state";
import { Storm } from "../../api/storm";
import { FakeVendor } from "../fake-vendor";

/** Alarms that ring when the test says so. */
let alarms: { ms: number; ring: () => void }[];
let calls: Calls;
beforeEach(() => {
  alarms = [];
  calls = new Calls((ms, ring) => {
    const alarm = { ms, ring };
    alarms.push(alarm);
    return () => (alarms = alarms.filter((one) => one !== alarm));
  });
});
const ring = (ms: number): void => alarms.filter((one) => one.ms === ms).forEach((one) => one.ring());
const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 0));
const around = {
  sleep: (ms: number) => calls.sleep(ms),
  shared: <T>(work: () => Promise<T>) => calls.shared(work),
  isWanted: async () => calls.isWanted(),
};

describe("what several calls wait for goes on past the time of the one that began it", () => {
  it("as a stack's state does that is read again", async () => {
    const answers = [{ why: "busy", mayPass: true }, JSON.stringify({ deployment: {} })];
    const state = new StackState({ ...around, exportStack: async () => answers.shift() as string });
    const late = calls.within(1, () => state.of("shop"));
    const other = calls.within(0, () => state.of("shop"));
    await settled();
    ring(1_000);
    await expect(late).rejects.toThrow("not done within 1 s");
    ring(250);
    await expect(other).resolves.toMatchObject({ resources: [] });
    await expect(calls.within(0, () => state.of("shop"))).resolves.toMatchObject({ resources: [] });
  });

  it("as the look for orders does whose answers were lost", async () => {
    const folder = mkdtempSync(join(tmpdir(), "proxies-sx-waits-"));
    const vendor = new FakeVendor();
    const purchases = new Purchases(vendor.api, new PortReader(vendor.api), new Journal(folder), around);
    vendor.faults.push("lost after", "lost after");
    const order = { countryId: "de", expiresInSeconds: 86_400 };
    const other = calls.within(0, () => purchases.buy(order, "other"));
    const late = calls.within(1, () => purchases.buy({ ...order, countryId: "gb" }, "late"));
    await settled();
    ring(1_000);
    await expect(late).rejects.toThrow("not done within 1 s");
    for (const pause of [0, 2_000, 5_000]) {
      ring(pause);
      await settled();
    }
    expect(vendor.live()).toContain((await other).id);
    rmSync(folder, { recursive: true });
  });
});

it("once the run is interrupted it ends all the same", async () => {
  const shared = calls.within(0, () => calls.shared(() => calls.sleep(60_000)));
  calls.cancel();
  await expect(shared).rejects.toThrow("the run was interrupted");
});

describe("what costs money is not wanted any more", () => {
  it("by a call whose time is over, and by all once the run is interrupted", async () => {
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    let wanted: boolean | undefined;
    const late = calls.within(1, async () => {
      await slow;
      wanted = calls.isWanted();
    });
    ring(1_000);
    await expect(late).rejects.toThrow("not done within 1 s");
    answer();
    await settled();
    expect(wanted).toBe(false);
    expect(await calls.within(0, async () => calls.isWanted())).toBe(true);
    calls.cancel();
    expect(calls.interrupted.aborted).toBe(true);
    expect(await calls.within(0, async () => calls.isWanted())).toBe(false);
  });
});

it("an order whose turn comes past the time of its call is not sent; one of another call is", async () => {
  const refusal = { status: 429, retryAfter: "40", message: "Too many requests" };
  const storm: Storm = new Storm((_, now) => (now < 40_000 ? refusal : { status: 200 }), {
    isHeard: async () => calls.isHeard(),
    maxConcurrent: 1,
  });
  storm.time.alarm(30_000, () => ring(30_000));
  const order = { method: "POST", effect: "once" } as const;
  const orderWithin = (seconds: number) => calls.within(seconds, () => storm.weather([order, order]));
  const late = orderWithin(30).catch((error: Error) => error.message);
  await orderWithin(0);
  expect(await late).toContain("not done within 30 s");
  expect(storm.sent.filter(({ at }) => at >= 40_000)).toHaveLength(2);
});
