import { type Port, type PortOrder } from "../../api";
import { couldShare, LATE, matchUp, settle, together } from "../../provider/purchase/match-orders";

const AT = 1_000_000_000;
const DAY = 86_400_000;
const ORDER: PortOrder = { countryId: "de", expiresInSeconds: 86_400 };
const sent = (order: Partial<PortOrder> = {}, more: object = {}) => ({
  order: { ...ORDER, ...order },
  at: AT,
  ...more,
});
const port = (id: string, more: Partial<Port> = {}): Port => ({ id, createdAt: AT, expiresAt: AT + DAY, ...more });
const place = (id: string): never => ({ id }) as never;

/** Whether one port is taken for one lost order, in doubt, or none of it. */
function verdict(order: Partial<PortOrder>, more: Partial<Port>, until?: number): "taken" | "unclear" | "none" {
  const one = sent(order, until === undefined ? {} : { until });
  const { found, unclear } = settle([one], [port("a", more)]);
  return found.size > 0 ? "taken" : unclear.size > 0 ? "unclear" : "none";
}

describe("a port is what an order bought", () => {
  it.each<[Partial<PortOrder>, Partial<Port>]>([
    [{}, {}],
    [{}, { createdAt: undefined, expiresAt: undefined }],
    [{}, { createdAt: undefined }],
    [{}, { expiresAt: undefined }],
    [{}, { slotType: "shared", country: place("de"), carrier: place("any") }],
    [
      { isPrivate: true, carrierId: "c", cityId: "x", regionId: "y" },
      { slotType: "private", carrier: place("c") },
    ],
    [{}, { slotType: "a word of tomorrow" }],
    [{ osFingerprint: "ios:1" }, { osFingerprint: "ios:1" }],
    [{}, { osFingerprint: "" }],
  ])("ordered %j, reported %j", (order, told) => expect(verdict(order, told)).toBe("taken"));

  it.each<[Partial<PortOrder>, Partial<Port>]>([
    [{}, { country: place("gb") }],
    [{ carrierId: "c" }, { carrier: place("d") }],
    [{ cityId: "x" }, { city: place("z") }],
    [{ regionId: "x" }, { region: place("z") }],
    [{ isPrivate: true }, { slotType: "shared" }],
    [{}, { slotType: "private" }],
  ])("not ordered %j, reported %j", (order, told) => expect(verdict(order, told)).toBe("none"));

  it("and with another fingerprint may be another's", () => {
    expect([
      verdict({}, { osFingerprint: "ios:1" }),
      verdict({ osFingerprint: "ios:1" }, { osFingerprint: "" }),
    ]).toEqual(["unclear", "unclear"]);
  });

  it.each([
    [-2_001, "none"],
    [-2_000, "taken"],
    [LATE + 2_000, "taken"],
    [LATE + 2_001, "none"],
  ])("where it was made %p ms after the order came up: %s", (after, expected) => {
    expect(verdict({}, { createdAt: AT + after, expiresAt: AT + after + DAY })).toBe(expected);
  });

  it.each([
    [12_000, "taken"],
    [12_001, "none"],
  ])("where it was made by the time that is known, %p ms after: %s", (after, expected) => {
    expect(verdict({}, { createdAt: AT + after, expiresAt: AT + after + DAY }, AT + 10_000)).toBe(expected);
  });

  it.each([
    [60_000, "taken"],
    [-60_000, "taken"],
    [60_001, "unclear"],
    [3_600_000 + 0.05 * DAY, "unclear"],
    [3_600_001 + 0.05 * DAY, "none"],
    [-3_600_001 - 0.05 * DAY, "none"],
  ])("where its lease is %p ms off: %s", (off, expected) => {
    expect(verdict({}, { expiresAt: AT + DAY + off })).toBe(expected);
  });
});

describe("orders could share a port", () => {
  it.each<[Partial<PortOrder>, Partial<PortOrder>, boolean]>([
    [{}, {}, true],
    [{}, { carrierId: "c" }, true],
    [{ carrierId: "c" }, { carrierId: "d" }, false],
    [{}, { countryId: "gb" }, false],
    [{ cityId: "x" }, { cityId: "y" }, false],
    [{ regionId: "x" }, { regionId: "y" }, false],
    [{}, { isPrivate: false }, true],
    [{}, { isPrivate: true }, false],
  ])("%j and %j: %p", (a, b, could) => expect(couldShare({ ...ORDER, ...a }, { ...ORDER, ...b })).toBe(could));

  it("directly or through others", () => {
    const [c, any, d, gb] = [sent({ carrierId: "c" }), sent(), sent({ carrierId: "d" }), sent({ countryId: "gb" })];
    expect(together(c, [c, any, d, gb])).toEqual([c, any, d]);
    expect(together(gb, [c, any, d, gb])).toEqual([gb]);
  });
});

describe("several orders and ports", () => {
  const ids = (found: Map<unknown, Port>, ...orders: unknown[]) => orders.map((one) => found.get(one)?.id);

  it("the order with more conditions comes first, and the other one takes another port or none", () => {
    const [any, vodafone] = [sent(), sent({ carrierId: "v" })];
    const [v, o] = [port("v", { carrier: place("v") }), port("o", { carrier: place("o") })];
    expect(ids(matchUp([any, vodafone], [v, o]), any, vodafone)).toEqual(["o", "v"]);
    expect(ids(matchUp([any, vodafone], [v]), any, vodafone)).toEqual([undefined, "v"]);
  });

  it("an order takes a port whose owner finds another", () => {
    const [city, carrier] = [sent({ cityId: "x" }), sent({ carrierId: "v" })];
    const [both, other] = [
      port("both", { carrier: place("v"), city: place("x") }),
      port("other", { carrier: place("o") }),
    ];
    expect(ids(matchUp([city, carrier], [both, other]), city, carrier)).toEqual(["other", "both"]);
  });

  it("as many ports as orders are theirs; one more, and none is assigned", () => {
    const [one, two] = [sent(), sent()];
    expect(ids(settle([one, two], [port("a"), port("b")]).found, one, two).sort()).toEqual(["a", "b"]);
    const { found, unclear } = settle([one, two], [port("a"), port("b"), port("c")]);
    expect(found.size).toBe(0);
    expect([...unclear.values()]).toEqual(
      Array(2).fill(expect.stringMatching(/^3 new ports fit 2 lost answers: a, b, c\. .* disown a b c`/)),
    );
  });

  it("names a few of many: each resource that is unclear has the text", () => {
    const many = Array.from({ length: 81 }, (_, at) => port(`p${at}`));
    const [text] = settle([sent()], many).unclear.values();
    expect(text).toMatch(/: p0, p1, .*, p7 and 73 more, which `npx proxies-sx orphans` lists\. .* disown <id> …`/);
    const [few] = settle([sent()], many.slice(0, 8)).unclear.values();
    expect(few).toMatch(/, p7\. .* disown p0 .* p7`/);
  });

  it("a port that is none of theirs is no reason to doubt", () => {
    const [any, vodafone] = [sent(), sent({ carrierId: "v" })];
    const ports = [
      port("o", { carrier: place("o") }),
      port("v", { carrier: place("v") }),
      port("gb", { country: place("gb") }),
    ];
    expect(ids(settle([any, vodafone], ports).found, any, vodafone)).toEqual(["o", "v"]);
  });

  it("a port that was there before an order is none that it bought, and may be another's", () => {
    const [later, earlier] = [{ ...sent(), before: new Set(["a"]) }, sent()];
    const { found, unclear } = settle([later, earlier], [port("a")]);
    expect(ids(found, later, earlier)).toEqual([undefined, "a"]);
    expect(unclear.size).toBe(0);
    expect(settle([later], [port("a", { expiresAt: AT + DAY + 90_000 })]).unclear.size).toBe(0);
  });

  it("what is left over for an order is named, with what to do", () => {
    const [one, two] = [sent(), sent()];
    const { found, unclear } = settle([one, two], [port("a"), port("near", { expiresAt: AT + DAY + 90_000 })]);
    expect(ids(found, one, two)).toEqual(["a", undefined]);
    expect([...unclear.keys()]).toEqual([two]);
    expect(unclear.get(two)).toBe(
      '1 new port fits one lost answer: near. If one is yours, adopt it with the resource option { import: "<id>" }; ' +
        "it was not bought again. If none is, `npx proxies-sx disown near` lets the next run buy.",
    );
    expect(settle([one, two], [port("near", { expiresAt: AT + DAY + 90_000 })]).unclear.get(one)).toMatch(
      /^1 new port fits 2 lost answers: near\./,
    );
  });
});
