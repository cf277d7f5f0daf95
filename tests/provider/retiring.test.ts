import { type Port } from "../../api";
import { type KindName, typeOf } from "../../domain/kinds";
import { type RetiringPort } from "../../domain/lease";
import { release, releasePort, Room, settingsBehind } from "../../provider/port/retiring";
import { type PortState } from "../../provider/port/state";
import { ProgramMemory } from "../../provider/run/program-memory";
import { type Session } from "../../provider/run/session";

const NOW = Date.parse("2026-03-29T12:00:00Z");
const urnOf = (name: string, kind: KindName = "Port"): string => `urn:pulumi:dev::shop::${typeOf(kind)}::${name}`;
const old = (portId: string, hour = 1): RetiringPort => ({ portId, since: `2026-03-29T0${hour}:00:00Z` });
/** A Port of the state, whose id is its name, whose serving port is "<name>-now", with what retires. */
const held = (name: string, retiring: RetiringPort[], more: Partial<PortState> = {}): object => ({
  urn: urnOf(name),
  type: typeOf("Port"),
  id: name,
  outputs: { portId: `${name}-now`, slotType: "shared", status: "active", retiring, ...more },
});
const setting = (kind: KindName, name: string, outputs: object, more: object = {}): object => ({
  urn: urnOf(name, kind),
  type: typeOf(kind),
  id: name,
  outputs,
  ...more,
});

interface World {
  resources?: object[];
  /** Ports that the vendor has; "<name>-now" of each Port of the state is one too, unless `gone` names it. */
  live?: string[];
  gone?: string[];
  suspended?: string[];
  /** Releases of these are refused. */
  refused?: string[];
  isFree?: boolean;
  isWanted?: boolean;
}

function start({ resources = [], live = [], gone = [], suspended = [], refused = [], ...run }: World = {}) {
  const serving = (resources as { outputs?: { portId?: string } }[]).flatMap(({ outputs }) => outputs?.portId ?? []);
  const ids = new Set([...live, ...serving].filter((id) => !gone.includes(id)));
  const portOf = (id: string): Port => ({ id, status: suspended.includes(id) ? "suspended" : "active" });
  const released: string[] = [];
  const freed: string[] = [];
  const said: [string, string?][] = [];
  const say = (text: string, urn?: string): void => void said.push([text, urn]);
  const memory = new ProgramMemory();
  const session = {
    memory,
    now: async () => NOW,
    info: say,
    notice: say,
    resourcesOf: async () => resources,
    slots: { isFree: () => run.isFree ?? false, freed: (slotType: string) => freed.push(slotType) },
    ports: {
      all: async () => new Map([...ids].map((id) => [id, portOf(id)])),
      find: async (id: string) => (ids.has(id) ? portOf(id) : undefined),
      removed: (id: string) => ids.delete(id),
    },
    isWanted: async () => run.isWanted ?? true,
    api: {
      ports: {
        delete: async (id: string) => {
          if (refused.includes(id)) throw new Error("no scope");
          released.push(id);
          return ids.has(id);
        },
      },
    },
  } as unknown as Session;
  const room = new Room(session);
  const buy = async (): Promise<string> => `bought after ${released.join(" and ") || "nothing"}`;
  const make = (own: RetiringPort[] = [], isServed = true): Promise<string | undefined> =>
    room.make("shared", { urn: urnOf("new") }, own, isServed, buy);
  return { session, memory, room, make, released, freed, said };
}

describe("room for a purchase that finds no free slot", () => {
  it("is made by no old port that another Port has, and by the port that a renewal of this run left", async () => {
    const run = start({ resources: [held("a", [old("1"), old("2", 2)])], live: ["1", "2"] });
    run.memory.own("1", urnOf("b"));
    expect([await run.make(), run.released]).toEqual(["bought after 2", ["2"]]);
    expect(await run.make()).toBeUndefined();
    run.memory.own("3", urnOf("c"));
    run.memory.retires(old("3", 3), "shared");
    expect(await run.make()).toBe("bought after 2 and 3");
  });

  it("is there where a slot has become free meanwhile: nothing is released", async () => {
    const { make, released } = start({ resources: [held("a", [old("1")])], live: ["1"], isFree: true });
    expect([await make(), released]).toEqual(["bought after nothing", []]);
  });

  it("is made by one old port, which the resource's row names, and whose slot is free then", async () => {
    const { make, freed, said, memory } = start({ resources: [held("a", [old("1"), old("2")])], live: ["1", "2"] });
    expect(await make()).toBe("bought after 1");
    expect(said).toEqual([["no slot was free: old port 1 was released early.", urnOf("new")]]);
    expect([freed, memory.isReleased("1")]).toEqual([["shared"], true]);
  });

  it.each<[string, World, { own?: RetiringPort[]; isServed?: boolean; retired?: RetiringPort[] }, string]>([
    [
      "the oldest, whoever's it is",
      { resources: [held("a", [old("2", 2)]), held("b", [old("1", 1)])], live: ["1", "2"] },
      {},
      "1",
    ],
    [
      "the resource's own before older ones of others",
      { resources: [held("a", [old("1", 1)])], live: ["1", "2"] },
      { own: [old("2", 2)] },
      "2",
    ],
    [
      "its own last, where only those serve for it",
      { resources: [held("a", [old("1", 1), old("2", 2)])], live: ["1", "2"] },
      { own: [old("1", 1)], isServed: false },
      "2",
    ],
    ["its own, where there are no others", { live: ["1"] }, { own: [old("1")], isServed: false }, "1"],
    ["one that a renewal of this run left", {}, { retired: [old("1")] }, "1"],
    [
      "one of an earlier run before those of this one",
      { resources: [held("a", [old("2", 2)])], live: ["2"] },
      { retired: [old("1", 1)] },
      "2",
    ],
    [
      "what settings are still on after all others",
      {
        resources: [held("a", [old("1", 1)]), setting("Credentials", "login", { port: "a", __portId: "1" })],
        live: ["1"],
      },
      { retired: [old("2", 2)] },
      "2",
    ],
    [
      "and of several with settings the oldest",
      {
        resources: [
          held("a", [old("2", 2)]),
          held("b", [old("1", 1)]),
          ...["a", "b"].map((port) => setting("Credentials", port, { port, __portId: port })),
        ],
        live: ["1", "2"],
      },
      {},
      "1",
    ],
    [
      "the next one where a release fails",
      { resources: [held("a", [old("1"), old("2")])], live: ["1", "2"], refused: ["1"] },
      {},
      "2",
    ],
    ["the next one where a port is gone", { resources: [held("a", [old("1"), old("2")])], live: ["2"] }, {}, "2"],
  ])("goes to %s", async (_which, world, { own, isServed, retired = [] }, id) => {
    const run = start(world);
    for (const one of retired) run.memory.retires(one, "shared");
    expect(await run.make(own, isServed)).toBe(`bought after ${id}`);
  });

  it.each<[string, World, (memory: ProgramMemory) => void]>([
    ["there is none", { resources: [held("a", [])], live: ["1"] }, () => undefined],
    ["a state names none", { resources: [{ urn: urnOf("a"), type: typeOf("Port") }] }, () => undefined],
    [
      "the only one has a slot of the other type",
      { resources: [held("a", [old("1")], { slotType: "private" })], live: ["1"] },
      () => undefined,
    ],
    ["so has the one of this run", {}, (memory) => memory.retires(old("1"), "private")],
    [
      "no port is known to serve after it",
      { resources: [held("a", [old("1")], { status: "renewing" })], live: ["1"] },
      () => undefined,
    ],
    [
      "the port after it is gone",
      { resources: [held("a", [old("1")])], live: ["1"], gone: ["a-now"] },
      () => undefined,
    ],
    [
      "the port after it is suspended",
      { resources: [held("a", [old("1")])], live: ["1"], suspended: ["a-now"] },
      () => undefined,
    ],
    [
      "this run has yet to buy the port after it",
      { resources: [held("a", [old("1")])], live: ["1"] },
      (memory) => memory.serves("a", "b"),
    ],
    ["it is another account's", { resources: [held("a", [old("1")])] }, () => undefined],
    [
      "this run has released it",
      { resources: [held("a", [old("1")])], live: ["1"] },
      (memory) => memory.wasReleased("1"),
    ],
    ["its release fails", { resources: [held("a", [old("1")])], live: ["1"], refused: ["1"] }, () => undefined],
    [
      "the run has ended that asked",
      { resources: [held("a", [old("1")])], live: ["1"], isWanted: false },
      () => undefined,
    ],
  ])("is none where %s: nothing is released or bought", async (_why, world, learn) => {
    const run = start(world);
    learn(run.memory);
    expect([await run.make(), run.released, run.said]).toEqual([undefined, [], []]);
  });

  it("counts the port that this run bought as the one that serves now", async () => {
    const run = start({ resources: [held("a", [old("1")])], live: ["1", "bought"], gone: ["a-now"] });
    run.memory.serves("a", "bought");
    expect(await run.make()).toBe("bought after 1");
  });

  it("is made once more for a purchase whose slot another took", async () => {
    const run = start({ resources: [held("a", [old("1"), old("2")])], live: ["1", "2"] });
    const made = await run.room.make("shared", {}, [], true, async (again) => [await again(), await again()]);
    expect([made, run.released]).toEqual([
      [true, false],
      ["1", "2"],
    ]);
  });

  it("is made for one purchase at a time, also after one that failed", async () => {
    const run = start({ resources: [held("a", [old("1"), old("2")])], live: ["1", "2"] });
    const order: string[] = [];
    const buy = (name: string) => async (): Promise<string> => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
      if (name === "first") throw new Error("refused");
      return name;
    };
    const both = ["first", "second"].map((name) => run.room.make("shared", {}, [], true, buy(name)));
    expect(await Promise.allSettled(both)).toMatchObject([{ status: "rejected" }, { value: "second" }]);
    expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  });

  it("waits for renewals that found a free slot: each leaves an old port", async () => {
    const run = start();
    let end = (): void => undefined;
    const renewal = run.room.renewing(new Promise<string>((resolve) => (end = () => resolve("renewed"))));
    const made = run.make();
    await new Promise(setImmediate);
    run.memory.retires(old("1"), "shared");
    end();
    expect([await renewal, await made]).toEqual(["renewed", "bought after 1"]);
    const failed = run.room.renewing(Promise.reject(new Error("refused")));
    run.memory.retires(old("2"), "shared");
    expect(await run.make()).toBe("bought after 1 and 2");
    await expect(failed).rejects.toThrow("refused");
  });
});

describe("a release", () => {
  it("keeps what the vendor refuses, and says why on the resource's row", async () => {
    const run = start({ live: ["1", "2", "3"], refused: ["2"] });
    const left = await release(
      ["1", "2", "3"].map((id) => old(id)),
      "shared",
      run.session,
      urnOf("a"),
    );
    expect([left, run.released]).toEqual([[old("2")], ["1", "3"]]);
    expect(run.said).toEqual([["old port 2 was not released; the next run tries again: no scope", urnOf("a")]]);
  });

  it("of a port that is gone frees no slot, and is no error", async () => {
    const run = start();
    await releasePort("1", "private", run.session);
    expect([run.freed, run.memory.isReleased("1")]).toEqual([[], true]);
  });

  it("frees a slot of the port's type, and the port is read no more from a list of before", async () => {
    const run = start({ live: ["1"] });
    await releasePort("1", "private", run.session);
    expect([run.freed, await run.session.ports.find("1")]).toEqual([["private"], undefined]);
  });

  it("is none where the run has ended that asked for it", async () => {
    const run = start({ live: ["1"], isWanted: false });
    await expect(releasePort("1", "shared", run.session)).rejects.toThrow("nothing was released");
    expect(run.released).toEqual([]);
  });
});

describe("settings that are not on a Port's new port yet", () => {
  const olds = { portId: "now" } as PortState;

  it.each<[string, object, string[]]>([
    [
      "one that is on an old port",
      setting("Credentials", "login", { port: "a", __portId: "old" }),
      ['Credentials "login"'],
    ],
    ["one of before the first renewal", setting("RotationSettings", "r", { port: "a" }), ['RotationSettings "r"']],
    ["none that is on it", setting("Credentials", "login", { port: "a", __portId: "now" }), []],
    ["none of another Port", setting("Credentials", "login", { port: "b", __portId: "old" }), []],
    ["none that goes", setting("Credentials", "login", { port: "a", __portId: "old" }, { delete: true }), []],
    ["no resource that is no setting", setting("Rotation", "r", { port: "a", __portId: "old" }), []],
    ["none without outputs", { urn: urnOf("c", "Credentials"), type: typeOf("Credentials") }, []],
  ])("are %s", async (_which, one, behind) => {
    const { session } = start({ resources: [{ outputs: {}, ...one }] });
    expect(await settingsBehind("a", olds, {}, session)).toEqual(behind);
  });
});
