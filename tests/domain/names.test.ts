import { isFingerprint } from "../../domain/fingerprints";
import { adoptIn, holdIn, servingPortIn } from "../../domain/hidden-inputs";
import { countryNamed, namesOfCountry, sameName } from "../../domain/place-names";
import { isSlotType, knownSlotType, slotTypeOf } from "../../domain/slot-type";
import { hasUnknown, isUnknown, UNKNOWN } from "../../domain/unknown";

describe("a place", () => {
  const germany = { id: "c1", code: "DE", iso3: "DEU", name: "Germany" };
  const ivory = { id: "c2", code: "CI", name: "Côte d'Ivoire" };

  it.each([
    ["c1", germany],
    ["de", germany],
    ["DEU", germany],
    [" germany ", germany],
    ["cote d'ivoire", ivory],
    ["D", undefined],
    ["", undefined],
  ])("%j is meant by any of its names", (name, country) => expect(countryNamed([germany, ivory], name)).toBe(country));

  it("has no name that the vendor does not give", () =>
    expect(namesOfCountry(ivory)).toEqual(["c2", "CI", "Côte d'Ivoire"]));

  it("has one name with and without accents, and another with other letters", () => {
    expect(sameName("Telefónica", "TELEFONICA")).toBe(true);
    expect(sameName("O2", "O3")).toBe(false);
  });
});

it.each([
  ["shared", "shared"],
  ["private", "private"],
  ["dedicated", undefined],
  [undefined, undefined],
])("the slot type of %p is known as %p", (word, known) => {
  expect([isSlotType(word), knownSlotType(word)]).toEqual([known !== undefined, known]);
});

it("a port is shared unless its program says otherwise", () => {
  expect([slotTypeOf({}), slotTypeOf({ slotType: "private" })]).toEqual(["shared", "private"]);
});

it.each([
  [UNKNOWN, true],
  [["a", UNKNOWN], true],
  [{ a: { b: UNKNOWN } }, true],
  [{ a: { b: null } }, false],
  ["a", false],
  [[], false],
  [undefined, false],
])("%j has an unknown part: %p", (value, has) => {
  expect(hasUnknown(value)).toBe(has);
  expect(isUnknown(value)).toBe(value === UNKNOWN);
});

it.each([
  ["windows:1", true],
  ["", true],
  ["windows:99", false],
  ["constructor", false],
  [1, false],
])("%j is a fingerprint: %p", (value, is) => expect(isFingerprint(value)).toBe(is));

it("hidden inputs that others read", () => {
  expect(adoptIn({ __adopt: "a", adopt: "b" })).toBe("a");
  expect([holdIn({ __hold: 5 }), holdIn({ __hold: "5" }), holdIn({ hold: 5 })]).toEqual([5, undefined, undefined]);
  expect(servingPortIn({ __portId: "p", portId: "q" })).toBe("p");
  expect([servingPortIn(null), servingPortIn(undefined)]).toEqual([undefined, undefined]);
});
