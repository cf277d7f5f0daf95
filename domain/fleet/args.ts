import { SLOT_TYPES } from "../slot-type";
import { type InputName, inputNames, KINDS } from "../kinds";
import { formatDuration, parseDuration } from "../duration";
import { LEASE_SECONDS, renewBeforeSeconds } from "../lease";
import { loginFault } from "../proxy-login";
import { type FleetPlace, type FleetWish, placeKey } from "./plan";

/** How whoever takes the inputs looks at them, and what it does about one that cannot be used. */
export interface FleetChecks {
  /** Stops in one line that names the property, its rule and what to do. Never a value: it may be a secret. */
  fail: (property: string, why: string) => never;
  /**
   * Refuses what is no object, and an input that does not exist.
   *
   * @param at where the object stands among the inputs: "lease", "locations[0]"; "" for the inputs themselves
   * @param such what one may look like
   */
  inputs: (args: unknown, known: readonly string[], at: string, such: string) => void;
}

/**
 * Where members of a {@link ProxyFleet} are. Keep to one spelling of a country or carrier: another one is another
 * location, to which members move.
 */
export interface FleetLocation {
  /** ISO code, English name, or the vendor's id. */
  country: string;
  /** Brand, name, or the vendor's id. Without it any carrier of the country will do. */
  carrier?: string;
  /** The vendor's id. */
  cityId?: string;
  /** The vendor's id. */
  regionId?: string;
  /**
   * Share of the members, in relation to the other weights; 1,000,000 at most. 0: no member is added; existing ones stay.
   *
   * @default 1
   */
  weight?: number;
}

/** How long members are rented for and how they are renewed. Lengths of time are seconds, or "90m", "24h", "30d". */
export interface FleetLease {
  /** Length of each lease, 60 s to 365 d. */
  expiresIn: number | string;
  /**
   * Latest time before expiry at which a member is renewed, by the first run after it.
   *
   * @default a tenth of expiresIn, at most 3 days
   */
  renewBefore?: number | string;
  /**
   * Renewals are spread over this time before `renewBefore`. Each member has its own part of it, always the same.
   *
   * @default 0
   */
  stagger?: number | string;
  /**
   * Most members that one run renews, the most urgent first; the others wait for the next run. The cap is exceeded
   * rather than letting a lease expire: a member whose lease would end before the run after the next is renewed anyway,
   * so that one run may fail, and so is one that has expired.
   *
   * @default a quarter of the fleet
   */
  maxRenewalsPerUpdate?: number;
  /**
   * How often `pulumi up` runs, at the longest. By it the fleet reckons how long a member can wait for its renewal, and
   * warns of leases that would end before the next runs. Where runs are rarer than it says, leases can end.
   *
   * @default "1d"
   */
  runEvery?: number | string;
  /** As {@link PortArgs}. @default "replace" */
  onExpired?: "replace" | "keep" | "fail";
  /** As {@link PortArgs}: how long the old port serves on after a renewal. @default until the next run */
  overlap?: number | string;
}

/** What a fleet is made from, checked and with its defaults. Times in seconds. */
export interface SettledFleet extends FleetWish {
  slotType: "shared" | "private";
  lease: {
    expiresIn: number | string;
    expiresInSeconds: number;
    renewBeforeSeconds: number;
    staggerSeconds: number;
    maxRenewalsPerUpdate: number;
    runEverySeconds: number;
    /** A lease that ends within this is renewed, however many others are in the same run. */
    holdSeconds: number;
    onExpired?: "replace" | "keep" | "fail";
    overlap?: number | string;
  };
}

/** What decides how many ports there are, and where; what is only passed on to the members is of any type. */
export interface FleetInputs {
  size: number;
  locations: FleetLocation[];
  fallback?: string[];
  rebalance?: boolean;
  slotType?: "shared" | "private";
  lease: FleetLease;
  rotation?: object;
  credentials?: object;
  osFingerprint?: unknown;
}

/** Names of all inputs, in the order of their documentation. */
const names = <T extends object>(all: Record<keyof T, true>): string[] => Object.keys(all);
const INPUTS = names<FleetInputs>({
  size: true,
  locations: true,
  fallback: true,
  slotType: true,
  lease: true,
  rotation: true,
  credentials: true,
  osFingerprint: true,
  rebalance: true,
});
/** The sum of weights is a number. */
const MOST_WEIGHT = 1e6;
const LOCATION = names<FleetLocation>({ country: true, carrier: true, cityId: true, regionId: true, weight: true });
const LEASE = names<FleetLease>({
  expiresIn: true,
  renewBefore: true,
  stagger: true,
  maxRenewalsPerUpdate: true,
  runEvery: true,
  onExpired: true,
  overlap: true,
});
/** Of the members' settings: a member is the port. */
export type FleetRotationName = Exclude<InputName<"RotationSettings">, "port">;
const ROTATION = inputNames("RotationSettings").filter((name): name is FleetRotationName => name !== "port");
export const FLEET_CREDENTIALS = ["proxyLogin", "proxyPassword", "sharedPassword"] as const;

/** A lease is held back only as long as two more runs could renew it: one of them may fail. */
const RUNS_LEFT = 2;

/** Most members of a fleet. The engine's time for a stack grows with the square of its size. */
const MOST_MEMBERS = 5_000;

/** The fleet that inputs describe. Those that cannot be used end in `fail`. */
export function settleFleet(args: FleetInputs, checks: FleetChecks): SettledFleet {
  const fail: Fail = checks.fail;
  checks.inputs(args, INPUTS, "", '{ size: 10, locations: [{ country: "DE" }], lease: { expiresIn: "30d" } }');
  const { size, fallback = [], rebalance = false, slotType = "shared", rotation, credentials } = args;
  if (!Number.isInteger(size) || size < 0 || size > MOST_MEMBERS) {
    fail("size", `is not a whole number from 0 to ${MOST_MEMBERS}. Give a plain number.`);
  }
  checkChoice("slotType", slotType, SLOT_TYPES, fail);
  if (typeof rebalance !== "boolean") fail("rebalance", "is not true or false. Give a plain one.");
  if (!Array.isArray(fallback)) fail("fallback", 'is not a list. Give one of countries, such as ["GB"].');
  fallback.forEach((country, index) => checkName(`fallback[${index}]`, country, fail));
  const locations = settleLocations(args.locations, checks);
  const lease = settleLease(args.lease, size, checks);
  if (rotation !== undefined) {
    checks.inputs(rotation, ROTATION, "rotation", "{ intervalSeconds: 1800 }");
    checkGiven("rotation.intervalSeconds", (rotation as { intervalSeconds?: unknown }).intervalSeconds, fail);
  }
  if (credentials !== undefined) settleCredentials(credentials, checks);
  return { size, locations, fallback, rebalance, slotType, lease };
}

type Fail = FleetChecks["fail"];

function settleCredentials(credentials: object, { inputs, fail }: FleetChecks): void {
  inputs(credentials, FLEET_CREDENTIALS, "credentials", '{ proxyLogin: "team-a" }');
  const { proxyLogin, sharedPassword = false } = credentials as { proxyLogin?: unknown; sharedPassword?: unknown };
  checkGiven("credentials.proxyLogin", proxyLogin, fail);
  const fault = loginFault(proxyLogin);
  if (fault !== undefined) fail("credentials.proxyLogin", fault);
  if (typeof sharedPassword !== "boolean") fail("credentials.sharedPassword", "is not true or false.");
}

function settleLocations(given: FleetLocation[] | undefined, { inputs, fail }: FleetChecks): FleetWish["locations"] {
  const such = '{ country: "DE" }';
  if (!Array.isArray(given) || given.length === 0) {
    return fail("locations", `name at least one country, as a list such as [${such}].`);
  }
  const locations = given.map((location, index) => {
    const at = `locations[${index}]`;
    inputs(location, LOCATION, at, such);
    const { weight = 1, ...place } = location;
    checkName(`${at}.country`, place.country, fail);
    for (const part of ["carrier", "cityId", "regionId"] as const) {
      if (place[part] !== undefined) checkName(`${at}.${part}`, place[part], fail);
    }
    if (!(Number.isFinite(weight) && weight >= 0 && weight <= MOST_WEIGHT))
      fail(`${at}.weight`, `is not a number from 0 to ${MOST_WEIGHT}. Give a plain number.`);
    return { ...place, weight };
  });
  if (locations.every(({ weight }) => weight === 0)) fail("locations", "at least one weight must not be 0.");
  const keys = locations.map((location: FleetPlace) => placeKey(location));
  const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index);
  if (twice >= 0) {
    const first = keys.indexOf(keys[twice] as string);
    fail(`locations[${twice}]`, `is the same place as locations[${first}]. Make them one, with one weight.`);
  }
  return locations;
}

function settleLease(lease: FleetLease, size: number, { inputs, fail }: FleetChecks): SettledFleet["lease"] {
  inputs(lease, LEASE, "lease", '{ expiresIn: "30d" }');
  checkGiven("lease.expiresIn", lease.expiresIn, fail);
  const seconds = (property: keyof FleetLease, value: unknown): number =>
    parseDuration(value) ?? fail(`lease.${property}`, 'is not a length of time. Give seconds or "90m", "24h", "3d".');
  const { expiresIn, stagger = 0, runEvery = "1d", onExpired, overlap } = lease;
  const runEverySeconds = seconds("runEvery", runEvery);
  const { min, max } = LEASE_SECONDS;
  const expiresInSeconds = seconds("expiresIn", expiresIn);
  if (expiresInSeconds < min || expiresInSeconds > max) {
    fail("lease.expiresIn", `give from ${min} s to ${formatDuration(max)}.`);
  }
  if (lease.renewBefore !== undefined) seconds("renewBefore", lease.renewBefore);
  if (overlap !== undefined) seconds("overlap", overlap);
  const renewBefore = renewBeforeSeconds(lease);
  const staggerSeconds = seconds("stagger", stagger);
  if (renewBefore + staggerSeconds >= expiresInSeconds) {
    fail("lease.renewBefore", "is, together with stagger, not shorter than expiresIn. Make one of the two shorter.");
  }
  const maxRenewalsPerUpdate = lease.maxRenewalsPerUpdate ?? Math.max(1, Math.ceil(size / 4));
  if (!Number.isInteger(maxRenewalsPerUpdate) || maxRenewalsPerUpdate < 1) {
    fail("lease.maxRenewalsPerUpdate", "is not a whole number from 1 on.");
  }
  if (onExpired !== undefined) checkChoice("lease.onExpired", onExpired, KINDS.Port.inputs.onExpired.oneOf, fail);
  return {
    expiresIn,
    expiresInSeconds,
    renewBeforeSeconds: renewBefore,
    staggerSeconds,
    maxRenewalsPerUpdate,
    runEverySeconds,
    holdSeconds: RUNS_LEFT * runEverySeconds,
    onExpired,
    overlap,
  };
}

/** Refuses an input that is missing. */
function checkGiven(property: string, value: unknown, fail: Fail): void {
  if (value === undefined || value === null) fail(property, "is required.");
}

function checkName(property: string, value: unknown, fail: Fail): void {
  if (typeof value !== "string" || value.trim() === "") fail(property, "is not a name or an id. Give a plain text.");
}

function checkChoice(property: string, value: unknown, choices: readonly unknown[], fail: Fail): void {
  if (!choices.includes(value)) fail(property, `is unknown. Give one of: ${choices.join(", ")}.`);
}

/** "DE", "DE Vodafone" */
export const describePlace = ({ country, carrier, cityId, regionId }: FleetPlace): string =>
  [country, carrier, regionId, cityId].filter(Boolean).join(" ");
