import { type SlotType } from "../../domain/slot-type";
import { countryNamed } from "../../domain/place-names";
import { type Country } from "../../api";
import { clean } from "../../text";
import { InputError } from "../errors";
import { type Session } from "../run/session";

/** A country by its ISO code, and a carrier by its name where one was asked for. */
export interface Choice {
  country: string;
  carrier?: string;
}

/** What to choose from. */
interface Wanted {
  countries?: readonly string[];
  slotType?: SlotType;
}

/**
 * The ISO code of the country with most free devices, among those named or all. Of several with as many, the one that
 * was named first, or the first by its code. Prices have no part in it: the vendor's tariffs name no country.
 *
 * @param preferred is taken as long as it has a free device.
 * @throws InputError where none has one.
 */
export async function pickCountry(
  session: Session,
  wanted: Wanted,
  preferred: string | undefined,
  notice: (text: string) => void,
): Promise<string> {
  const all = (await session.reference.askAgain(wanted.slotType === "private")).filter(isFree);
  const free = among(all, wanted.countries);
  const best = free.find(({ code }) => code === preferred) ?? mostFree(free);
  if (!best) throw new InputError("countries", nothingFits(wanted, all));
  for (const name of wanted.countries ?? []) {
    if (!countryNamed(free, name)) notice(`countries: ${clean(name)} has no free device now, or is no country.`);
  }
  return best.code;
}

/** The name of the carrier with most free devices in a country. @throws InputError where none has one. */
export async function pickCarrier(session: Session, slotType: SlotType | undefined, code: string): Promise<string> {
  const isPrivate = slotType === "private";
  const country = countryNamed(await session.reference.countries(isPrivate), code);
  const carriers = country ? await session.api.reference.carriers(country.id, { isPrivate }) : [];
  const best = mostFree(carriers.filter(isFree).sort((a, b) => order(a.name, b.name)));
  if (best) return best.name;
  throw new InputError("withCarrier", `no carrier of ${code} has a free device ${forPort(slotType)} now.`);
}

function among(all: Country[], named: readonly string[] | undefined): Country[] {
  if (!named) return [...all].sort((a, b) => order(a.code, b.code));
  return named.map((name) => countryNamed(all, name)).filter((country) => country !== undefined);
}

interface Stocked {
  freeDeviceCount?: number;
}

/** What is listed has devices (source: the vendor page), so a count that is not reported is no zero. */
const isFree = ({ freeDeviceCount }: Stocked): boolean => freeDeviceCount !== 0;

const mostFree = <T extends Stocked>(all: T[]): T | undefined =>
  [...all].sort((a, b) => (b.freeDeviceCount ?? 1) - (a.freeDeviceCount ?? 1))[0];

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const forPort = (slotType: SlotType = "shared"): string => `for a ${slotType} port`;

function nothingFits({ countries, slotType }: Wanted, all: Country[]): string {
  const where = countries ? `none of ${countries.join(", ")}` : "no country";
  const elsewhere = all.slice(0, 5).map(({ code }) => code);
  const instead = elsewhere.length > 0 ? ` There are some in ${elsewhere.join(", ")}.` : "";
  return `${where} has a free device ${forPort(slotType)} now.${instead}`;
}
