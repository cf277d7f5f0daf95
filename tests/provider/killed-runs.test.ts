import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Port, type PortOrder } from "../../api";
import { Journal } from "../../provider/purchase/journal";
import { PortReader } from "../../provider/run/port-reader";
import { Purchases } from "../../provider/purchase/purchases";
import { FakeVendor } from "./fake-vendor";

let vendor: FakeVendor;
let folder: string;
let now: number;
let whileWaiting: (() => void) | undefined;

beforeEach(() => {
  vendor = new FakeVendor();
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-earlier-"));
  [now, whileWaiting] = [Date.now(), undefined];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A run of the engine, with the journal that all runs share. */
function run(): Purchases {
  const sleep = async (ms: number): Promise<void> => {
    now += ms;
    whileWaiting?.();
  };
  return new Purchases(vendor.api, new PortReader(vendor.api), new Journal(folder), { sleep, now: () => now });
}

const DAY: PortOrder = { countryId: "de", expiresInSeconds: 86_400 };
const buyer = (key: string, mayRecover = true): { key: string; mayRecover: boolean } => ({ key, mayRecover });
/** As the Port handler buys: what an earlier run bought comes first. */
async function buy(
  purchases: Purchases,
  what: PortOrder,
  { key, mayRecover }: { key: string; mayRecover: boolean },
): Promise<Port> {
  return (mayRecover ? await purchases.killedRuns.find(key) : undefined) ?? purchases.buy(what, key);
}
const live = (): string[] => vendor.live();

/** What a run leaves that is killed: before the order, after it, or after its answer. */
function killed(key: string, when: "before" | "after" | "answered", what = DAY): Port | undefined {
  const journal = new Journal(folder);
  const purchase = journal.intend(key, what, vendor.now);
  if (when === "before") return undefined;
  const port = vendor.made(what);
  if (when === "answered") journal.bought(purchase, port.id);
  return port;
}

it("a port whose answer the killed run had is taken up", async () => {
  const port = killed("a", "answered");
  expect((await buy(run(), DAY, buyer("a"))).id).toBe(port?.id);
  expect(live()).toEqual([port?.id]);
});

it("a port whose answer the killed run never had is found and taken up", async () => {
  const port = killed("a", "after");
  expect((await buy(run(), DAY, buyer("a"))).id).toBe(port?.id);
  expect(live()).toEqual([port?.id]);
});

it("an order that was never sent is bought, after a read of the ports", async () => {
  killed("a", "before");
  const port = await buy(run(), DAY, buyer("a"));
  expect(live()).toEqual([port.id]);
});

it("a commit that shows up seconds later is waited for", async () => {
  killed("a", "before");
  let bought = "";
  whileWaiting = () => {
    whileWaiting = undefined;
    bought = vendor.made(DAY).id;
  };
  expect((await buy(run(), DAY, buyer("a"))).id).toBe(bought);
  expect(live()).toEqual([bought]);
});

it("eight creates of a killed run, five carried out: eight ports in the end, each given once", async () => {
  const keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
  for (const [index, key] of keys.entries()) killed(key, index < 2 ? "answered" : index < 5 ? "after" : "before");
  const next = run();
  const ports = await Promise.all(keys.map((key) => buy(next, DAY, buyer(key))));
  expect(ports.map(({ id }) => id).sort()).toEqual(live());
  expect(live()).toHaveLength(8);
});

it("a port that the state holds, of the same order and time, is nobody's lost answer", async () => {
  const held = killed("b", "answered");
  killed("a", "before");
  const preview = run();
  preview.stateHolds(held?.id as string);
  const port = await buy(run(), DAY, buyer("a"));
  expect(port.id).not.toBe(held?.id);
  expect(live()).toHaveLength(2);
});

it("more ports than orders: named, nothing bought", async () => {
  killed("a", "after");
  vendor.made(DAY);
  await expect(buy(run(), DAY, buyer("a"))).rejects.toThrow(
    /a run that was killed .*2 new ports fit one lost answer: [0-9a-f]{24}, [0-9a-f]{24}/,
  );
  expect(live()).toHaveLength(2);
});

it("more ports than orders, and the user says that none is theirs: bought once", async () => {
  killed("a", "before");
  const others = [0, 1].map(() => vendor.made(DAY).id);
  now += 20_000;
  const failed = await buy(run(), DAY, buyer("a")).catch((error: Error) => error.message);
  expect(failed).toContain(`npx proxies-sx disown `);
  const user = new Journal(folder);
  for (const id of others) user.disown(id);
  const port = await buy(run(), DAY, buyer("a"));
  expect(others).not.toContain(port.id);
  expect(live()).toHaveLength(3);
});

it("a port that was there before a run's first order is none that it bought, whatever the clocks say", async () => {
  const before = vendor.made(DAY);
  vendor.faults.push("lost before");
  const first = run();
  await expect(first.buy(DAY, "a")).rejects.toThrow(/no new port that fits the order/);
  expect(await run().killedRuns.bought("a")).toBeUndefined();
  const next = await buy(run(), DAY, buyer("a"));
  expect(next.id).not.toBe(before.id);
  expect(live()).toHaveLength(2);
});

it("a renewal never takes up the port that it replaces", async () => {
  const old = killed("a", "answered");
  const next = run();
  next.stateHolds(old?.id as string);
  const port = await buy(next, DAY, buyer("a"));
  expect(port.id).not.toBe(old?.id);
});

it("a resource that is tainted buys, since what its state holds is not known", async () => {
  const old = killed("a", "answered");
  const port = await buy(run(), DAY, buyer("a", false));
  expect(port.id).not.toBe(old?.id);
});

it("a port that was deleted since is not taken up", async () => {
  const port = killed("a", "answered");
  vendor.remove(port?.id as string);
  expect((await buy(run(), DAY, buyer("a"))).id).not.toBe(port?.id);
});

it("a purchase of another resource is left alone", async () => {
  const other = killed("b", "answered");
  const port = await buy(run(), DAY, buyer("a"));
  expect(port.id).not.toBe(other?.id);
  expect((await buy(run(), DAY, buyer("b"))).id).toBe(other?.id);
});

it("a fresh machine without a journal buys, and harms nothing", async () => {
  killed("a", "after");
  rmSync(folder, { recursive: true });
  await buy(run(), DAY, buyer("a"));
  expect(live()).toHaveLength(2);
});

it("a port that this run is buying is not taken for the killed run's", async () => {
  killed("a", "before");
  now += 20_000;
  const next = run();
  vendor.whileOrdering = () => new Promise(setImmediate);
  const ports = await Promise.all([buy(next, DAY, buyer("b")), buy(next, DAY, buyer("a"))]);
  expect(new Set(ports.map(({ id }) => id)).size).toBe(2);
  expect(live()).toHaveLength(2);
});

it("a port that has expired since is no purchase to take up", async () => {
  const port = killed("a", "answered");
  vendor.now += 2 * 86_400_000;
  expect((await buy(run(), DAY, buyer("a"))).id).not.toBe(port?.id);
});

it("a clock that was set back makes nobody wait", async () => {
  killed("a", "before");
  const from = now;
  now -= 3_600_000;
  await buy(run(), DAY, buyer("a"));
  expect(now).toBeLessThan(from - 3_500_000);
});

it("a journal that cannot be written ends the search all the same", async () => {
  killed("a", "before");
  now += 60_000;
  const journal = new Journal(folder);
  Object.defineProperty(journal, "own", { value: join(folder, "no", "such", "folder.jsonl") });
  const purchases = new Purchases(vendor.api, new PortReader(vendor.api), journal, {
    sleep: async () => undefined,
    now: () => now,
  });
  await buy(purchases, DAY, buyer("a"));
  expect(live()).toHaveLength(1);
});

it("lost orders that overlap each get the port that was made for them", async () => {
  const [hour, week] = [3_600, 604_800];
  const { countryId } = DAY;
  const orders: Record<string, PortOrder> = {
    p0: { countryId, expiresInSeconds: hour },
    p1: { countryId, carrierId: "vodafone", expiresInSeconds: hour, osFingerprint: "android:3" },
    p2: { countryId, expiresInSeconds: week },
    p3: { countryId, carrierId: "telekom", expiresInSeconds: week },
  };
  const made: Record<string, string | undefined> = {};
  for (const [key, what] of Object.entries(orders))
    made[key] = killed(key, key === "p2" ? "before" : "after", what)?.id;
  now += 20_000;
  const next = run();
  const found = await Promise.all(
    Object.entries(orders).map(async ([key, what]) => [key, (await buy(next, what, buyer(key))).id]),
  );
  expect(Object.fromEntries(found)).toMatchObject({ p0: made.p0, p1: made.p1, p3: made.p3 });
  expect(live()).toHaveLength(4);
});

it("a process that runs on, but has given its answer up, holds nobody up", async () => {
  const journal = new Journal(folder);
  const purchase = journal.intend("a", DAY, vendor.now);
  journal.lost(purchase);
  const [name = ""] = readdirSync(folder);
  const text = readFileSync(join(folder, name), "utf8").replace(`"pid":${process.pid}`, `"pid":${process.ppid}`);
  writeFileSync(join(folder, name), text);
  const from = now;
  await buy(run(), DAY, buyer("a"));
  expect(now - from).toBeLessThan(30_000);
});
