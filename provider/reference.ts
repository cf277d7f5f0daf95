import { distance } from "fastest-levenshtein";
import { type Api, type Carrier, type Country } from "../api";
import { InputError } from "./errors";

/** Where a port is, as a user names it. */
export interface PlaceArgs {
  country: string;
  carrier?: string;
  cityId?: string;
  regionId?: string;
}

/** Where a port is, as the vendor names it. */
export interface Place {
  country: Country;
  carrier?: Carrier;
}

/** The vendor's countries and carriers, asked for once a process and slot type. */
export class Reference {
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(private readonly api: Api) {}

  countries(isPrivate: boolean): Promise<Country[]> {
    return this.once(`countries ${isPrivate}`, () => this.api.reference.countries({ isPrivate }));
  }

  carriers(countryId: string, isPrivate: boolean): Promise<Carrier[]> {
    return this.once(`carriers ${countryId} ${isPrivate}`, () => this.api.reference.carriers(countryId, { isPrivate }));
  }

  /** @throws InputError that names the nearest country or carrier that there is. */
  async resolve(place: { country: string; carrier?: string }, isPrivate: boolean): Promise<Place> {
    const country = findCountry(await this.countries(isPrivate), place.country);
    if (place.carrier === undefined) return { country };
    return { country, carrier: findCarrier(await this.carriers(country.id, isPrivate), place.carrier, country) };
  }

  /** What was asked is asked again: devices have become free since. */
  forget(): void {
    this.answers.clear();
  }

  private once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    let answer = this.answers.get(key) as Promise<T> | undefined;
    if (!answer) this.answers.set(key, (answer = ask()));
    return answer;
  }
}

function findCountry(countries: Country[], wanted: string): Country {
  const names = (c: Country): string[] => [c.id, c.code, c.iso3, c.name].filter((name) => name !== undefined);
  const found = countries.find((c) => names(c).some((name) => sameName(name, wanted)));
  if (found) return found;
  throw new InputError(
    "country",
    `"${wanted}" is not a country where the vendor has devices now. Give an ISO code, an English name or the vendor's id. ` +
      nearest(wanted, countries, names, (c) => `${c.name} (${c.code})`),
  );
}

function findCarrier(carriers: Carrier[], wanted: string, country: Country): Carrier {
  const names = (c: Carrier): string[] => [c.id, c.brand, c.name].filter((name) => name !== undefined);
  const exact = carriers.filter((c) => sameName(c.id, wanted) || sameName(c.name ?? "", wanted));
  const found = exact.length > 0 ? exact : carriers.filter((c) => sameName(c.brand ?? "", wanted));
  if (found.length === 1) return found[0] as Carrier;
  if (found.length > 1) {
    const choices = found.map((c) => `${c.name} (${c.id})`).join(", ");
    throw new InputError(
      "carrier",
      `"${wanted}" fits ${found.length} carriers in ${country.name}: ${choices}. Give a name or an id.`,
    );
  }
  throw new InputError(
    "carrier",
    `"${wanted}" is not a carrier with devices in ${country.name} now. Give a brand, a name or the vendor's id. ` +
      nearest(wanted, carriers, names, (c) => c.brand ?? c.name ?? c.id),
  );
}

export const sameName = (a: string, b: string): boolean => fold(a) === fold(b);

/** "Telefónica" and "telefonica" are one name. */
const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();

function nearest<T>(wanted: string, all: T[], names: (one: T) => string[], label: (one: T) => string): string {
  if (all.length === 0) return "There are none for this slot type.";
  const far = (one: T): number => Math.min(...names(one).map((name) => distance(fold(name), fold(wanted))));
  const closest = [...all].sort((a, b) => far(a) - far(b)).slice(0, 3);
  return `Nearest: ${closest.map(label).join(", ")}.`;
}
