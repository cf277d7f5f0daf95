import { type Api, type Port, type PortOrder } from "../../api";
import { ClaimedPorts } from "../../provider/purchase/claimed-ports";
import { type Journal } from "../../provider/purchase/journal";
import { type Purchase } from "../../provider/purchase/journal-lines";
import { KilledRuns } from "../../provider/purchase/killed-runs";
import { PortReader } from "../../provider/run/port-reader";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ORDER: PortOrder = { countryId: "de", expiresInSeconds: 86_400 };
const POLAND: PortOrder = { ...ORDER, countryId: "pl" };
/** No process has this number. */
const GONE = 999_999_999;
/** A process that is there, and not this one. */
const THERE = process.ppid;

interface World {
  /** Of earlier runs: a minute old, for the resource "a", of a process that is gone, unless they say otherwise. */
  purchases: Partial<Purchase>[];
  /** Live ports, which fit the order. */
  ports?: Partial<Port>[];
  /** Ports that the state was seen to hold. */
  held?: string[];
  /** What happens in the first pause. */
  meanwhile?: (world: { journal: Purchase[]; ports: Port[] }) => void;
}

const bought = (one: Partial<Port>): Port => ({
  id: "p",
  createdAt: NOW - MINUTE,
  expiresAt: NOW - MINUTE + 86_400_000,
  country: { id: "de", code: "DE" },
  ...one,
});

function start({ purchases, ports = [], held = [], meanwhile }: World) {
  const before = { at: NOW - MINUTE, local: NOW - MINUTE, pid: GONE, run: "earlier", key: "a", order: ORDER };
  const open: Purchase[] = purchases.map((one, index) => ({ nonce: `n${index}`, ...before, ...one }));
  const listed = ports.map(bought);
  const journal = {
    run: "mine",
    read: () => open.map((one) => ({ ...one })),
    close: ({ nonce }: Purchase) => open.splice(0, open.length, ...open.filter((one) => one.nonce !== nonce)),
    bought: ({ nonce }: Purchase, id: string) => open.forEach((one) => one.nonce === nonce && (one.id = id)),
    held: () => undefined,
    isSettled: () => false,
  } as unknown as Journal;
  let waited = 0;
  const now = (): number => NOW + waited;
  const claimed = new ClaimedPorts(journal, now);
  for (const id of held) claimed.held(id);
  let whileListing = (): void => undefined;
  const list = async (): Promise<Port[]> => (whileListing(), [...listed]);
  const api = { ports: { list, get: async () => undefined } } as unknown as Api;
  const sleep = async (ms: number): Promise<void> => {
    if (waited === 0) meanwhile?.({ journal: open, ports: listed });
    if ((waited += ms) > 30 * MINUTE) throw new Error("waits for ever");
  };
  const killed = new KilledRuns(new PortReader(api, now), journal, claimed, { sleep, now, answers: async () => 0 });
  const hook = (work: () => void): void => void (whileListing = work);
  return { killed, claimed, open, ports: listed, waited: () => waited, whileListing: hook };
}

const YOUNG = { local: NOW - 5 * SECOND };
const UNDER_WAY = { local: NOW - 5 * SECOND, pid: THERE };

describe("what an earlier run bought for a resource is taken up", () => {
  it.each<[string, World, string, number?]>([
    ["the port that an answer named", { purchases: [{ id: "p" }], ports: [{}] }, "p"],
    ["the newest of two", { purchases: [{ id: "p" }, { id: "q" }], ports: [{}, { id: "q" }] }, "q"],
    ["the newest that is there", { purchases: [{ id: "p" }, { id: "q" }], ports: [{}] }, "p"],
    [
      "the newest that serves",
      { purchases: [{ id: "p" }, { id: "q" }], ports: [{}, { id: "q", expiresAt: NOW }] },
      "p",
    ],
    [
      "the newest that no state holds",
      { purchases: [{ id: "p" }, { id: "q" }], ports: [{}, { id: "q" }], held: ["q"] },
      "p",
    ],
    ["the port of an order that was never answered", { purchases: [{}], ports: [{}] }, "p"],
    ["it, and none of an order before it", { purchases: [{ key: "b", order: POLAND }, {}], ports: [{}] }, "p"],
    [
      "a port that shows up within seconds",
      { purchases: [YOUNG], meanwhile: ({ ports }) => void ports.push(bought({})) },
      "p",
      2 * SECOND,
    ],
    [
      "what a process that is still there is answered, once it is",
      {
        purchases: [UNDER_WAY],
        ports: [{}, { id: "q" }],
        meanwhile: ({ journal }) => void Object.assign(journal[0] ?? {}, { id: "p" }),
      },
      "p",
      2 * SECOND,
    ],
    [
      "a port that another resource's order could share, once that is answered",
      {
        purchases: [{}, { ...UNDER_WAY, key: "b" }],
        ports: [{}, { id: "q" }],
        meanwhile: ({ journal }) => void Object.assign(journal[1] ?? {}, { id: "p" }),
      },
      "q",
      2 * SECOND,
    ],
  ])("%s", async (_what, world, id, waits = 0) => {
    const run = start(world);
    expect((await run.killed.find("a"))?.id).toBe(id);
    expect(run.claimed.wasHandedOut(id)).toBe(true);
    expect(run.open.some((one) => one.id === id)).toBe(true);
    expect(run.waited()).toBe(waits);
  });

  it("each port once, where several look at the same time", async () => {
    const keys = ["a", "b", "c"];
    const run = start({ purchases: keys.map((key) => ({ key })), ports: [{}, { id: "q" }] });
    const found = await Promise.all(keys.map(async (key) => (await run.killed.find(key))?.id));
    expect(found.filter((id) => id !== undefined).sort()).toEqual(["p", "q"]);
  });

  it("also after another purchase stayed unclear", async () => {
    const run = start({ purchases: [{}, { key: "b", id: "r" }], ports: [{}, { id: "q" }, { id: "r" }] });
    const [unclear, known] = await Promise.allSettled([run.killed.find("a"), run.killed.find("b")]);
    expect(unclear).toMatchObject({
      reason: { message: expect.stringMatching(/2 new ports fit one lost answer/) as string },
    });
    expect(known).toMatchObject({ value: { id: "r" } });
  });
});

describe("nothing is taken up, and the next thing is to buy, where", () => {
  it.each<[string, World, number, number?]>([
    ["no run has left anything", { purchases: [], ports: [{}] }, 0],
    ["it is another resource's", { purchases: [{ key: "b", id: "p" }], ports: [{}] }, 1],
    ["it is of this very run", { purchases: [{ run: "mine", id: "p" }], ports: [{}] }, 1],
    ["the state holds the port", { purchases: [{ id: "p" }], ports: [{}], held: ["p"] }, 1],
    ["the port is gone: then its purchase is done with", { purchases: [{ id: "p" }] }, 0],
    ["the lease is over: then too", { purchases: [{ id: "p" }], ports: [{ expiresAt: NOW }] }, 0],
    ["an order of some time ago bought nothing", { purchases: [{}] }, 0],
    ["an order of just now bought nothing, for 15 s", { purchases: [YOUNG] }, 0, 10 * SECOND],
    ["the clock was set back since", { purchases: [{ local: NOW + MINUTE }] }, 0],
    ["its process is there, and has given it up", { purchases: [{ pid: THERE, lost: true }] }, 0],
    ["its process has the number of this one", { purchases: [{ pid: process.pid }] }, 0],
    [
      "it is so old that no process can have it under way",
      { purchases: [{ pid: THERE, local: NOW - 18 * MINUTE }] },
      0,
    ],
    ["its process is there, and never answers", { purchases: [UNDER_WAY] }, 0, 18 * MINUTE - 4 * SECOND],
    ["nor ends to look", { purchases: [{ ...UNDER_WAY, looking: true }] }, 0, 18 * MINUTE - 4 * SECOND],
    [
      "another process buys what cannot be this port",
      { purchases: [{}, { ...UNDER_WAY, key: "b", order: POLAND }] },
      1,
    ],
  ])("%s", async (_why, world, open, waits = 0) => {
    const run = start(world);
    expect(await run.killed.find("a")).toBeUndefined();
    expect(run.open).toHaveLength(open);
    expect(run.waited()).toBe(waits);
  });
});

describe("an order of another process that comes up while the ports are listed", () => {
  /** It appears with the list's answer, and gets its own answer in the pause after. */
  function contested() {
    const run = start({
      purchases: [{}],
      ports: [{}],
      meanwhile: ({ journal }) => journal.forEach((one) => one.key === "b" && (one.id = "p")),
    });
    run.whileListing(() => {
      if (run.open.length === 1)
        run.open.push({ ...(run.open[0] as Purchase), ...UNDER_WAY, nonce: "theirs", key: "b" });
    });
    return run;
  }

  it("gets its port: the killed one's is looked for again", async () => {
    const run = contested();
    expect(await run.killed.find("a")).toBeUndefined();
    expect(run.claimed.wasHandedOut("p")).toBe(false);
    expect(run.open.map(({ key, id }) => [key, id])).toEqual([["b", "p"]]);
  });

  it("leaves open what a renewal asks for in passing", async () => {
    const run = contested();
    expect(await run.killed.bought("a")).toBeUndefined();
    expect(run.open.map(({ key, id }) => [key, id])).toEqual([
      ["a", undefined],
      ["b", undefined],
    ]);
  });
});

it("a process that may still write is asked about each time", async () => {
  const run = start({ purchases: [{ ...UNDER_WAY, key: "b" }, { key: "c" }], ports: [{}] });
  expect(await run.killed.find("a")).toBeUndefined();
  Object.assign(run.open[0] ?? {}, { key: "a", id: "p" });
  expect((await run.killed.find("a"))?.id).toBe("p");
});

it.each<[string, Partial<Purchase>, boolean]>([
  ["that one of several lost ones could share", { ...UNDER_WAY }, true],
  ["that is looked for by its process", { ...UNDER_WAY, looking: true }, true],
  ["that none could share", { ...UNDER_WAY, order: { ...ORDER, countryId: "gb" } }, false],
  ["that has its answer", { ...UNDER_WAY, id: "p" }, false],
  ["that is given up", { ...UNDER_WAY, lost: true }, false],
  ["whose process is gone", {}, false],
  ["of this process", { ...UNDER_WAY, run: "mine" }, false],
])("an order of another process %s may be a rival", (_what, purchase, isRival) => {
  const run = start({ purchases: [purchase] });
  const lost = [POLAND, ORDER].map((one) => ({ order: one }) as Purchase);
  expect(run.killed.rivals(lost).map(({ nonce }) => nonce)).toEqual(isRival ? ["n0"] : []);
});

describe("a renewal that looks, and takes nothing up, finds", () => {
  it.each<[string, World, string | undefined, number]>([
    ["the port that an answer named", { purchases: [{ id: "p" }], ports: [{}] }, "p", 1],
    ["the port of an order that was never answered", { purchases: [{}], ports: [{}] }, "p", 1],
    [
      "the first that serves",
      { purchases: [{ id: "q" }, { id: "p" }], ports: [{ id: "q", expiresAt: NOW }, {}] },
      "p",
      2,
    ],
    ["none that is gone", { purchases: [{ id: "p" }] }, undefined, 1],
    ["none that the state holds", { purchases: [{ id: "p" }], ports: [{}], held: ["p"] }, undefined, 1],
    ["none of another resource's", { purchases: [{ key: "b", id: "p" }], ports: [{}] }, undefined, 1],
    [
      "none of another resource's beside its own",
      { purchases: [{ key: "b", id: "p" }, {}], ports: [{}] },
      undefined,
      1,
    ],
    ["none of an order that is under way", { purchases: [UNDER_WAY], ports: [{}] }, undefined, 1],
    ["none of an order of some time ago, which is done with", { purchases: [{}] }, undefined, 0],
    ["none of an order of just now, which may show up", { purchases: [YOUNG] }, undefined, 1],
  ])("%s", async (_what, world, id, open) => {
    const run = start(world);
    expect((await run.killed.bought("a"))?.id).toBe(id);
    expect(run.claimed.wasHandedOut("p")).toBe(false);
    expect(run.open).toHaveLength(open);
    expect(run.waited()).toBe(0);
  });
});

it("what was bought in the place of a resource's port is its own under another name too", async () => {
  const world = { purchases: [{ key: "b" }, { id: "p", instead: "old" }], ports: [{}] };
  const run = start(world);
  expect([await run.killed.bought("z"), await run.killed.find("z", "other")]).toEqual([undefined, undefined]);
  expect([(await run.killed.bought("z", "old"))?.id, (await run.killed.find("z", "old"))?.id]).toEqual(["p", "p"]);
  const lost = start({ purchases: [{ instead: "old" }], ports: [{}] });
  expect((await lost.killed.find("z", "old"))?.id).toBe("p");
});

it("what killed renewals bought in the place of a port is what they say, and no state holds", async () => {
  const instead = "old";
  const purchases = [{ id: "p", instead }, { id: "q", instead }, { id: "r", instead: "other" }, { id: "s" }];
  const run = start({ purchases: [...purchases, { id: "t", instead, run: "mine" }], held: ["q"] });
  expect(await run.killed.boughtInstead("old")).toEqual({ surely: ["p"], maybe: [] });
});

it("what their orders may have bought that were never answered is all that fits and belongs to nobody", async () => {
  const instead = "old";
  const ports = ["p", "q", "of a state", "of a purchase"].map((id) => ({ id }));
  const others = [
    { id: "too early", createdAt: NOW - 3 * MINUTE },
    { id: "British", country: { id: "gb" } as never },
  ];
  const known = { id: "of a purchase", key: "b" };
  const maybe = async (more: Partial<Purchase>): Promise<string[]> => {
    const purchases = [{ instead, ...more }, known];
    const run = start({ purchases, ports: [...ports, ...others], held: ["of a state"] });
    const answer = await run.killed.boughtInstead("old");
    expect(run.open).toHaveLength(2);
    return answer.maybe;
  };
  expect(await maybe({})).toEqual(["p", "q"]);
  expect(await maybe({ id: "p" })).toEqual([]);
  expect(await maybe({ instead: "other" })).toEqual([]);
});
