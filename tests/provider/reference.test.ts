import { type Api } from "../../api";
import { Reference } from "../../provider/reference";

const COUNTRIES = [
  { id: "1".repeat(24), name: "Germany", code: "DE", iso3: "DEU" },
  { id: "2".repeat(24), name: "United Kingdom", code: "GB", iso3: "GBR" },
  { id: "3".repeat(24), name: "Poland", code: "PL", iso3: "POL" },
];
const CARRIERS = [
  { id: "a".repeat(24), name: "Vodafone D2 GmbH", brand: "Vodafone" },
  { id: "b".repeat(24), name: "Telefónica Germany GmbH & Co. oHG", brand: "O2" },
  { id: "c".repeat(24), name: "Vodafone Kabel", brand: "Vodafone" },
];

let asked: string[];
let reference: Reference;
beforeEach(() => {
  asked = [];
  reference = new Reference({
    reference: {
      countries: async ({ isPrivate }: { isPrivate: boolean }) => (asked.push(`countries ${isPrivate}`), COUNTRIES),
      carriers: async (id: string) => (asked.push(`carriers ${id}`), CARRIERS),
    },
  } as unknown as Api);
});

it.each(["DE", "de", "DEU", "Germany", " germany ", "1".repeat(24)])("finds a country by %j", async (country) => {
  expect((await reference.resolve({ country }, false)).country.code).toBe("DE");
});

it.each([
  ["O2", "O2"],
  ["telefonica germany gmbh & co. ohg", "O2"],
  ["b".repeat(24), "O2"],
  ["Vodafone D2 GmbH", "Vodafone"],
])("finds a carrier by %j", async (carrier, brand) => {
  expect((await reference.resolve({ country: "DE", carrier }, false)).carrier?.brand).toBe(brand);
});

it.each([
  [{ country: "Germny" }, /^country: "Germny" .*Nearest: Germany \(DE\)/],
  [{ country: "UK" }, /^country: "UK" .*Nearest: /],
  [{ country: "DE", carrier: "O3" }, /^carrier: "O3" .*in Germany now.*Nearest: O2/],
  [
    { country: "DE", carrier: "Vodafone" },
    /^carrier: "Vodafone" fits 2 carriers in Germany: Vodafone D2 GmbH \(a{24}\), Vodafone Kabel \(c{24}\)\. Give a name or an id\.$/,
  ],
])("refuses %j in one line", async (place, message) => {
  const failed = reference.resolve(place, false);
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.not.toThrow(/\n/);
});

it("asks once for each slot type and country", async () => {
  await Promise.all(Array.from({ length: 5 }, () => reference.resolve({ country: "DE", carrier: "O2" }, false)));
  await reference.resolve({ country: "DE" }, true);
  expect(asked).toEqual(["countries false", `carriers ${"1".repeat(24)}`, "countries true"]);
});
