import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Port, type PortOrder } from "../../api";
import { buyerKey } from "../../provider/purchase/owner-key";
import { Journal } from "../../provider/purchase/journal";
import { type Purchase } from "../../provider/purchase/journal-lines";
import { PortReader } from "../../provider/run/port-reader";
import { Calls } from "../../provider/hosts/plugin/calls";
import { Purchases } from "../../provider/purchase/purchases";
import { StackState } from "../../provider/run/stack-state";
import { FakeVendor, REFUSED } from "./fake-vendor";

let vendor: FakeVendor;
let purchases: Purchases;
let folder: string;
let waits: number[];
let whileWaiting: (() => void) | undefined;

beforeEach(() => {
  vendor = new FakeVendor();
  [waits, whileWaiting] = [[], undefined];
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-purchases-"));
  purchases = newProcess({
    sleep: async (ms) => {
      waits.push(ms);
      if (ms > 0) whileWaiting?.();
    },
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const newProcess = (around: ConstructorParameters<typeof Purchases>[3]): Purchases =>
  new Purchases(vendor.api, new PortReader(vendor.api), new Journal(folder), around);

/** A purchase for a resource of its own. */
let buyers = 0;
const buy = (what: PortOrder): Promise<Port> => purchases.buy(what, `resource-${(buyers += 1)}`);

const DAY: PortOrder = { countryId: "de", expiresInSeconds: 86_400 };
const GB: PortOrder = { ...DAY, countryId: "gb" };
const live = (): string[] => vendor.live();
/** Purchases that the next run is to look at. */
const opened = (): Purchase[] => new Journal(folder).read();
const lose = (times: number, after = 0): void =>
  void vendor.faults.push(...Array<undefined>(after), ...Array<"lost after">(times).fill("lost after"));

it("a port whose answer was lost is found, not bought again", async () => {
  lose(1);
  const port = await buy(DAY);
  expect(live()).toEqual([port.id]);
  expect(vendor.orders).toBe(1);
});

it("a journal that others may write to buys nothing, and stops no look at what is there", async () => {
  chmodSync(folder, 0o777);
  const buyer = { urn: "urn:pulumi:dev::app::t::a" };
  expect(await purchases.boughtEarlier(buyer)).toBeUndefined();
  expect(await purchases.boughtInstead("old")).toEqual({ surely: [], maybe: [] });
  await expect(purchases.adopted(buyer)).resolves.toBeUndefined();
  await expect(purchases.takeUp(buyer, DAY, async () => DAY)).rejects.toThrow(/^nothing is bought, .*chmod go-w/);
  await expect(buy(DAY)).rejects.toThrow(/^nothing is bought, .*chmod go-w/);
  expect([live(), vendor.orders]).toEqual([[], 0]);
  chmodSync(folder, 0o700);
  await purchases.takeUp(buyer, DAY, async () => DAY);
  const port = await buy(DAY);
  expect(live()).toEqual([port.id]);
});

it("three of eight lost answers: eight ports, each given once", async () => {
  lose(3, 2);
  const bought = await Promise.all(Array.from({ length: 8 }, () => buy(DAY)));
  expect(bought.map(({ id }) => id).sort()).toEqual(live());
  expect(live()).toHaveLength(8);
  expect(vendor.orders).toBe(8);
});

it("lost answers of two orders each get a port of their own order", async () => {
  lose(4);
  const bought = await Promise.all([DAY, GB, DAY, GB].map(buy));
  expect(bought.map((port) => port.country?.code)).toEqual(["DE", "GB", "DE", "GB"]);
  expect(live()).toHaveLength(4);
});

it("a port that shows up late is waited for", async () => {
  vendor.faults.push("lost before");
  whileWaiting = () => {
    whileWaiting = undefined;
    vendor.made(DAY);
  };
  const port = await buy(DAY);
  expect(live()).toEqual([port.id]);
  expect(waits).toEqual([0, 2_000]);
});

it("an order that was never carried out fails with what to look at, and is not repeated", async () => {
  vendor.faults.push("lost before");
  await expect(buy(DAY)).rejects.toThrow(/answer to the purchase was lost .*no new port that fits/);
  expect(live()).toEqual([]);
  expect(vendor.orders).toBe(1);
  expect(waits).toEqual([0, 2_000, 5_000]);
});

it("a port that somebody else bought at the same time is not taken: both are named", async () => {
  await buy(DAY);
  lose(1);
  vendor.made(DAY);
  const failed = buy(DAY);
  await expect(failed).rejects.toThrow(/2 new ports fit one lost answer: [0-9a-f]{24}, [0-9a-f]{24}.*import: "<id>"/);
  expect(live()).toHaveLength(3);
});

it("ports from before, and of another order, are nobody's lost answer", async () => {
  vendor.made(DAY);
  await buy(DAY);
  vendor.made(GB);
  lose(1);
  const port = await buy(DAY);
  expect(port.country?.code).toBe("DE");
  expect(live()).toHaveLength(4);
});

it("a refusal is just that: nothing is looked for, and nothing is left open", async () => {
  vendor.faults.push(REFUSED);
  await expect(buy(DAY)).rejects.toMatchObject({ code: "forbidden" });
  expect([waits, opened()]).toEqual([[], []]);
});

it("what is known of an order is on disk for the next run: its port, or that nobody waits for one", async () => {
  lose(1);
  const { id } = await buy(DAY);
  vendor.faults.push("lost before");
  await expect(buy(GB)).rejects.toThrow(/no new port that fits/);
  expect(opened()).toMatchObject([
    { order: DAY, id },
    { order: GB, lost: true },
  ]);
});

it("one order that is unclear stops no other: each gets what is its own", async () => {
  await buy(DAY);
  lose(2);
  vendor.made(DAY);
  const [german, british] = await Promise.allSettled([buy(DAY), buy(GB)]);
  expect(german).toMatchObject({
    reason: { message: expect.stringMatching(/2 new ports fit one lost answer/) as string },
  });
  expect(british).toMatchObject({ value: { country: { code: "GB" } } });
});

it("looks for what was lost once the other orders have their answers, and not before", async () => {
  let end = (): void => undefined;
  const slow = new Promise<void>((resolve) => (end = resolve));
  vendor.faults.push(undefined, "lost after");
  vendor.whileOrdering = () => (vendor.orders === 1 ? slow : Promise.resolve());
  const both = [buy(DAY)];
  await new Promise(setImmediate);
  both.push(buy(DAY));
  vendor.whileOrdering = async () => undefined;
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  expect([vendor.lists, purchases.isQuiet()]).toEqual([1, false]);
  end();
  const ids = (await Promise.all(both)).map(({ id }) => id);
  expect(ids.sort()).toEqual(live());
  expect([vendor.lists, purchases.isQuiet()]).toEqual([2, true]);
});

it("nothing is ordered where the list cannot be read before it; the next purchase reads it again", async () => {
  vendor.listFaults.push(REFUSED);
  await expect(buy(DAY)).rejects.toBe(REFUSED);
  expect([vendor.orders, opened()]).toEqual([0, []]);
  const { id } = await buy(DAY);
  expect(live()).toEqual([id]);
});

it("a create that comes during a recovery waits, and gets a port of its own", async () => {
  lose(1);
  const first = buy(DAY);
  const later = Array.from({ length: 3 }, () => buy(DAY));
  const ids = (await Promise.all([first, ...later])).map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  expect(ids.sort()).toEqual(live());
});

it("an order that comes while a lost one is looked for is sent after that, and not before", async () => {
  const sent: number[] = [];
  let later: Promise<Port> | undefined;
  const held = newProcess({
    sleep: async () => {
      later ??= held.buy(GB, "later");
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      sent.push(vendor.orders);
    },
  });
  vendor.faults.push("lost before");
  await expect(held.buy(DAY, "first")).rejects.toThrow(/no new port that fits/);
  expect(sent).toEqual([1, 1, 1]);
  expect((await later)?.country?.code).toBe("GB");
});

it("where the list cannot be read afterwards, it says so", async () => {
  await buy(DAY);
  lose(1);
  vendor.listFaults.push(REFUSED);
  await expect(buy(DAY)).rejects.toThrow(/^the answer to the purchase was lost \(.*cut.*\), and .*no scope/);
  expect((await buy(GB)).country?.code).toBe("GB");
});

it("lost answers of two orders never get the same port", async () => {
  vendor.faults.push("lost after");
  vendor.faults.push("lost before");
  const settled = await Promise.allSettled([buy(DAY), buy({ ...DAY, expiresInSeconds: 3_600 })]);
  const ids = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(live());
});

/** An order of another process that runs: as if of the one that started this one. */
function ordered(what: PortOrder): { other: Journal; theirs: Purchase } {
  const other = new Journal(folder);
  const theirs = other.intend("theirs", what, vendor.now);
  const file = readdirSync(folder).find((name) => name.includes(other.run.slice(0, 8))) as string;
  writeFileSync(
    join(folder, file),
    readFileSync(join(folder, file), "utf8").replace(`"pid":${process.pid}`, `"pid":${process.ppid}`),
  );
  return { other, theirs };
}

describe("two runs of one machine that lose an answer at the same time", () => {
  it.each([
    ["each order was carried out", 2],
    ["one was", 1],
    ["none was", 0],
  ])("do not wait for each other, and none takes a port: %s", async (_what, made) => {
    await buy(DAY);
    const { other, theirs } = ordered(DAY);
    other.looking(theirs);
    const ids = made === 2 ? [vendor.made(DAY).id] : [];
    vendor.faults.push(made > 0 ? "lost after" : "lost before");
    await expect(buy(DAY)).rejects.toThrow(/was lost .*another run on this machine has lost one at the same time/);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(made === 0 ? 7_000 : 0);
    expect(opened().map(({ id, lost, looking }) => [id, lost, looking])).toContainEqual([undefined, true, true]);
    expect(live()).toEqual(expect.arrayContaining(ids));
    // The next run of each takes up what there is.
    other.lost(theirs);
    const next = newProcess({ sleep: async () => undefined, now: () => Date.now() + 60_000 });
    const found = [await next.killedRuns.find("theirs"), await next.killedRuns.find(`resource-${buyers}`)];
    expect(new Set(found.map((port) => port?.id).filter(Boolean)).size).toBe(made);
  });

  it("and of orders that no port fits both of take up their own", async () => {
    await buy(DAY);
    const { other, theirs } = ordered(GB);
    other.looking(theirs);
    lose(1);
    const { id } = await buy(DAY);
    expect(live()).toContain(id);
  });

  it("an order that comes up while the list is read gets its answer first", async () => {
    await buy(DAY);
    vendor.faults.push("lost before");
    let theirs: ReturnType<typeof ordered> | undefined;
    vendor.whileListing = async () => {
      if (theirs) return;
      theirs = ordered(DAY);
      vendor.made(DAY);
    };
    whileWaiting = () => theirs && theirs.other.bought(theirs.theirs, live().at(-1) as string);
    await expect(buy(DAY)).rejects.toThrow(/no new port/);
  });
});

it("a port that another process of this machine has ordered and not heard of is left to it", async () => {
  await buy(DAY);
  const { other, theirs } = ordered(DAY);
  const port = vendor.made(DAY);
  vendor.faults.push("lost before");
  whileWaiting = () => {
    other.bought(theirs, port.id);
  };
  await expect(buy(DAY)).rejects.toThrow(/no new port/);
});

it("a port whose lease is a little off is named, neither taken nor passed over: the vendor may have rounded", async () => {
  vendor.faults.push("lost before");
  whileWaiting = () => {
    whileWaiting = undefined;
    vendor.made({ ...DAY, expiresInSeconds: 86_400 + 777 });
  };
  await expect(buy(DAY)).rejects.toThrow(/1 new port fits one lost answer: [0-9a-f]{24}\. .*disown [0-9a-f]{24}`/);
});

it("a port with a lease of another length is nobody's lost answer", async () => {
  vendor.faults.push("lost before");
  whileWaiting = () => {
    whileWaiting = undefined;
    vendor.made({ ...DAY, expiresInSeconds: 30 * 86_400 });
  };
  await expect(buy(DAY)).rejects.toThrow(/no new port that fits/);
});

it("a port of another lease that somebody else bought is not taken", async () => {
  await buy(DAY);
  lose(1);
  const { id } = vendor.made({ ...DAY, expiresInSeconds: 3_600 });
  expect((await buy(DAY)).id).not.toBe(id);
  expect(live()).toHaveLength(3);
});

it("nothing is bought for an engine that is gone", async () => {
  const orphan = newProcess({ isWanted: async () => false });
  await expect(orphan.buy(DAY, "a")).rejects.toThrow(
    /the run that asked for it has ended or was interrupted; nothing was bought/,
  );
  expect(vendor.orders).toBe(0);
  expect(new Journal(folder).read()).toEqual([]);
});

it("what lost orders bought is looked for in a run that was interrupted where one of them is owed", async () => {
  const calls = new Calls((_, ring) => (setImmediate(ring), () => undefined));
  const interrupted = newProcess({
    sleep: (ms) => calls.sleep(ms),
    owed: (work) => calls.owed(work),
    isOwed: () => calls.isOwed(),
  });
  const both = async (first: () => Promise<Port>, second: () => Promise<Port>) => {
    vendor.faults.push("lost after", "lost after");
    return Promise.allSettled([first(), second()]);
  };
  calls.cancel();
  const of = (key: string) => () => interrupted.buy(key < "c" ? DAY : GB, key);
  const owed = (key: string) => () => calls.owed(of(key));
  const found = [...(await both(owed("a"), of("c"))), ...(await both(of("b"), owed("d")))];
  expect(found.map(({ status }) => status)).toEqual(Array(4).fill("fulfilled"));
  const [first] = await both(of("a1"), of("c1"));
  expect(first).toMatchObject({ reason: { message: expect.stringContaining("the run was interrupted") as string } });
});

it("knows the ports that it handed out, and ends their purchases once the engine has them and its run ended well", async () => {
  const [first, second, third] = [await buy(DAY), await buy(DAY), await buy(DAY)];
  const foreign = vendor.made(DAY);
  expect([first, second, third].every(({ id }) => purchases.wasHandedOut(id))).toBe(true);
  expect(purchases.wasHandedOut(foreign.id)).toBe(false);
  const open = (): unknown[] => new Journal(folder).read().map(({ id }) => id);
  purchases.gaveEngine(first.id);
  purchases.gaveEngine(second.id);
  expect(open()).toEqual([first.id, second.id, third.id]);
  purchases.endedWell();
  expect(open()).toEqual([third.id]);
});

it("takes up what an orderly run bought whose state was not saved: the create is still pending there", async () => {
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/proxies-sx:Port::a";
  const bought = await purchases.buy(DAY, buyerKey({ urn }) as string);
  purchases.gaveEngine(bought.id);
  await buy(DAY);
  purchases.endedWell();
  const resource = { urn, type: "pulumi-nodejs:dynamic/proxies-sx:Port" };
  const deployment = { pending_operations: [{ type: "creating", resource }] };
  const stackState = new StackState({ exportStack: async () => JSON.stringify({ deployment }) });
  const next = newProcess({ stackState });
  await next.prepare({ urn });
  expect((await next.takeUp({ urn }, DAY, async () => DAY, "old"))?.id).toBe(bought.id);
  expect(next.wasHandedOut(bought.id)).toBe(true);
  expect(opened()).toMatchObject([{}, { key: buyerKey({ urn }), id: bought.id, instead: "old" }]);
});

describe("what an earlier run bought", () => {
  const [buyer, other] = [{ urn: "urn:pulumi:dev::app::t::a" }, { urn: "urn:pulumi:dev::app::t::b" }];
  const boughtFor = async (whom = buyer, instead?: string): Promise<string> =>
    (await newProcess({}).buy(DAY, buyerKey(whom) as string, instead)).id;

  it("is known before it is taken up, and once it is, it is nobody else's", async () => {
    const id = await boughtFor();
    expect((await purchases.boughtEarlier(buyer))?.id).toBe(id);
    expect(await purchases.boughtEarlier(other)).toBeUndefined();
    expect(purchases.wasHandedOut(id)).toBe(false);
    expect((await purchases.takeUp(buyer, undefined, async () => undefined))?.id).toBe(id);
    expect(purchases.wasHandedOut(id)).toBe(true);
  });

  it("is nothing for a resource that is not known", async () => {
    await boughtFor();
    expect(await purchases.boughtEarlier({})).toBeUndefined();
    expect(await purchases.takeUp({}, DAY, async () => DAY)).toBeUndefined();
  });

  it("is not to take the place of a port that the user names; what others bought stays theirs", async () => {
    await boughtFor();
    const id = await boughtFor(other);
    await purchases.adopted(buyer);
    expect(opened()).toMatchObject([{ id }]);
  });

  it("in the place of a port is known by that, until a state holds it", async () => {
    const id = await boughtFor(buyer, "old");
    const instead = async (of: string): Promise<string[]> => (await purchases.boughtInstead(of)).surely;
    expect([await instead("old"), await instead(id)]).toEqual([[id], []]);
    purchases.stateHolds(id);
    expect([await instead("old"), opened()]).toEqual([[], []]);
  });
});

describe("a port that a renewal releases before it buys", () => {
  const released = (by: (id: string) => void): boolean[] => {
    purchases.releasing("old");
    const before = newProcess({}).wasReleasing("old");
    by("old");
    return [before, purchases.wasReleasing("old"), newProcess({}).wasReleasing("old")];
  };

  it.each<[string, (id: string) => void]>([
    ["it was not released after all", (id) => purchases.notReleased(id)],
    ["the state holds that it was", (id) => purchases.stateTellsRelease(id)],
    ["it is deleted", (id) => purchases.letGo(id)],
    ["its run ended well", (id) => (purchases.gaveEngine(id), purchases.endedWell())],
  ])("is known to later runs until %s", (_what, by) => expect(released(by)).toEqual([true, false, false]));

  it("stays known where the run ends and the engine was given nothing of it", () => {
    expect(released(() => purchases.endedWell())).toEqual([true, true, true]);
  });
});

it("an update that did not end is known by the mark of a refresh, without a state to read", async () => {
  const sent = { at: 1, until: 2 };
  expect(await purchases.updateOf("1", { __brokeOff: sent, __stack: "organization/shop/dev" })).toBe(sent);
  expect(await purchases.updateOf("1", { __stack: "organization/shop/dev" })).toBeUndefined();
  await expect(purchases.prepare({ urn: "urn:pulumi:dev::app::t::a" })).resolves.toBeUndefined();
});
