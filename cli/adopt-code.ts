import { type Port } from "../api";
import { printable } from "../api/redact";
import { InputError } from "../provider/errors";
import { LEASE_SECONDS, renewalTime, renewBeforeSeconds } from "../provider/lease";
import { OS_FINGERPRINTS } from "../provider/os-fingerprints";
import { type PlaceArgs, type Reference } from "../provider/reference";

/** Code that takes a port under management and changes nothing at the vendor. */
export interface Adoption {
  id: string;
  /** One statement of TypeScript, after comments on what to know of it. Only comments where the port cannot be adopted. */
  code: string;
}

/**
 * @param taken names that resources of the stacks have
 * @param now the vendor's time, epoch ms
 */
export async function adoptCode(
  ports: Port[],
  taken: ReadonlySet<string>,
  reference: Reference,
  now: number,
): Promise<Adoption[]> {
  const names = new Set(taken);
  const adoptions: Adoption[] = [];
  for (const port of ports) {
    const name = freeName(port, names);
    names.add(name);
    adoptions.push({ id: port.id, code: await statement(name, port, reference, now) });
  }
  return adoptions;
}

async function statement(name: string, port: Port, reference: Reference, now: number): Promise<string> {
  const slotType = port.slotType ?? "shared";
  if (slotType !== "shared" && slotType !== "private") return comment(port, "its slot type is unknown to this package");
  const place = await placeOf(port, slotType === "private", reference);
  if (!place) return comment(port, "the vendor does not tell its country, or has no other devices there now");
  const expiresIn = leaseLength(port, now);
  const notes: string[] = [];
  if (place.carrier === undefined && port.carrier) notes.push("its carrier is not on offer now: any will do");
  if (expiresIn === undefined) notes.push("the length of its lease is not known: 30d is a guess for the next one");
  else if (isDue(port, expiresIn, now))
    notes.push("its lease is due: the run after the one that adopts it replaces it");
  const inputs = {
    ...place,
    slotType,
    expiresIn: expiresIn === undefined ? "30d" : inLargestUnit(expiresIn),
    ...(port.osFingerprint && port.osFingerprint in OS_FINGERPRINTS && { osFingerprint: port.osFingerprint }),
  };
  const code = `new proxies.Port(${JSON.stringify(name)}, ${literal(inputs)}, ${literal({ import: port.id })});`;
  return [...notes.map((note) => comment(port, note)), code].join("\n");
}

/** The plainest words for the port's place that adoption will find again. */
async function placeOf(port: Port, isPrivate: boolean, reference: Reference): Promise<PlaceArgs | undefined> {
  const { country = {}, carrier } = port;
  const findable = async (place: PlaceArgs): Promise<boolean> => {
    try {
      const found = await reference.resolve(place, isPrivate);
      if (place.carrier === undefined) return country.code === undefined || found.country.code === country.code;
      return carrier?.brand === undefined || found.carrier?.brand === carrier.brand;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  };
  for (const word of [country.code, country.name, country.id]) {
    if (word === undefined || !(await findable({ country: word }))) continue;
    for (const brand of [carrier?.brand, carrier?.name, carrier?.id]) {
      const place = { country: word, carrier: brand };
      if (brand !== undefined && (await findable(place))) return place;
    }
    return { country: word };
  }
  return undefined;
}

/**
 * Seconds of the whole lease, so that the next one is as long; of what is left where the purchase is not told.
 * Adoption does not compare it: no lease can be changed.
 */
function leaseLength({ createdAt, expiresAt }: Port, now: number): number | undefined {
  if (expiresAt === undefined) return undefined;
  const seconds = Math.round((expiresAt - (createdAt ?? now)) / 1_000);
  return Math.min(Math.max(seconds, LEASE_SECONDS.min), LEASE_SECONDS.max);
}

function isDue({ expiresAt }: Port, expiresIn: number, now: number): boolean {
  return expiresAt !== undefined && now >= renewalTime(expiresAt, renewBeforeSeconds({ expiresIn }));
}

/** "30d", "36h", "90m"; seconds where no unit fits. */
function inLargestUnit(seconds: number): string | number {
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
  ] as const) {
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return seconds;
}

/** From the vendor's name for people: "Proxy #12" becomes "proxy-12". */
function freeName({ id, displayName = "" }: Port, taken: ReadonlySet<string>): string {
  const words = displayName.toLowerCase().match(/[a-z0-9]+/g) ?? ["port", id.slice(-6)];
  const name = words.join("-").slice(0, 60);
  return [name, `${name}-${id.slice(-6)}`, `${name}-${id}`].find((one) => !taken.has(one)) ?? `adopted-${id}`;
}

/** { country: "DE", expiresIn: "30d" } */
function literal(values: object): string {
  const fields = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `{ ${fields.join(", ")} }`;
}

const comment = ({ id }: Port, text: string): string => `// ${printable(id, [])}: ${text}`;
