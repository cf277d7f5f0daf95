import { type PlaceArgs } from "../../domain/place-names";
import { type Port } from "../../api";
import { InputError } from "../../provider/errors";
import { type Reference } from "../../provider/run/reference";

/** Where a port is, in words that adoption understands, and what to know of them. */
interface OwnPlace {
  place: PlaceArgs;
  notes: string[];
}

/**
 * The plainest words for a port's place: those by which the vendor's own lists find it, so that a later lease can be
 * had by them too. The lists name places with free devices only; adoption also takes what the port itself is called.
 */
export async function placeOf(port: Port, isPrivate: boolean, reference: Reference): Promise<OwnPlace | undefined> {
  const countries = wordsOf(port.country?.code, port.country?.name, port.country?.id);
  const carriers = wordsOf(port.carrier?.brand, port.carrier?.name, port.carrier?.id);
  for (const country of countries) {
    if (!(await finds({ country }, port, isPrivate, reference))) continue;
    for (const carrier of carriers) {
      const place = { country, carrier };
      if (await finds(place, port, isPrivate, reference)) return { place, notes: [] };
    }
    const notes = carriers.length > 0 ? ["its carrier is not on offer now: any will do"] : [];
    return { place: { country }, notes };
  }
  const [country] = countries;
  if (country === undefined) return undefined;
  const notes = ["its country has no other device now: a next lease may find none there"];
  return { place: { country, carrier: carriers[0] }, notes };
}

const wordsOf = (...words: (string | undefined)[]): string[] => words.filter((word) => word !== undefined);

/** Whether these words lead to the port's place, and to no other. */
async function finds(
  place: PlaceArgs,
  { country, carrier }: Port,
  isPrivate: boolean,
  reference: Reference,
): Promise<boolean> {
  try {
    const found = await reference.resolve(place, isPrivate);
    if (place.carrier === undefined) return country?.code === undefined || found.country.code === country.code;
    return carrier?.brand === undefined || found.carrier?.brand === carrier.brand;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
