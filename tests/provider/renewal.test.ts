import { ApiError, type Port } from "../../api";
import { RENEWING, type RetiringPort } from "../../domain/lease";
import { type Hidden } from "../../domain/hidden-inputs";
import { InputError, UnfinishedError } from "../../provider/errors";
import { type PortArgs } from "../../provider/port/args";
import { renew } from "../../provider/port/renewal";
import { type PortState } from "../../provider/port/state";
import { type Place } from "../../provider/run/reference";
import { type Session } from "../../provider/run/session";
import { accountOf } from "./fake-vendor";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const LATER = NOW + 3_600_000;
const HIDDEN: Hidden = { urn: "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a" };
const NEWS: PortArgs = { country: "DE", carrier: "O2", slotType: "shared", expiresIn: "10d" };
const OLDS: PortState = { ...NEWS, slotType: "shared", portId: "old", status: "active" };
const EARLIER: RetiringPort = { portId: "older", since: "2026-03-20T00:00:00.000Z" };
const PLACE: Place = {
  country: { id: "de", code: "DE", name: "Germany" },
  carrier: { id: "o2", brand: "O2", name: "O2" },
};
const OLD = {
  id: "old",
  status: "active",
  expiresAt: LATER,
  country: { id: "de-of-old", code: "DE", name: "Germany" },
  carrier: { id: "o2-of-old", brand: "O2" },
} as unknown as Port;
const NO_DEVICE = new InputError("country", "has no free device.");

const refusal = (reason: string, more: object = {}): ApiError =>
  new ApiError({ code: "forbidden", reason, sent: "yes", maybeDone: false, status: 403, ...more } as never);

/** The vendor, the journal and the run around one renewal, with what was done, in order. */
class Around {
  readonly done: string[] = [];
  readonly infos: unknown[][] = [];
  readonly notices: unknown[][] = [];
  readonly retired: unknown[][] = [];
  readonly releasedPorts = new Set<string>();
  old: Port | undefined = OLD;
  earlier: Port | undefined;
  answer = { id: "new", status: "active", country: PLACE.country, carrier: PLACE.carrier } as unknown as Port;
  wasReleasing = false;
  /** Whether a slot is known to be free. */
  isFree = true;
  /** Whether a refusal is for want of a slot. */
  lacks = true;
  wouldFree = true;
  /** Whether a retiring port of the stack can make room. */
  hasRoom = false;
  resolve: (place: object, isPrivate: boolean) => Promise<Place> = async () => PLACE;
  /** Of the next orders and releases, in turn. */
  readonly orderFaults: (Error | undefined)[] = [];
  readonly releaseFaults: (Error | undefined)[] = [];
  readonly ordered: object[] = [];
  private owing = false;

  readonly session = {
    settings: { apiUrl: "https://vendor" },
    account: accountOf(),
    now: async () => NOW,
    sleep: async (ms: number) => void this.done.push(`${ms / 1_000} s`),
    owed: async (work: () => Promise<unknown>) => {
      this.done.push("owed from here");
      return work();
    },
    isWanted: async () => true,
    notice: (...said: unknown[]) => this.notices.push(said),
    info: (...said: unknown[]) => this.infos.push(said),
    progress: () => undefined,
    reference: { resolve: (place: object, isPrivate: boolean) => this.resolve(place, isPrivate) },
    ports: {
      find: async (id: string) => (this.done.push(`find ${id}`), this.old),
      bought: () => undefined,
      removed: () => undefined,
    },
    purchases: {
      wasReleasing: () => this.wasReleasing,
      releasing: (id: string) => this.done.push(`releasing ${id}`),
      notReleased: (id: string) => this.done.push(`not released ${id}`),
      takeUp: async (_: Hidden, order: object | undefined, __: unknown, instead?: string) => {
        if (order) this.ordered.push(order);
        this.done.push(`take up for ${instead}`);
        return this.earlier;
      },
      buy: async (order: object, _: string, instead?: string) => {
        this.done.push(`buy for ${instead}`);
        this.ordered.push(order);
        const fault = this.orderFaults.shift();
        if (fault) throw fault;
        return this.answer;
      },
    },
    slots: {
      ifFree: async (_: string, buy: () => Promise<unknown>) => (this.isFree ? buy() : undefined),
      lacks: async () => this.lacks,
      wouldFree: () => this.wouldFree,
      taken: (_: string, buy: () => Promise<unknown>) => buy(),
      freed: (type: string) => this.done.push(`freed ${type}`),
    },
    room: {
      renewing: (work: Promise<unknown>) => work,
      make: async (
        type: string,
        _: Hidden,
        own: RetiringPort[],
        isServed: boolean,
        buy: (more: () => Promise<boolean>) => Promise<unknown>,
      ) => {
        this.done.push(`room ${type}, own ${own.map(({ portId }) => portId).join()}, served ${isServed}`);
        return this.hasRoom ? buy(async () => true) : undefined;
      },
    },
    memory: {
      serves: (id: string, portId: string) => this.done.push(`${id}: ${portId} serves`),
      isReleased: (id: string) => this.releasedPorts.has(id),
      wasReleased: (id: string) => this.releasedPorts.add(id),
      retires: (...one: unknown[]) => this.retired.push(one),
    },
    api: {
      ports: {
        delete: async (id: string) => {
          this.done.push(`release ${id}`);
          const fault = this.releaseFaults.shift();
          if (fault) throw fault;
          return true;
        },
      },
    },
  } as unknown as Session;

  async renew(news: Partial<PortArgs> = {}, olds: Partial<PortState> = {}): Promise<PortState> {
    const { session } = this;
    const all = { id: "id", olds: { ...OLDS, ...olds }, news: { ...NEWS, ...news }, hidden: HIDDEN, session };
    return (await renew(all)).state;
  }
}

let around: Around;
beforeEach(() => (around = new Around()));

const BEGIN = ["find old", "take up for old"];
const BOUGHT = ["buy for old", "id: new serves"];
const RELEASED = ["release old", "freed shared"];
const RETIRING = { portId: "old", since: new Date(NOW).toISOString(), expiresAt: new Date(LATER).toISOString() };

describe("where a slot is free", () => {
  it("the new port is bought, and the old one retires", async () => {
    const state = await around.renew({}, { retiring: [EARLIER] });
    expect(around.done).toEqual([...BEGIN, ...BOUGHT]);
    expect(state).toMatchObject({
      portId: "new",
      slotType: "shared",
      countryCode: "DE",
      carrierBrand: "O2",
      retiring: [EARLIER, RETIRING],
      __stack: "organization/test/dev",
    });
    expect(around.retired).toEqual([[RETIRING, "shared"]]);
    expect([around.infos, around.notices]).toEqual([[], []]);
  });

  it("place and slot type are those of the program", async () => {
    await around.renew({ slotType: "private" }, { slotType: "private" });
    expect(around.ordered.at(-1)).toMatchObject({ countryId: "de", carrierId: "o2", isPrivate: true });
  });

  it("what the answer does not say, or says otherwise than it was ordered, is what was ordered", async () => {
    around.answer = { id: "new", status: "active", slotType: "shared" };
    const state = await around.renew({ slotType: "private" }, { slotType: "private" });
    expect(state).toMatchObject({ slotType: "private", countryCode: "DE", carrierBrand: "O2" });
  });

  it("the end of an old port is the state's where the vendor says none", async () => {
    around.old = { ...OLD, expiresAt: undefined };
    const expiresAt = new Date(LATER + 5).toISOString();
    expect((await around.renew({}, { expiresAt })).retiring).toEqual([{ ...RETIRING, expiresAt }]);
    expect((await around.renew()).retiring).toEqual([{ portId: "old", since: RETIRING.since }]);
  });

  it.each<[string, Partial<PortArgs>, Partial<Port>]>([
    ["overlap is 0", { overlap: 0 }, {}],
    ["it serves no more", { overlap: "1h" }, { expiresAt: NOW }],
    ["it is suspended", {}, { status: "suspended" }],
  ])("the old one is released at once where %s", async (_what, news, old) => {
    around.old = { ...OLD, ...old };
    expect((await around.renew(news)).retiring).toBeUndefined();
    expect(around.done).toEqual([...BEGIN, ...BOUGHT, ...RELEASED]);
    expect(around.retired).toEqual([]);
  });

  it("a release that fails after the purchase is a warning", async () => {
    around.releaseFaults.push(new Error("500"));
    expect((await around.renew({ overlap: 0 })).retiring).toEqual([RETIRING]);
    expect(around.notices).toEqual([["old port old was not released; the next run tries again: 500", HIDDEN.urn]]);
  });

  it.each([
    ["gone", (): void => void (around.old = undefined)],
    ["released already", (): void => void around.releasedPorts.add("old")],
  ])("an old one that is %s does not retire", async (_what, set) => {
    set();
    expect((await around.renew({}, { retiring: [EARLIER] })).retiring).toEqual([EARLIER]);
    expect(around.retired).toEqual([]);
    expect(around.done).not.toContain("release old");
  });

  it("a retiring port that this run has released leaves the state", async () => {
    around.releasedPorts.add("older");
    expect((await around.renew({}, { retiring: [EARLIER] })).retiring).toEqual([RETIRING]);
  });
});

describe("where no slot is free", () => {
  beforeEach(() => (around.isFree = false));

  it("a retiring port of the stack makes room, and the old one serves on", async () => {
    around.hasRoom = true;
    expect((await around.renew({}, { retiring: [EARLIER] })).retiring).toEqual([EARLIER, RETIRING]);
    expect(around.done).toEqual([...BEGIN, "room shared, own older, served true", ...BOUGHT]);
  });

  it("the old one is released first, and from then on the purchase is owed", async () => {
    expect((await around.renew()).retiring).toBeUndefined();
    const room = "room shared, own , served true";
    expect(around.done).toEqual([...BEGIN, room, "releasing old", ...RELEASED, "owed from here", ...BOUGHT]);
    expect(around.infos).toEqual([["no slot was free: port old was released before the purchase.", HIDDEN.urn]]);
  });

  it("an old port that serves is kept where its release would free none, and one that is over is not", async () => {
    around.wouldFree = false;
    await expect(around.renew()).rejects.toThrow(/^no shared slot is free, and to release port old would free none/);
    expect(around.done).not.toContain("release old");
    around.old = { ...OLD, status: "expired" };
    await around.renew();
    expect(around.done).toContain("release old");
  });

  it("so is it where the order shows that there is none", async () => {
    around.isFree = true;
    around.orderFaults.push(refusal("no slots"));
    await around.renew();
    expect(around.done).toEqual([
      ...BEGIN,
      "buy for old",
      "room shared, own , served true",
      "releasing old",
      ...RELEASED,
      "owed from here",
      ...BOUGHT,
    ]);
  });

  it("an old one that serves no more makes room itself: retiring ones may have clients", async () => {
    [around.old, around.hasRoom] = [{ ...OLD, status: "expired" }, true];
    await around.renew({}, { retiring: [EARLIER] });
    expect(around.done).toEqual([...BEGIN, "releasing old", ...RELEASED, "owed from here", ...BOUGHT]);
  });

  it("one that is gone cannot: retiring ones do, the own ones last", async () => {
    [around.old, around.hasRoom] = [undefined, true];
    await around.renew({}, { retiring: [EARLIER] });
    expect(around.done).toEqual([...BEGIN, "room shared, own older, served false", ...BOUGHT]);
  });

  it("one that is gone and has none is bought for all the same", async () => {
    around.old = undefined;
    await around.renew();
    expect(around.done).toEqual([...BEGIN, "room shared, own , served false", "owed from here", ...BOUGHT]);
    expect(around.infos).toEqual([]);
  });

  it("room is made once more where another took the slot that was freed", async () => {
    around.orderFaults.push(refusal("no slots"), refusal("no slots"));
    await around.renew({}, { retiring: [EARLIER] });
    expect(around.done.slice(-8)).toEqual([
      "owed from here",
      "buy for old",
      "1 s",
      "buy for old",
      "room shared, own older, served false",
      "2 s",
      ...BOUGHT,
    ]);
  });

  it("that room is enough: the order is sent at once", async () => {
    around.orderFaults.push(refusal("no slots"), refusal("no slots"));
    around.old = { ...OLD, status: "expired" };
    around.hasRoom = true;
    await around.renew({}, { retiring: [EARLIER] });
    expect(around.done.slice(-3)).toEqual(["room shared, own older, served false", ...BOUGHT]);
  });
});

describe("a purchase that is refused for another reason than a slot", () => {
  beforeEach(() => (around.lacks = false));

  it("leaves an old port at work that serves", async () => {
    const error = refusal("no money");
    around.orderFaults.push(error);
    await expect(around.renew()).rejects.toBe(error);
    expect(around.done).toEqual([...BEGIN, "buy for old"]);
  });

  it("is tried again where the old one serves no more, without it", async () => {
    around.old = { ...OLD, status: "expired" };
    around.hasRoom = true;
    around.orderFaults.push(refusal("no money"));
    await around.renew({}, { retiring: [EARLIER] });
    expect(around.done).toEqual([...BEGIN, "buy for old", "releasing old", ...RELEASED, "owed from here", ...BOUGHT]);
    const text =
      "the purchase was refused (no money): port old, which serves no more, was released, and the purchase is tried again.";
    expect(around.infos).toEqual([[text, HIDDEN.urn]]);
  });

  it.each<[string, Error]>([
    ["a fault of this machine", new Error("no disk")],
    ["a fault of the vendor's", refusal("500", { code: "server_error" })],
    ["an answer that was lost", refusal("cut", { maybeDone: true })],
  ])("and one that ends with %s releases nothing", async (_what, error) => {
    around.lacks = true;
    around.old = { ...OLD, status: "expired" };
    around.orderFaults.push(error);
    await expect(around.renew()).rejects.toBe(error);
    expect(around.done).toEqual([...BEGIN, "buy for old"]);
  });
});

describe("a release before the purchase", () => {
  beforeEach(() => (around.isFree = false));

  it.each<[string, Error, string[]]>([
    ["a refusal", refusal("not allowed"), ["not released old"]],
    ["a fault of this machine", new Error("no network card"), ["not released old"]],
    ["an answer that was lost", refusal("cut", { maybeDone: true }), []],
  ])("that ends with %s buys nothing", async (_what, error, noted) => {
    around.releaseFaults.push(error);
    await expect(around.renew()).rejects.toBe(error);
    expect(around.done.slice(3)).toEqual(["releasing old", "release old", ...noted]);
    expect(around.infos).toEqual([]);
  });

  it("leaves a mark in the state where the purchase fails then", async () => {
    around.orderFaults.push(...Array.from({ length: 7 }, () => refusal("no slots")));
    const error = (await around
      .renew({ country: "DE" }, { retiring: [EARLIER] })
      .catch((one: unknown) => one)) as UnfinishedError;
    expect(error).toBeInstanceOf(UnfinishedError);
    expect([error.id, error.message]).toEqual(["id", expect.stringContaining("no slots")]);
    expect(error.properties).toEqual({ ...OLDS, status: RENEWING, retiring: [EARLIER] });
  });

  it("and the mark names no retiring port that is gone", async () => {
    around.orderFaults.push(new Error("no disk"));
    around.releasedPorts.add("older");
    const error = (await around.renew({}, { retiring: [EARLIER] }).catch((one: unknown) => one)) as UnfinishedError;
    expect(error.properties).toEqual({ ...OLDS, status: RENEWING, retiring: undefined });
  });
});

describe("after a release of an earlier run", () => {
  it("the purchase is owed from the first call on, and the old port is not asked for", async () => {
    const state = await around.renew({}, { status: RENEWING });
    expect(around.done).toEqual(["owed from here", "take up for old", ...BOUGHT]);
    expect([state.status, state.retiring]).toEqual(["active", undefined]);
  });

  it("one that the journal alone knows of is owed too", async () => {
    around.wasReleasing = true;
    around.old = undefined;
    await around.renew();
    expect(around.done).toEqual(["owed from here", ...BEGIN, ...BOUGHT]);
  });

  it("a purchase that fails again, or a place that is not known, keeps the mark", async () => {
    around.orderFaults.push(new Error("no disk"));
    await expect(around.renew({}, { status: RENEWING })).rejects.toBeInstanceOf(UnfinishedError);
    around.resolve = () => Promise.reject(NO_DEVICE);
    const error = (await around.renew({}, { status: RENEWING }).catch((one: unknown) => one)) as UnfinishedError;
    expect(error).toBeInstanceOf(UnfinishedError);
    expect(error.properties).toMatchObject({ status: RENEWING, portId: "old" });
    expect(error.message).toBe(NO_DEVICE.message);
  });
});

describe("what an earlier run bought", () => {
  beforeEach(() => (around.earlier = { id: "theirs", status: "active", slotType: "private" } as Port));

  it("is taken up, and nothing is bought", async () => {
    const state = await around.renew({}, { retiring: [EARLIER] });
    expect(around.done).toEqual([...BEGIN, "id: theirs serves"]);
    expect(around.ordered).toEqual([expect.objectContaining({ countryId: "de" })]); // it is looked for by this
    expect(state).toMatchObject({ portId: "theirs", slotType: "private", retiring: [EARLIER, RETIRING] });
  });

  it("is taken up where the place is not known any more", async () => {
    around.resolve = () => Promise.reject(NO_DEVICE);
    const state = await around.renew({ country: "GB" });
    expect(state.portId).toBe("theirs");
    expect(state.countryCode).toBeUndefined();
    expect(around.ordered).toEqual([]);
  });
});

describe("a place at which the vendor lists no free device", () => {
  beforeEach(() => (around.resolve = () => Promise.reject(NO_DEVICE)));
  const alone: Partial<PortArgs> = { carrier: undefined };

  it("is the old port's, which frees one", async () => {
    const state = await around.renew();
    expect(around.ordered.at(-1)).toMatchObject({ countryId: "de-of-old", carrierId: "o2-of-old" });
    expect(state).toMatchObject({ countryCode: "DE", carrierBrand: "O2" });
  });

  it("is its country alone where the program asks for no carrier", async () => {
    await around.renew(alone, alone);
    expect(around.ordered.at(-1)).toMatchObject({ countryId: "de-of-old" });
    expect(around.ordered.at(-1)).not.toHaveProperty("carrierId");
  });

  it.each<[string, Partial<PortArgs>, Partial<PortState>, Partial<Port> | undefined]>([
    ["another country is asked for", { country: "GB" }, {}, {}],
    ["another carrier is asked for", { carrier: "Telekom" }, {}, {}],
    ["the old port is gone", {}, {}, undefined],
    ["the vendor does not say where the old port is", {}, {}, { country: undefined }],
    ["nor by whom", {}, {}, { carrier: undefined }],
    ["or in words alone", alone, alone, { country: { code: "DE", name: "Germany" } }],
    ["of both", {}, {}, { carrier: { brand: "O2", name: "O2" } }],
  ])("is an error where %s", async (_what, news, olds, old) => {
    around.old = old && { ...OLD, ...old };
    await expect(around.renew(news, olds)).rejects.toBe(NO_DEVICE);
    expect(around.done).toEqual(BEGIN);
  });

  it("and an error is passed on where the vendor could not be asked", async () => {
    const error = refusal("500", { code: "server_error" });
    around.resolve = () => Promise.reject(error);
    await expect(around.renew()).rejects.toBe(error);
  });
});

it.each([
  ["private", true],
  ["shared", false],
] as const)("the place is looked up for %s slots", async (slotType, isPrivate) => {
  const asked: boolean[] = [];
  around.resolve = async (_, one) => (asked.push(one), PLACE);
  await around.renew({ slotType }, { slotType });
  expect(asked).toEqual([isPrivate]);
});
