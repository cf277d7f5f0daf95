import { type Port } from "../../api";
import { typeOf } from "../../domain/kinds";
import { UNKNOWN } from "../../domain/unknown";
import { ProviderError } from "../../provider/errors";
import { type PortArgs } from "../../provider/port/args";
import { decide } from "../../provider/port/decision";
import { type PortState } from "../../provider/port/state";
import { type Session } from "../../provider/run/session";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const URN = `urn:pulumi:dev::shop::${typeOf("Port")}::a`;
const iso = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();
const ARGS: PortArgs = { country: "DE", expiresIn: "30d", renewBefore: "1h" };
const state = (secondsLeft: number, more: Partial<PortState> = {}): PortState => ({
  ...ARGS,
  slotType: "shared",
  portId: "p",
  status: "active",
  expiresAt: iso(secondsLeft),
  renewAt: iso(secondsLeft - 3_600),
  ...more,
});
const OLD = { portId: "old", since: iso(-600) };
const ENDED = { portId: "ended", since: iso(-600), expiresAt: iso(-1) };

/** What is known of the run around: as the vendor, the stack's state and the journal have it. */
interface Told {
  isHeld?: boolean;
  serving?: Partial<Port> | "gone";
  settings?: object[];
  /** When an update may have bought that did not end. */
  update?: { at: number; until: number };
  wasReleasing?: boolean;
  /** What a killed run bought for it, by the journal. */
  bought?: Partial<Port>;
  doubt?: string;
}

async function decision(olds: PortState, news: Partial<PortArgs> = {}, told: Told = {}, hold?: number) {
  const infos: string[] = [];
  const session = {
    now: async () => NOW,
    info: (text: string) => infos.push(text),
    notice: (text: string) => infos.push(text),
    memory: { isHeld: () => told.isHeld ?? true },
    ports: {
      find: async (id: string) => (told.serving === "gone" ? undefined : { id, status: "active", ...told.serving }),
    },
    purchases: {
      wasReleasing: () => told.wasReleasing ?? false,
      boughtEarlier: async () => {
        if (told.doubt !== undefined) throw new ProviderError(told.doubt);
        return told.bought;
      },
      updateOf: async () => told.update,
    },
    resourcesOf: async () => told.settings ?? [],
  };
  const made = await decide("p0", olds, { ...ARGS, ...news }, { urn: URN, hold }, session as unknown as Session);
  return { renews: made.renews, releases: made.releases.map(({ portId }) => portId), infos };
}

describe("a lease", () => {
  it("that runs is left alone, and one that is due is renewed, with what becomes of the old port", async () => {
    expect(await decision(state(3_601))).toEqual({ renews: false, releases: [], infos: [] });
    const { renews, infos } = await decision(state(1_800));
    expect([renews, ...infos]).toEqual([
      true,
      "lease ends in 30 min: renewed; the old port serves until the next run if a slot is free.",
    ]);
  });

  it.each([
    ["6h", "; the old port serves for 6 h more if a slot is free."],
    [0, "; the old port is released."],
  ])("with an overlap of %p says so", async (overlap, text) => {
    expect((await decision(state(1_800), { overlap })).infos).toEqual([`lease ends in 30 min: renewed${text}`]);
  });

  it("that runs, of a port that a killed run deleted for its replacement, promises nothing of it", async () => {
    const { infos } = await decision(state(86_400), {}, { bought: { id: "b", slotType: "shared" }, serving: "gone" });
    expect(infos).toEqual(["a run that did not end bought another port for it: renewed."]);
  });

  it("of a port that serves nobody says nothing of it", async () => {
    const { infos } = await decision(state(1_800, { status: "suspended" }));
    expect(infos).toEqual(["lease ends in 30 min: renewed."]);
  });

  it("waits where a fleet holds it back", async () => {
    expect((await decision(state(1_800), {}, {}, 60)).renews).toBe(false);
  });

  it("is not acted on by a refresh, which compares without a check, nor before a preview knows its terms", async () => {
    expect(await decision(state(-1, { retiring: [ENDED] }), {}, { isHeld: false })).toEqual({
      renews: false,
      releases: [],
      infos: [],
    });
    for (const name of ["expiresIn", "renewBefore", "onExpired", "overlap"]) {
      const { renews, releases } = await decision(state(-1, { retiring: [ENDED] }), { [name]: UNKNOWN });
      expect([renews, releases]).toEqual([false, []]);
    }
  });
});

describe("a renewal that was killed goes on, whatever the program says of leases that are over", () => {
  const update = { at: NOW - 600_000, until: NOW };

  it.each<[string, Told, boolean]>([
    ["nothing knows of one", {}, false],
    ["the journal knows of a release", { wasReleasing: true }, true],
    ["the journal knows of a purchase", { bought: {} }, true],
    ["the state knows of an update that did not end", { update }, true],
    ["that one was over before the lease was due", { update: { at: 0, until: NOW - 3_661_000 } }, false],
  ])("%s", async (_what, told, renews) => {
    expect((await decision(state(-60), { onExpired: "keep" }, told)).renews).toBe(renews);
  });

  it("nor does the bound of a fleet hold it back", async () => {
    expect((await decision(state(1_800), {}, { wasReleasing: true }, 60)).renews).toBe(true);
    expect((await decision(state(1_800), {}, { update }, 60)).renews).toBe(true);
  });

  it("also while the lease runs on, where a replacement was asked for: the same slot type is bought", async () => {
    const { renews, infos } = await decision(state(7_200), {}, { bought: { slotType: "shared" } });
    expect([renews, infos[0]]).toEqual([
      true,
      "a run that did not end bought another port for it: renewed; the old port serves until the next run if a slot is free.",
    ]);
    expect((await decision(state(7_200), {}, { bought: { slotType: "private" } })).renews).toBe(false);
  });

  it("a doubt is said, and holds back nothing", async () => {
    const { renews, infos } = await decision(state(7_200), {}, { doubt: "two new ports fit" });
    expect([renews, infos]).toEqual([false, ["two new ports fit"]]);
  });

  it("but not where the lease was not due at that time, or runs still", async () => {
    const notDue = state(60, { status: "deleted", renewAt: iso(30) });
    expect((await decision(notDue, { onExpired: "keep" }, { update })).renews).toBe(false);
    expect((await decision(state(7_200), { onExpired: "keep" }, { wasReleasing: true })).renews).toBe(false);
  });
});

describe("old ports", () => {
  it("go with the next run, or when their overlap has passed", async () => {
    expect(await decision(state(7_200, { retiring: [OLD] }))).toEqual({
      renews: false,
      releases: ["old"],
      infos: ["old port old is released."],
    });
    expect((await decision(state(7_200, { retiring: [OLD] }), { overlap: "1h" })).releases).toEqual([]);
    const both = await decision(state(7_200, { retiring: [OLD, { ...OLD, portId: "older" }] }));
    expect(both.infos).toEqual(["old ports old, older are released."]);
  });

  it.each<[string, Told["serving"]]>([
    ["gone", "gone"],
    ["expired", { status: "expired" }],
    ["suspended", { status: "suspended" }],
    ["over", { expiresAt: NOW }],
  ])(
    "stay while the one after them is %s by the vendor's word, unless their own lease has ended",
    async (_what, serving) => {
      const { releases, infos } = await decision(state(7_200, { retiring: [OLD, ENDED] }), {}, { serving });
      expect(releases).toEqual(["ended"]);
      expect(infos[0]).toBe(
        "an old port is kept: port p does not serve. `pulumi up --refresh` takes that into the state.",
      );
    },
  );

  const setting = (name: string, more: object = {}): object => ({
    urn: `urn:pulumi:dev::shop::${typeOf("Credentials")}::${name}`,
    type: typeOf("Credentials"),
    outputs: { port: "p0", __portId: "old" },
    ...more,
  });

  it("stay until all settings are on the one after them", async () => {
    const retiring = state(7_200, { retiring: [OLD] });
    const one = await decision(retiring, {}, { settings: [setting("login")] });
    expect([one.releases, one.infos[0]]).toEqual([
      [],
      'an old port is kept until Credentials "login" is on port p; settings follow a Port that they are given as `port`.',
    ]);
    const two = await decision(retiring, {}, { settings: [setting("a"), setting("b")] });
    expect(two.infos[0]).toMatch(/until Credentials "a" and Credentials "b" are on port p;/);
  });

  it.each<[string, object]>([
    ["are on it", { outputs: { port: "p0", __portId: "p" } }],
    ["are another Port's", { outputs: { port: "p9", __portId: "old" } }],
    ["go themselves", { delete: true }],
    ["are none", { type: typeOf("Rotation") }],
  ])("do not wait for settings that %s", async (_what, more) => {
    const { releases } = await decision(state(7_200, { retiring: [OLD] }), {}, { settings: [setting("s", more)] });
    expect(releases).toEqual(["old"]);
  });

  it("are not asked about where only such go whose own lease has ended", async () => {
    const { releases, infos } = await decision(state(7_200, { retiring: [ENDED] }), {}, { serving: "gone" });
    expect([releases, infos]).toEqual([["ended"], ["old port ended is released."]]);
  });
});
