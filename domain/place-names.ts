/** Where a port is, as a user names it. */
export interface PlaceArgs {
  country: string;
  carrier?: string;
  cityId?: string;
  regionId?: string;
}

export const PLACE_PARTS = ["country", "carrier", "cityId", "regionId"] as const satisfies readonly (keyof PlaceArgs)[];

/** A country in each way that it can be named. */
interface NamedCountry {
  id: string;
  code: string;
  iso3?: string;
  name: string;
}

export const namesOfCountry = ({ id, code, iso3, name }: NamedCountry): string[] =>
  [id, code, iso3, name].filter((one) => one !== undefined);

/** The country that a name means, in any of its spellings. */
export const countryNamed = <Country extends NamedCountry>(
  countries: readonly Country[],
  wanted: string,
): Country | undefined => countries.find((one) => namesOfCountry(one).some((name) => sameName(name, wanted)));

export const sameName = (a: string, b: string): boolean => fold(a) === fold(b);

/** "Telefónica" and "telefonica" are one name. */
export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
