import { ApiError, type Port, type PortOrder } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { InputError } from "../../provider/errors";
import { type PortArgs } from "../../provider/port/args";
import { asObtained, buy, takeUp } from "../../provider/port/obtain";
import { destination } from "../../provider/port/place";
import { type PortState } from "../../provider/port/state";
import { type OrderOf } from "../../provider/purchase/killed-elsewhere";
import { type Place } from "../../provider/run/reference";
import { type Session } from "../../provider/run/session";
import { accountOf } from "./fake-vendor";

const HIDDEN: Hidden = { urn: "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a", owner: "acme" };
const ARGS: PortArgs = { country: "Germany", carrier: "Telekom", expiresIn: "30d" };
const PLACE: Place = {
  country: { id: "de-id", code: "DE", name: "Germany" },
  carrier: { id: "tk-id", brand: "Telekom", name: "Telekom Deutschland" },
};
const WHOLE: Port = {
  id: "p",
  status: "active",
  country: { id: "de-id", code: "DE", name: "Germany" },
  carrier: { id: "tk-id", brand: "Telekom", name: "Telekom Deutschland" },
  slotType: "shared",
  osFingerprint: "windows",
  serverIp: "10.0.0.1",
  httpPort: 8001,
  socksPort: 8002,
  proxyLogin: "login",
  proxyPassword: "password",
  rotationToken: "token",
  expiresAt: 2_000_000,
  createdAt: 1_000_000,
};

let notices: unknown[][];
let orders: { order: PortOrder; key: string; instead?: string }[];
let reported: string[];
let earlier: Port | undefined;
/** What the journal was asked, and what it could ask of an earlier program's order. */
let asked: { order?: PortOrder; orderOf?: OrderOf; instead?: string; isCreate?: boolean };
/** The port that a comparison found is to be replaced. */
let dying: string | undefined;
let resources: object[];
let resolve: (place: { country: string; carrier?: string }, isPrivate: boolean) => Promise<Place>;
let answer: Port;

beforeEach(() => {
  [notices, orders, reported, resources] = [[], [], [], []];
  [earlier, asked, answer, dying] = [undefined, {}, WHOLE, undefined];
  resolve = async ({ carrier }, isPrivate) => ({
    country: { ...PLACE.country, id: isPrivate ? "de-private" : "de-id" },
    ...(carrier !== undefined && { carrier: PLACE.carrier }),
  });
});

const session = {
  settings: { apiUrl: "https://vendor" },
  account: accountOf(),
  notice: (...said: unknown[]) => notices.push(said),
  memory: { dyingOf: () => dying },
  resourcesOf: async () => resources,
  reference: { resolve: (...place: [{ country: string }, boolean]) => resolve(...place) },
  ports: { bought: ({ id }: Port) => reported.push(id) },
  purchases: {
    buy: async (order: PortOrder, key: string, instead?: string) => (orders.push({ order, key, instead }), answer),
    takeUp: async (_: Hidden, order: PortOrder, orderOf: OrderOf, instead?: string, isCreate?: boolean) => {
      asked = { order, orderOf, instead, isCreate };
      return earlier;
    },
  },
} as unknown as Session;

describe("the state of a port that was obtained", () => {
  const state = (told: object, news: Partial<PortArgs> = {}, old: Partial<PortState> = {}): PortState =>
    asObtained(
      { ...WHOLE, ...told },
      { ...ARGS, ...news },
      { countryCode: "DE", carrierBrand: "Telekom", ...old },
      HIDDEN,
      session,
    );
  const DIFFERS = [["port p is not what the program declares; the next run of `pulumi up` changes it.", HIDDEN.urn]];

  it("is what the program says, and names its stack", () => {
    expect(state({})).toMatchObject({
      country: "Germany",
      carrier: "Telekom",
      carrierBrand: "Telekom",
      countryCode: "DE",
      slotType: "shared",
      __stack: "acme/test/dev",
    });
    expect(notices).toEqual([]);
  });

  it("keeps the brand that the place was ordered by, where the answer has none", () => {
    expect(state({ carrier: undefined })).toMatchObject({ carrier: "Telekom", carrierBrand: "Telekom" });
    expect(notices).toEqual([]);
  });

  it.each<[string, object, Partial<PortArgs>, object]>([
    [
      "country",
      { country: { code: "GB" }, carrier: { brand: "EE" } },
      {},
      { country: "GB", carrier: "EE", carrierBrand: "EE", countryCode: "GB" },
    ],
    [
      "country, with no carrier asked for",
      { country: { code: "GB" }, carrier: { brand: "EE" } },
      { carrier: undefined },
      { country: "GB", carrierBrand: "EE" },
    ],
    ["carrier", { carrier: { brand: "O2" } }, {}, { country: "Germany", carrier: "O2", carrierBrand: "O2" }],
    [
      "fingerprint",
      { osFingerprint: "macos" },
      { osFingerprint: "windows" },
      { osFingerprint: "macos", carrierBrand: "Telekom" },
    ],
    ["slot type", { slotType: "private" }, {}, { slotType: "private", carrierBrand: "Telekom" }],
  ])("is what the vendor says of its %s, and a notice says so", (_what, told, news, expected) => {
    const made = state(told, news);
    expect(made).toMatchObject(expected);
    expect("carrier" in made).toBe(!("carrier" in news));
    expect(notices).toEqual(DIFFERS);
  });

  it("has the slot type that was ordered, whatever the vendor says of it", () => {
    expect(state({ slotType: "private" }, {}, { slotType: "shared" }).slotType).toBe("shared");
    expect(notices).toEqual([]);
  });
});

describe("an order", () => {
  it.each<[string, Partial<PortArgs>, Place, PortOrder]>([
    ["a place", {}, PLACE, { countryId: "de-id", carrierId: "tk-id", expiresInSeconds: 2_592_000, isPrivate: false }],
    [
      "a country alone",
      {},
      { country: PLACE.country },
      { countryId: "de-id", expiresInSeconds: 2_592_000, isPrivate: false },
    ],
    [
      "all there is",
      { slotType: "private", osFingerprint: "windows", cityId: "c", regionId: "r", expiresIn: 60 },
      { country: PLACE.country },
      {
        countryId: "de-id",
        cityId: "c",
        regionId: "r",
        expiresInSeconds: 60,
        isPrivate: true,
        osFingerprint: "windows",
      },
    ],
    [
      "an empty fingerprint, which is none",
      { osFingerprint: "" },
      { country: PLACE.country },
      { countryId: "de-id", expiresInSeconds: 2_592_000, isPrivate: false },
    ],
  ])("of %s has what was asked for, and nothing else", async (_what, news, place, order) => {
    answer = { ...WHOLE, slotType: undefined };
    await buy({ ...ARGS, ...news }, HIDDEN, place, session, "old");
    expect(orders).toEqual([
      { order, key: expect.stringMatching(new RegExp(`^[0-9a-f]{16} ${HIDDEN.urn}$`)) as string, instead: "old" },
    ]);
    expect(reported).toEqual(["p"]);
    expect(notices).toEqual([]);
  });

  it("says whether its answer has the whole port", async () => {
    expect(await buy(ARGS, HIDDEN, PLACE, session)).toEqual({ port: WHOLE, whole: true });
    answer = { id: "p" };
    expect(await buy(ARGS, HIDDEN, PLACE, session)).toEqual({ port: { id: "p" }, whole: false });
  });

  it("without a URN is nobody's", async () => {
    await buy(ARGS, {}, PLACE, session);
    expect(orders.map(({ key }) => key)).toEqual([""]);
  });

  it.each<[PortArgs["slotType"], string | undefined, string[]]>([
    ["shared", "private", ["port p was ordered on a shared slot, and the vendor says private."]],
    ["private", "shared", ["port p was ordered on a private slot, and the vendor says shared."]],
    ["private", "private", []],
    [undefined, "shared", []],
    [undefined, undefined, []],
  ])("of a %s slot that the vendor calls %s", async (slotType, told, expected) => {
    answer = { ...WHOLE, slotType: told };
    await buy({ ...ARGS, slotType }, HIDDEN, PLACE, session);
    expect(notices).toEqual(expected.map((text) => [text, HIDDEN.urn]));
  });

  it("names a place as the vendor does", () => {
    expect(destination({ ...ARGS, cityId: "c" }, PLACE)).toEqual({
      countryId: "de-id",
      carrierId: "tk-id",
      cityId: "c",
    });
    expect(destination({ ...ARGS, regionId: "r" }, { country: PLACE.country })).toEqual({
      countryId: "de-id",
      regionId: "r",
    });
  });
});

describe("what a run bought that did not end well", () => {
  it("is nothing: there is no notice", async () => {
    expect(await takeUp(ARGS, HIDDEN, PLACE, session, "old")).toBeUndefined();
    expect(asked).toMatchObject({ order: { countryId: "de-id", carrierId: "tk-id" }, instead: "old" });
    expect(notices).toEqual([]);
  });

  it("is asked for by the port that it takes the place of too: the comparison has found it, or the state has it", async () => {
    await takeUp(ARGS, HIDDEN, PLACE, session, "old");
    expect(asked).toMatchObject({ instead: "old", isCreate: false });
    dying = "dying";
    await takeUp(ARGS, HIDDEN, PLACE, session);
    expect(asked).toMatchObject({ instead: "dying", isCreate: true });
    dying = undefined;
    const [old, held] = ["old", "held"].map((portId) => ({ urn: HIDDEN.urn, outputs: { portId } }));
    resources = [{ outputs: { portId: "other" } }, { ...old, delete: true }, held as object];
    await takeUp(ARGS, HIDDEN, PLACE, session);
    expect(asked).toMatchObject({ instead: "held", isCreate: true });
  });

  it("is asked for without an order where the place is not known any more", async () => {
    await takeUp(ARGS, HIDDEN, undefined, session);
    expect(asked.order).toBeUndefined();
  });

  it.each<[Port, boolean]>([
    [WHOLE, true],
    [{ id: "p" }, false],
  ])("is taken up, and a notice says so", async (port, whole) => {
    earlier = port;
    expect(await takeUp(ARGS, HIDDEN, PLACE, session)).toEqual({ port, whole });
    expect(notices).toEqual([["port p, which a run bought that did not end well, is taken up.", HIDDEN.urn]]);
  });

  describe("by the inputs of then", () => {
    const orderOf = async (inputs: object): Promise<PortOrder | undefined> => {
      await takeUp(ARGS, HIDDEN, PLACE, session);
      return asked.orderOf?.(inputs);
    };

    it.each<[string, boolean]>([
      ["de-id", false],
      ["de-private", true],
    ])("is an order in %s", async (countryId, isPrivate) => {
      const inputs = { country: "DE", slotType: isPrivate ? "private" : "shared", expiresIn: 60, __urn: "x", other: 1 };
      expect(await orderOf(inputs)).toEqual({ countryId, expiresInSeconds: 60, isPrivate });
    });

    it("is none where they break a rule, or name a place that there is no more", async () => {
      expect(await orderOf({ country: "DE", expiresIn: "never" })).toBeUndefined();
      resolve = () => Promise.reject(new InputError("country", "is gone."));
      expect(await orderOf({ country: "DE", expiresIn: 60 })).toBeUndefined();
    });

    it("is not known where the vendor cannot be asked", async () => {
      const error = new ApiError({ code: "server_error", reason: "500", sent: "yes" } as never);
      resolve = () => Promise.reject(error);
      await expect(orderOf({ country: "DE", expiresIn: 60 })).rejects.toBe(error);
    });
  });
});
