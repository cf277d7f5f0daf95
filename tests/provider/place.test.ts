import { type Port } from "../../api";
import { UNKNOWN } from "../../domain/unknown";
import { InputError } from "../../provider/errors";
import { type PortArgs } from "../../provider/port/args";
import { driftOf, movedParts, recordedParts } from "../../provider/port/place";
import { type PortState } from "../../provider/port/state";
import { type Session } from "../../provider/run/session";

const TERMS = { expiresIn: "30d" };

describe("what a run changes at the vendor", () => {
  /** Countries and carriers by id, each in two spellings; "Atlantis" is none that the vendor lists. */
  const NAMES: Record<string, string> = { DE: "c1", Germany: "c1", GB: "c2", O2: "v1", o2: "v1", Vodafone: "v2" };
  let asked: boolean[];
  const session = {
    reference: {
      resolve: async ({ country, carrier }: PortArgs, isPrivate: boolean) => {
        asked.push(isPrivate);
        if (!NAMES[country]) throw new InputError("country", "is not listed");
        return { country: { id: NAMES[country] }, ...(carrier !== undefined && { carrier: { id: NAMES[carrier] } }) };
      },
    },
  } as unknown as Session;
  const moved = (olds: Partial<PortArgs>, news: Partial<PortArgs>): Promise<string[]> =>
    movedParts({ country: "DE", ...TERMS, ...olds }, { country: "DE", ...TERMS, ...news }, session);
  beforeEach(() => (asked = []));

  it.each<[string, Partial<PortArgs>, Partial<PortArgs>, string[]]>([
    ["another country", {}, { country: "GB" }, ["country"]],
    ["another carrier", { carrier: "O2" }, { carrier: "Vodafone" }, ["carrier"]],
    ["a carrier, where there was none", {}, { carrier: "O2" }, ["carrier"]],
    [
      "country and carrier, where both are others",
      { carrier: "O2" },
      { country: "GB", carrier: "Vodafone" },
      ["country", "carrier"],
    ],
    [
      "all that is named anew with another country",
      { carrier: "O2" },
      { country: "GB", carrier: "o2" },
      ["country", "carrier"],
    ],
    ["nothing for another spelling", { carrier: "O2" }, { country: "Germany", carrier: "o2" }, []],
    ["nothing but a new city beside another spelling", {}, { country: "Germany", cityId: "x" }, ["cityId"]],
    ["nothing for a part that is not asked for any more", { carrier: "O2", cityId: "x" }, {}, []],
    ["city and region, without a call", {}, { cityId: "x", regionId: "y" }, ["cityId", "regionId"]],
    ["a country that the vendor lists in place of one that it lists no more", { country: "Atlantis" }, {}, ["country"]],
  ])("%s", async (_what, olds, news, parts) => expect(await moved(olds, news)).toEqual(parts));

  it("asks for the places of the port's slot type, and not before all is known", async () => {
    await moved({}, { country: "GB", slotType: "private" });
    expect(asked).toEqual([true, true]);
    expect(await moved({}, { country: "GB", cityId: UNKNOWN })).toEqual(["country", "cityId"]);
    expect(asked).toHaveLength(2);
  });

  it("a new place that the vendor does not list is an error", async () => {
    await expect(moved({}, { country: "Atlantis" })).rejects.toThrow("is not listed");
  });
});

it.each<[Partial<PortArgs>, Partial<PortArgs>, string[]]>([
  [{ carrier: "O2", cityId: "x" }, {}, ["carrier", "cityId"]],
  [{}, { carrier: "O2" }, []],
  [{ carrier: "O2" }, { carrier: "Vodafone" }, []],
  [{}, { expiresIn: "10d", overlap: "1h" }, ["expiresIn", "overlap"]],
  [{ onExpired: "keep", renewBefore: 1 }, { onExpired: "fail" }, ["renewBefore", "onExpired"]],
  [{}, { osFingerprint: "ios:1" }, []],
])("from %j to %j only %j are recorded", (olds, news, parts) => {
  expect(recordedParts({ country: "DE", ...TERMS, ...olds }, { country: "DE", ...TERMS, ...news })).toEqual(parts);
});

describe("drift", () => {
  const OLDS: Partial<PortState> = {
    country: "DE",
    countryCode: "DE",
    carrier: "o2",
    carrierBrand: "O2",
    osFingerprint: "ios:1",
  };
  const told = (more: Partial<Port>): Port => ({ id: "p", ...more });
  const moved = { carrier: { id: "v2", name: "Vodafone", brand: "Vodafone" } };
  const abroad = { country: { id: "c2", code: "GB" } };
  const rotating = (matchCarrier?: boolean, enabled = true): Partial<Port> => ({
    rotationSettings: { enabled, matchCarrier },
  });

  it.each<[string, Partial<Port>, object]>([
    ["nothing reported, no drift", {}, {}],
    [
      "what it was",
      { country: { id: "c1", code: "DE" }, carrier: { id: "v1", name: "O2", brand: "O2" }, osFingerprint: "ios:1" },
      {},
    ],
    ["another country", abroad, { country: "GB" }],
    ["another carrier", moved, { carrier: "Vodafone" }],
    ["another fingerprint", { osFingerprint: "" }, { osFingerprint: "" }],
    ["a carrier that rotation may change is none", { ...moved, ...rotating() }, {}],
    ["it may not where it keeps to the carrier", { ...moved, ...rotating(true) }, { carrier: "Vodafone" }],
    ["nor where it is off", { ...moved, ...rotating(false, false) }, { carrier: "Vodafone" }],
    ["nor to another country", { ...moved, ...abroad, ...rotating() }, { country: "GB", carrier: "Vodafone" }],
    ["a carrier without a brand is none", { carrier: { id: "v2", name: "Vodafone" } }, {}],
  ])("%s", (_what, port, drift) => expect(driftOf(told(port), OLDS)).toEqual(drift));

  it("of what the program does not name, or a state never had, is none of its business", () => {
    const all = told({ ...moved, ...abroad, osFingerprint: "ios:2" });
    expect(driftOf(all, { country: "DE" })).toEqual({});
    expect(driftOf(all, { country: "DE", countryCode: "GB", carrier: "o2" })).toEqual({});
    expect(driftOf(all, { country: "DE", countryCode: "GB", carrierBrand: "O2" })).toEqual({});
  });
});
