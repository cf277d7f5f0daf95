import { countryNamed, fold, namesOfCountry, sameName } from "../../domain/place-names";
import { distance } from "fastest-levenshtein";
import { type Api, type Carrier, type Country } from "../../api";
import { InputError } from "../errors";
import { clean } from "../../text";
import { type ReferenceCache } from "./reference-cache";

/** Where a port is, as the vendor names it. */
export interface Place {
  country: Country;
  carrier?: Carrier;
}

/** The vendor's countries and carriers, asked for once a process and slot type. */
export class Reference {
  private readonly answers = new Map<string, Promise<unknown>>();
  /** Whether an answer is an earlier process's. */
  private cached = false;
  private readsCache = true;
  private readonly asked = new Map<string, Promise<unknown>>();

  constructor(
    private readonly api: Api,
    private readonly cache?: ReferenceCache,
  ) {}

  countries(isPrivate: boolean): Promise<Country[]> {
    return this.once(`countries ${isPrivate}`, () => this.api.reference.countries({ isPrivate }));
  }

  carriers(countryId: string, isPrivate: boolean): Promise<Carrier[]> {
    return this.once(`carriers ${countryId} ${isPrivate}`, () => this.api.reference.carriers(countryId, { isPrivate }));
  }

  /** @throws InputError that names the nearest country or carrier that there is. */
  async resolve(place: { country: string; carrier?: string }, isPrivate: boolean): Promise<Place> {
    try {
      return await this.find(place, isPrivate);
    } catch (error) {
      if (!(error instanceof InputError) || !this.cached) throw error;
      this.forget();
      return this.find(place, isPrivate);
    }
  }

  private async find(place: { country: string; carrier?: string }, isPrivate: boolean): Promise<Place> {
    const country = findCountry(await this.countries(isPrivate), place.country);
    if (place.carrier === undefined) return { country };
    return { country, carrier: findCarrier(await this.carriers(country.id, isPrivate), place.carrier, country) };
  }

  /** What was asked is asked again: devices have become free since. */
  forget(): void {
    this.answers.clear();
    this.cached = false;
    this.readsCache = false;
  }

  /** Asks the vendor once, if this process has not yet: its answer has the time, and what is free now. */
  askAgain(isPrivate = false): Promise<Country[]> {
    const question = `countries ${isPrivate}`;
    const live = this.cached ? undefined : this.answers.get(question);
    const asked =
      this.asked.get(question) ?? live ?? this.askAndKeep(question, () => this.api.reference.countries({ isPrivate }));
    this.asked.set(question, asked);
    this.answers.set(question, asked);
    return asked as Promise<Country[]>;
  }

  private once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.answers.get(question) as Promise<T> | undefined;
    if (known) return known;
    const kept = this.readsCache ? (this.cache?.get(question) as T | undefined) : undefined;
    if (kept !== undefined) this.cached = true;
    const answer = kept === undefined ? this.askAndKeep(question, ask) : Promise.resolve(kept);
    this.answers.set(question, answer);
    return answer;
  }

  private async askAndKeep<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const answer = await ask();
    this.cache?.put(question, answer);
    return answer;
  }
}

/** @throws InputError that names the nearest countries that there are. */
export function findCountry(countries: Country[], wanted: string): Country {
  const found = countryNamed(countries, wanted);
  if (found) return found;
  throw new InputError(
    "country",
    `is not a country where the vendor has devices now. Give an ISO code, an English name or the vendor's id. ` +
      nearest(wanted, countries, namesOfCountry, (c) => `${c.name} (${c.code})`),
  );
}

function findCarrier(carriers: Carrier[], wanted: string, country: Country): Carrier {
  const names = (c: Carrier): string[] => [c.id, c.brand, c.name].filter((name) => name !== undefined);
  const exact = carriers.filter((c) => sameName(c.id, wanted) || sameName(c.name ?? "", wanted));
  const found = exact.length > 0 ? exact : carriers.filter((c) => sameName(c.brand ?? "", wanted));
  if (found.length === 1) return found[0] as Carrier;
  if (found.length > 1) {
    const choices = found.map((c) => clean(`${c.name} (${c.id})`)).join(", ");
    throw new InputError(
      "carrier",
      `fits ${found.length} carriers in ${clean(country.name)}: ${choices}. Give a name or an id.`,
    );
  }
  throw new InputError(
    "carrier",
    `is not a carrier with devices in ${clean(country.name)} now. Give a brand, a name or the vendor's id. ` +
      nearest(wanted, carriers, names, (c) => c.brand ?? c.name ?? c.id),
  );
}

/** Characters of a name that are compared: the time grows with the square of them. */
const LONGEST_NAME = 60;

function nearest<T>(wanted: string, all: T[], names: (one: T) => string[], label: (one: T) => string): string {
  if (all.length === 0) return "There are none for this slot type.";
  const short = (name: string): string => fold(name.slice(0, LONGEST_NAME));
  const far = (one: T): number => Math.min(...names(one).map((name) => distance(short(name), short(wanted))));
  const closest = [...all].sort((a, b) => far(a) - far(b)).slice(0, 3);
  return `Nearest: ${closest.map((one) => clean(label(one))).join(", ")}.`;
}
