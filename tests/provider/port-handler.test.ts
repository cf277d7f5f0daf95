import { PORT_TYPE } from "../../domain/kinds";
import { ApiError, type Port } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { RENEWING, type RetiringPort } from "../../domain/lease";
import { UNKNOWN } from "../../domain/unknown";
import { InputError, UnfinishedError } from "../../provider/errors";
import { type PortArgs } from "../../provider/port/args";
import { port } from "../../provider/port/handler";
import { type PortState } from "../../provider/port/state";
import { type OwnAccount } from "../../provider/run/own-account";
import { ProgramMemory } from "../../provider/run/program-memory";
import { type Place } from "../../provider/run/reference";
import { type Session } from "../../provider/run/session";
import { accountOf } from "./fake-vendor";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const iso = (ms: number): string => new Date(NOW + ms).toISOString();
const urnOf = (name: string): string => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/proxies-sx:Port::${name}`;
const HIDDEN: Hidden = { urn: urnOf("a") };
const ARGS: PortArgs = { country: "DE", carrier: "O2", slotType: "shared", expiresIn: "30d" };
const PLACE: Place = {
  country: { id: "de", code: "DE", name: "Germany" },
  carrier: { id: "o2", brand: "O2", name: "O2" },
};
const STATE: PortState = {
  ...ARGS,
  slotType: "shared",
  portId: "p",
  status: "active",
  countryCode: "DE",
  carrierBrand: "O2",
  createdAt: iso(-86_400_000),
  expiresAt: iso(20 * 86_400_000),
};
const WHOLE = {
  id: "p",
  status: "active",
  slotType: "shared",
  country: PLACE.country,
  carrier: PLACE.carrier,
  serverIp: "10.0.0.1",
  httpPort: 8_001,
  socksPort: 8_002,
  proxyLogin: "login",
  proxyPassword: "password",
  rotationToken: "token",
  createdAt: NOW,
  expiresAt: NOW + 30 * 86_400_000,
} as unknown as Port;
const OLD: RetiringPort = { portId: "old", since: iso(-60_000) };
const OLDER: RetiringPort = { portId: "older", since: iso(-120_000) };

const refusal = (reason: string): ApiError =>
  new ApiError({ code: "forbidden", reason, sent: "yes", maybeDone: false, status: 403 } as never);
const NO_SUCH = new ApiError({ code: "not_found", reason: "no such port", sent: "yes", status: 404 } as never);
const NO_DEVICE = new InputError("country", "has no free device.");

let memory: ProgramMemory;
let account: OwnAccount;
/** What was done, in order. */
let done: string[];
let notices: string[];
/** The vendor's ports by their ids, and what the next calls come to. */
let there: Map<string, Port>;
let young: Port | undefined;
let complete: Port | undefined;
let faults: Partial<Record<"resolve" | "buy" | "move" | "fingerprint" | "complete", Error[]>>;
let instead: { surely: string[]; maybe: string[] };
let handedOut: string[];
let brokeOff: { at: number; until: number } | undefined;
let lacks: boolean;
let hasRoom: boolean;
let resources: object[];
let answer: Port;

beforeEach(() => {
  memory = new ProgramMemory();
  account = accountOf("ours");
  [done, notices, handedOut, resources] = [[], [], [], []];
  there = new Map([["p", WHOLE]]);
  [young, complete, brokeOff, answer] = [undefined, WHOLE, undefined, WHOLE];
  [faults, instead] = [{}, { surely: [], maybe: [] }];
  [lacks, hasRoom] = [true, false];
});

function strike(what: keyof typeof faults): void {
  const fault = faults[what]?.shift();
  if (fault) throw fault;
}

let facts: { resources: object[] } | undefined;
const session = {
  get memory() {
    return memory;
  },
  get account() {
    return account;
  },
  settings: { apiUrl: "https://vendor" },
  stackState: { of: async () => facts },
  now: async () => NOW,
  sleep: async () => undefined,
  isWanted: async () => true,
  owed: (work: () => unknown) => work(),
  notice: (text: string) => notices.push(text),
  info: () => undefined,
  progress: () => undefined,
  reference: {
    resolve: async ({ country, carrier }: PortArgs, isPrivate: boolean) => {
      done.push(`resolve ${country} ${carrier} ${isPrivate}`);
      strike("resolve");
      return {
        country: { ...PLACE.country, id: country },
        ...(carrier && { carrier: { ...PLACE.carrier, id: carrier } }),
      };
    },
    forget: () => done.push("forget"),
  },
  ports: {
    find: async (id: string) => there.get(id),
    askYoung: async (id: string) => (done.push(`ask young ${id}`), young),
    complete: async (id: string) => {
      done.push(`complete ${id}`);
      strike("complete");
      return complete;
    },
    wrote: (id: string) => done.push(`wrote ${id}`),
    bought: () => undefined,
    removed: () => undefined,
  },
  purchases: {
    prepare: async () => done.push("prepare"),
    stateHolds: (id: string) => done.push(`holds ${id}`),
    stateTellsRelease: (id: string) => done.push(`released before: ${id}`),
    adopted: async () => done.push("adopted"),
    imports: (id: string) => done.push(`imports ${id}`),
    takeUp: async () => undefined,
    buy: async (_: object, __: string, of?: string) => {
      done.push(`buy${of === undefined ? "" : ` instead of ${of}`}`);
      strike("buy");
      return answer;
    },
    updateOf: async () => brokeOff,
    boughtInstead: async (id: string) => (done.push(`instead of ${id}`), instead),
    boughtEarlier: async () => undefined,
    wasReleasing: () => false,
    wasHandedOut: (id: string) => handedOut.includes(id),
    letGo: (id: string) => done.push(`let go ${id}`),
  },
  slots: {
    taken: (_: string, buy: () => unknown) => buy(),
    lacks: async () => lacks,
    freed: () => undefined,
  },
  room: {
    make: async (
      _: string,
      __: Hidden,
      own: unknown[],
      isServed: boolean,
      buy: (more: () => Promise<boolean>) => unknown,
    ) => {
      done.push(`room ${own.length} ${isServed}`);
      return hasRoom ? buy(async () => false) : undefined;
    },
  },
  resourcesOf: async () => resources,
  refuseElsewhere: async () => undefined,
  api: {
    ports: {
      delete: async (id: string) => (done.push(`release ${id}`), true),
      reconfigure: async (id: string, to: object) => {
        done.push(`move ${id} ${JSON.stringify(to)}`);
        strike("move");
        return WHOLE;
      },
      setOsFingerprint: async (id: string, to: string) => {
        done.push(`fingerprint ${id} "${to}"`);
        strike("fingerprint");
        return WHOLE;
      },
    },
  },
} as unknown as Session;

describe("check", () => {
  const check = (news: Partial<PortArgs> = {}, olds?: Partial<PortArgs>, hidden: Hidden = HIDDEN): Promise<unknown> =>
    port.check({ olds: olds && { ...ARGS, ...olds }, news: { ...ARGS, ...news }, hidden, session });

  it("refuses what breaks a rule before it asks", async () => {
    await expect(check({ expiresIn: "never" })).rejects.toThrow(/^expiresIn: /);
    expect(done).toEqual([]);
  });

  it.each<[string, Partial<PortArgs>, Partial<PortArgs> | undefined, Hidden, string[]]>([
    [
      "of a new port looks up its place, and what was left of it",
      {},
      undefined,
      HIDDEN,
      ["resolve DE O2 false", "prepare"],
    ],
    [
      "of a private one looks among private devices",
      { slotType: "private" },
      undefined,
      HIDDEN,
      ["resolve DE O2 true", "prepare"],
    ],
    ["of what is as before asks nothing", {}, {}, HIDDEN, []],
    ["of another country", { country: "GB" }, {}, HIDDEN, ["resolve GB O2 false"]],
    ["of another carrier", { carrier: "EE" }, {}, HIDDEN, ["resolve DE EE false"]],
    ["of another slot type", { slotType: "private" }, {}, HIDDEN, ["resolve DE O2 true"]],
    ["of a country that is not known yet", { country: UNKNOWN }, {}, HIDDEN, []],
    ["of a new port whose carrier is not known yet", { carrier: UNKNOWN }, undefined, HIDDEN, ["prepare"]],
    ["of an import asks nothing", {}, undefined, { ...HIDDEN, adopt: "p" }, ["imports p"]],
    [
      "of one that was imported once is one of any",
      { country: "GB" },
      {},
      { ...HIDDEN, adopt: "p" },
      ["resolve GB O2 false"],
    ],
  ])("%s", async (_what, news, olds, hidden, expected) => {
    await check(news, olds, hidden);
    expect(done).toEqual(expected);
  });

  it("of an import refuses the port of another Port, and not of its own resource, which is replaced", async () => {
    memory.own("p", urnOf("b"));
    const hidden = { ...HIDDEN, adopt: "p" };
    await expect(check({}, undefined, hidden)).rejects.toThrow('port p is the port of "b" and of "a": keep one.');
    await check({}, undefined, { adopt: "p" });
    await check({}, {}, hidden);
    memory.engineHolds(urnOf("a"));
    done.length = 0;
    await check({}, undefined, hidden);
    expect(done).toEqual(["prepare"]);
  });
});

describe("diff", () => {
  const diff = (olds: Partial<PortState>, hidden = HIDDEN): Promise<unknown> =>
    port.diff({ id: "p", olds: { ...STATE, ...olds }, news: ARGS, hidden, session });

  it("refuses where another Port has the port that serves", async () => {
    memory.engineHolds(urnOf("a"));
    memory.own("p", urnOf("b"));
    await expect(diff({})).rejects.toThrow('port p is the port of "b" and of "a": keep one.');
  });

  const OLD_OF = (of: string, other: string): string =>
    `port old is an old port of "${of}", and the port of "${other}": it is kept. Take "${other}" out of the state with ` +
    "`pulumi state delete`, which releases nothing.";

  it("says which Port has an old one of its renewal, and goes on", async () => {
    memory.engineHolds(urnOf("a"));
    memory.own("old", urnOf("b"));
    memory.own("older", urnOf("a"));
    await diff({ retiring: [OLDER, OLD] });
    expect(notices).toEqual([OLD_OF("a", "b")]);
  });

  it("refuses where it is the old one of another's renewal", async () => {
    memory.engineHolds(urnOf("a"));
    memory.leaves("old", urnOf("b"));
    await expect(diff({ portId: "old" })).rejects.toThrow(OLD_OF("b", "a"));
    memory.leaves("old", urnOf("a"));
    await diff({ portId: "old" });
  });

  it("of a refresh, with no check before it, claims no port", async () => {
    memory.own("p", urnOf("b"));
    await diff({});
    expect(memory.own("p", urnOf("b"))).toBeUndefined();
  });

  it("that replaces says so to settings, and to the order that follows", async () => {
    memory.engineHolds(urnOf("a"));
    expect(await diff({ slotType: "private" })).toEqual({ changes: true, replaces: ["slotType"] });
    expect([memory.isDying("p"), memory.dyingOf(urnOf("a"))]).toEqual([true, "p"]);
  });
});

describe("create", () => {
  const create = (news: Partial<PortArgs> = {}, hidden = HIDDEN): Promise<{ id: string; state: PortState }> =>
    port.create({ news: { ...ARGS, ...news }, hidden, session });

  it("buys, and has the place that was ordered where the answer has none", async () => {
    answer = { ...WHOLE, country: undefined, carrier: undefined };
    expect(await create()).toMatchObject({
      id: "p",
      state: { countryCode: "DE", carrierBrand: "O2", status: "active" },
    });
    expect(done).toEqual(["resolve DE O2 false", "buy"]);
    expect(memory.servedBy("p")).toEqual({ portId: "p" });
  });

  it("without a carrier has the one that the vendor chose", async () => {
    expect((await create({ carrier: undefined })).state).toMatchObject({ countryCode: "DE", carrierBrand: "O2" });
  });

  it("has the slot type that was ordered", async () => {
    expect((await create({ slotType: "private" })).state.slotType).toBe("private");
  });

  it("of a replacement names the port that it is bought for", async () => {
    memory.willDie("old", urnOf("a"));
    await create();
    expect(done).toContain("buy instead of old");
  });

  it.each<[string, Error[], boolean]>([
    ["that released the old port first looks for a device again", [NO_DEVICE], true],
    ["of another resource does not", [NO_DEVICE], false],
    ["does not where the vendor cannot be asked", [refusal("no scope")], true],
    ["looks once", [NO_DEVICE, NO_DEVICE], true],
  ])("of a replacement %s", async (_what, errors, isHeld) => {
    faults.resolve = [...errors];
    if (isHeld) memory.engineHolds(urnOf("a"));
    const isFound = isHeld && errors.length === 1 && errors[0] === NO_DEVICE;
    const made = create();
    if (isFound) await made;
    else await expect(made).rejects.toBe(errors.at(-1));
    expect(done.includes("forget")).toBe(isHeld && errors[0] === NO_DEVICE);
  });

  describe("without a free slot", () => {
    beforeEach(() => (faults.buy = [refusal("no slots")]));

    it("has a retiring port make room", async () => {
      hasRoom = true;
      expect((await create()).id).toBe("p");
      expect(done).toEqual(["resolve DE O2 false", "buy", "room 0 true", "buy"]);
    });

    it("fails with the refusal where none can", async () => {
      await expect(create()).rejects.toBeInstanceOf(ApiError);
    });

    it("makes none for another refusal, or another error", async () => {
      lacks = false;
      await expect(create()).rejects.toThrow("no slots");
      [lacks, faults.buy] = [true, [new Error("no disk")]];
      await expect(create()).rejects.toThrow("no disk");
      expect(done.filter((what) => what.startsWith("room"))).toEqual([]);
    });

    it.each<[string, () => Hidden, boolean]>([
      ["a resource that the engine holds", () => (memory.engineHolds(urnOf("a")), HIDDEN), true],
      [
        "a resource that the state holds",
        () => ((resources = ["b", "a"].map((name) => ({ urn: urnOf(name), outputs: { portId: name } }))), HIDDEN),
        true,
      ],
      ["a new one", () => ((resources = [{ urn: urnOf("b") }]), HIDDEN), false],
      ["one without a URN", () => ((resources = [{ urn: undefined }]), {}), false],
    ])("of %s names the option that helps, or does not", async (_what, set, isReplacement) => {
      const error = create({}, set());
      if (isReplacement)
        await expect(error).rejects.toThrow(
          /bought before the old one is released: set the option deleteBeforeReplace/,
        );
      else await expect(error).rejects.not.toThrow(/deleteBeforeReplace/);
    });
  });

  describe("whose answer has a part of the port", () => {
    beforeEach(() => (answer = { id: "p" }));

    it("reads the rest", async () => {
      expect((await create()).state).toMatchObject({
        status: "active",
        serverIp: "10.0.0.1",
        proxyPassword: "password",
      });
      expect(done.slice(-2)).toEqual(["complete p", "wrote p"]);
    });

    it.each([
      [
        "is not listed yet",
        (): void => void (complete = undefined),
        /p was bought, but the vendor does not list it yet/,
      ],
      ["cannot be read", (): void => void (faults.complete = [new Error("500")]), /^500$/],
    ])("keeps what there is where it %s", async (_what, set, message) => {
      set();
      const error: unknown = await create().catch((one: unknown) => one);
      expect(error).toBeInstanceOf(UnfinishedError);
      expect(error).toMatchObject({ id: "p", message: expect.stringMatching(message) as string });
      expect((error as UnfinishedError).properties).toMatchObject({ portId: "p", status: undefined });
    });
  });

  it("takes a port that exists under management, unless the resource is being replaced", async () => {
    const hidden = { ...HIDDEN, adopt: "p" };
    expect((await create({}, hidden)).state).toMatchObject({ portId: "p", countryCode: "DE", status: "active" });
    expect(done).toContain("adopted");
    expect((await create({ carrier: undefined }, hidden)).state.portId).toBe("p");
  });

  it("of a replacement takes a port that is live and nobody's in the state, and buys instead of any other", async () => {
    const own = { urn: urnOf("a"), id: "mine", outputs: { portId: "now" } };
    const takes = async (resources: object[] | undefined, adopt = "p"): Promise<boolean> => {
      facts = resources && { resources: resources.map((one) => ({ type: PORT_TYPE, ...one })) };
      done.length = 0;
      await create({}, { ...HIDDEN, adopt });
      return done.includes("adopted");
    };
    const other = { urn: urnOf("b"), id: "other", outputs: { portId: "q", retiring: [{ portId: "old" }] } };
    expect(await takes([own, other])).toBe(true);
    for (const held of ["mine", "now", "other", "q", "old", "gone", "over"]) {
      there.set(held, { ...WHOLE, id: held, ...(held === "over" && { expiresAt: NOW - 1 }) });
      if (held === "gone") there.delete(held);
      expect([held, await takes([own, other], held)]).toEqual([held, false]);
    }
    // What another resource has is taken under a new name, and what is to go is no resource any more.
    expect(await takes([other], "q")).toBe(true);
    expect(await takes([{ ...own, delete: true }], "now")).toBe(true);
    // Without a state this process knows what it has seen.
    expect(await takes(undefined)).toBe(true);
    memory.engineHolds(urnOf("a"));
    // The state has a resource that is replaced under a new name by its old one.
    expect(await takes([{ ...own, urn: urnOf("before") }], "now")).toBe(false);
    expect(await takes(undefined)).toBe(false);
  });
});

describe("read", () => {
  const read = (olds: Partial<PortState> = STATE, id = "p") => port.read({ id, olds, hidden: HIDDEN, session });

  it("of a port that is as the state has it shows no drift", async () => {
    expect(await read()).toMatchObject({ drifted: false, inputs: ARGS, state: { portId: "p", carrierBrand: "O2" } });
    expect([done, notices]).toEqual([["holds p"], []]);
  });

  it("of a port that is suspended says so", async () => {
    there.set("p", { ...WHOLE, status: "suspended" });
    expect(await read()).toMatchObject({ drifted: false, state: { status: "suspended" } });
    expect(notices).toEqual([
      expect.stringMatching(/^port p is suspended by the vendor and does not serve: see to the/),
    ]);
  });

  it.each<[string, Partial<Port>, object, object]>([
    [
      "moved",
      { country: { code: "GB" }, carrier: { brand: "EE" } },
      { country: "GB", carrier: "EE" },
      { carrierBrand: "EE", countryCode: "GB" },
    ],
    ["got another carrier", { carrier: { brand: "EE" } }, { country: "DE", carrier: "EE" }, { carrierBrand: "EE" }],
    [
      "got a fingerprint",
      { osFingerprint: "ios:1" },
      { osFingerprint: "ios:1", carrier: "O2" },
      { carrierBrand: "O2" },
    ],
  ])("of one that %s by itself shows that", async (_what, told, inputs, state) => {
    there.set("p", { ...WHOLE, ...told });
    expect(await read({ ...STATE, osFingerprint: "windows:1" })).toMatchObject({ drifted: true, inputs, state });
  });

  it("of a port that was renewed asks for the one that serves", async () => {
    there.set("new", { ...WHOLE, id: "new" });
    expect((await read({ ...STATE, portId: "new" }))?.state).toMatchObject({ portId: "new" });
  });

  it.each<[string, Partial<Port> | undefined, Partial<PortState>, string]>([
    ["is gone", undefined, {}, "deleted"],
    ["is deleted by its word", { status: "deleted" }, {}, "deleted"],
    ["a renewal released", undefined, { status: RENEWING }, RENEWING],
    ["a renewal released, though the vendor has it still", {}, { status: RENEWING }, RENEWING],
  ])("of one that %s keeps it", async (_what, told, olds, status) => {
    if (told) there.set("p", { ...WHOLE, ...told });
    else there.delete("p");
    there.set("old", { ...WHOLE, id: "old" });
    const found = await read({ ...STATE, retiring: [OLDER, OLD], ...olds });
    expect(found).toMatchObject({ drifted: false, inputs: ARGS, state: { status, portId: "p", retiring: [OLD] } });
    there.delete("old");
    expect((await read({ ...STATE, retiring: [OLD], ...olds }))?.state).not.toHaveProperty("retiring");
  });

  it("drops retiring ports that are gone, also by their word", async () => {
    there.set("old", { ...WHOLE, id: "old", status: "deleted" });
    there.set("older", { ...WHOLE, id: "older" });
    expect((await read({ ...STATE, retiring: [OLDER, OLD] }))?.state.retiring).toEqual([OLDER]);
  });

  it("of one that is missing and young asks again", async () => {
    there.delete("p");
    young = WHOLE;
    expect((await read({ ...STATE, createdAt: iso(-59_999) }))?.state.status).toBe("active");
    for (const createdAt of [iso(-60_000), undefined]) {
      expect((await read({ ...STATE, createdAt }))?.state.status).toBe("deleted");
    }
    expect(done.filter((what) => what.startsWith("ask"))).toHaveLength(1);
  });

  it("of an import gives what the vendor has, and nothing where there is none", async () => {
    expect(await read({}, "p")).toMatchObject({ drifted: false, inputs: { country: "DE", slotType: "shared" } });
    expect(await read({}, "q")).toBeUndefined();
    there.set("q", { ...WHOLE, status: "deleted" });
    expect(await read({}, "q")).toBeUndefined();
    expect(done).toEqual([]);
  });

  it("of an import refuses an old port of another resource", async () => {
    resources = [{ urn: urnOf("b"), outputs: { portId: "new", retiring: [{ portId: "p" }] } }];
    await expect(read({}, "p")).rejects.toThrow(/port p is an old port of "b"/);
    expect((await read())?.state.portId).toBe("p");
  });

  it("marks an update of a due lease that did not end, and no other", async () => {
    brokeOff = { at: 1, until: 2 };
    const due = { ...STATE, renewBefore: "20d" };
    expect((await read(due))?.state).toMatchObject({ __brokeOff: brokeOff });
    expect((await read())?.state).not.toHaveProperty("__brokeOff");
    brokeOff = undefined;
    expect((await read(due))?.state).not.toHaveProperty("__brokeOff");
  });

  it("of a status that the vendor leaves out counts as finished", async () => {
    there.set("p", { ...WHOLE, status: undefined });
    expect((await read({ ...STATE, status: undefined }))?.state.status).toBe("active");
  });
});

describe("update", () => {
  const update = (news: Partial<PortArgs> = {}, olds: Partial<PortState> = {}): Promise<PortState> =>
    port.update({ id: "p", olds: { ...STATE, ...olds }, news: { ...ARGS, ...news }, hidden: HIDDEN, session });
  const decide = (...releases: RetiringPort[]): void => memory.decide(urnOf("a"), { renews: false, releases });

  it.each<[string, RetiringPort[], () => void, string[], string[] | undefined]>([
    ["what was decided, and keeps the rest", [OLD], () => undefined, ["release old"], ["older"]],
    ["nothing that another Port has too", [OLD], () => void memory.own("old", urnOf("b")), [], ["older", "old"]],
    ["nothing twice", [OLD, OLDER], () => memory.wasReleased("old"), ["release older"], undefined],
    ["nothing where nothing was decided", [], () => undefined, [], ["older", "old"]],
  ])("releases %s", async (_what, releases, set, released, left) => {
    set();
    decide(...releases);
    const { retiring } = await update({}, { retiring: [OLDER, OLD] });
    expect(done.filter((what) => what.startsWith("release "))).toEqual(released);
    expect(retiring?.map(({ portId }) => portId).sort()).toEqual(left?.sort());
  });

  it("without a decision of this run only records", async () => {
    expect(await update({ expiresIn: "60d" }, { retiring: [OLD] })).toMatchObject({
      expiresIn: "60d",
      retiring: [OLD],
    });
    expect(done).toEqual(["holds p", "holds old"]);
  });

  it("of a port that was never read reads it", async () => {
    expect((await update({}, { status: undefined, serverIp: undefined })).serverIp).toBe("10.0.0.1");
  });

  it("moves, and then sets the fingerprint", async () => {
    const state = await update({ country: "GB", carrier: undefined, osFingerprint: "ios:1" });
    expect(done.slice(-4)).toEqual(['move p {"countryId":"GB"}', "wrote p", 'fingerprint p "ios:1"', "wrote p"]);
    expect(state).toMatchObject({ country: "GB", osFingerprint: "ios:1", __stack: "organization/shop/dev" });
    expect(state.countryCode).toBe("DE"); // as the fake vendor has it
  });

  it("takes a fingerprint away", async () => {
    await update({}, { osFingerprint: "ios:1" });
    expect(done).toContain('fingerprint p ""');
    expect(done.some((what) => what.startsWith("move"))).toBe(false);
  });

  it("that moved, and did not set the fingerprint, keeps where the port is", async () => {
    faults.fingerprint = [refusal("no such system")];
    const error: unknown = await update(
      { carrier: "EE", osFingerprint: "ios:1" },
      { osFingerprint: "windows:1" },
    ).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UnfinishedError);
    expect((error as UnfinishedError).properties).toMatchObject({ carrier: "EE", osFingerprint: "windows:1" });
  });

  it("that did not move either keeps the state of before", async () => {
    faults.fingerprint = [refusal("no such system")];
    await expect(update({ osFingerprint: "ios:1" })).rejects.toBeInstanceOf(ApiError);
  });

  it.each<[string, () => void, Partial<PortArgs>]>([
    ["a move", () => void (faults.move = [NO_SUCH]), { carrier: "EE" }],
    ["a fingerprint", () => void (faults.fingerprint = [NO_SUCH]), { osFingerprint: "ios:1" }],
    ["the read after it", () => void there.delete("p"), { osFingerprint: "ios:1" }],
  ])("of a port that is gone by the time of %s says what to do", async (_what, set, news) => {
    set();
    await expect(update(news)).rejects.toThrow(/^port p does not exist any more\. Run `pulumi up --refresh`/);
  });

  it("passes on what else a move comes to", async () => {
    faults.move = [refusal("no device")];
    await expect(update({ carrier: "EE" })).rejects.toThrow("no device");
  });
});

describe("delete", () => {
  const remove = (olds: Partial<PortState> = {}, hidden: Hidden = {}): Promise<void> =>
    port.delete({ id: "p", olds: { ...STATE, ...olds }, hidden, session });
  const released = (): string[] => done.flatMap((what) => (what.startsWith("release ") ? [what.slice(8)] : []));

  it("releases old ports, what a renewal bought in its place, and then the one that serves", async () => {
    instead = { surely: ["new"], maybe: [] };
    await remove({ portId: "now", retiring: [OLDER, OLD] });
    expect(done).toContain("instead of now");
    expect(released()).toEqual(["older", "old", "new", "now"]);
    expect(done.at(-1)).toBe("let go now");
    expect(notices).toEqual([]);
  });

  it("of a state without a port has its id", async () => {
    await remove({ portId: undefined });
    expect(released()).toEqual(["p"]);
  });

  it("keeps what this run imports under another name, or has taken up", async () => {
    memory.adopt("p", urnOf("b"));
    handedOut = ["old"];
    await remove({ retiring: [OLD] });
    expect(released()).toEqual([]);
    expect(notices).toEqual([
      "port old is kept: this run has just taken it up.",
      "port p is kept: this run imports it under another name.",
    ]);
  });

  it("keeps what another Port of the program has, where the host says whose the call is", async () => {
    memory.own("p", urnOf("b"));
    await remove({}, HIDDEN);
    expect([released(), notices]).toEqual([[], ['port p is kept: "b" has it.']]);
    await remove({}, { urn: urnOf("b") });
    expect(released()).toEqual(["p"]);
  });

  const held = (name: string, portId = "p", more = {}): object => ({
    ...{ urn: urnOf(name), type: "pulumi-nodejs:dynamic/proxies-sx:Port", id: portId, outputs: { portId }, ...more },
  });
  it.each<[string, object[] | undefined, boolean]>([
    ["has only this one, which got that name in this run and is replaced", [held("a")], false],
    ["has another port for that name by now", [held("b", "new"), held("a", "p", { delete: true })], false],
    ["has both", [held("a"), held("b")], true],
    ["cannot be read", undefined, true],
  ])("of what a Port of another name has goes by the state: it %s", async (_what, state, isKept) => {
    memory.engineHolds(urnOf("b"));
    memory.own("p", urnOf("b"));
    facts = state && { resources: state };
    await remove({}, HIDDEN);
    expect(released()).toEqual(isKept ? [] : ["p"]);
  });

  const MARK = { __brokeOff: { at: 1, until: 2 } };
  it.each<[string, typeof instead, Partial<PortState>, string | undefined]>([
    ["one that may be its own", { surely: [], maybe: ["x"] }, {}, "x"],
    ["that, beside what surely is", { surely: ["new"], maybe: ["x", "y"] }, MARK, "x or y"],
    ["three of them", { surely: [], maybe: ["w", "x", "y", "z"] }, {}, "w or x or y"],
    ["none by its id, where a mark alone says so", { surely: [], maybe: [] }, MARK, "another"],
    ["none, where the mark's is known", { surely: ["new"], maybe: [] }, MARK, undefined],
    ["none", { surely: [], maybe: [] }, {}, undefined],
  ])("names %s", async (_what, found, olds, which) => {
    instead = found;
    await remove(olds);
    const text = `port p: a run that did not end may have bought ${which} in its place: \`npx proxies-sx orphans\` finds it.`;
    expect(notices).toEqual(which === undefined ? [] : [text]);
    expect(released()).toEqual([...found.surely, "p"]);
  });
});
