import { runError } from "./run-error";
import { formatDuration, parseDuration } from "../provider/duration";
import { LEASE_SECONDS, renewBeforeSeconds } from "../provider/lease";
import { kindGiven } from "../text";
import { type FleetPlace, type FleetWish, placeKey } from "./fleet-plan";

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
   * Share of the members, in relation to the other weights. 0: none is added, those that are there stay.
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
   * How long before the end of its lease a member is renewed at the latest that a run sees it.
   *
   * @default a tenth of expiresIn, at most 3 days
   */
  renewBefore?: number | string;
  /**
   * Renewals are spread over this time before that: each member has its own part of it, always the same.
   *
   * @default 0
   */
  stagger?: number | string;
  /**
   * Most members that one run renews, the most urgent first; the others wait for the next run. One whose lease would
   * end before the run after that is renewed all the same, so that one run may fail, and so is one that has expired.
   *
   * @default a quarter of the fleet
   */
  maxRenewalsPerUpdate?: number;
  /**
   * How often `pulumi up` runs. Only to know which leases would end before the next runs.
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

interface FleetInputs {
  size: number;
  locations: FleetLocation[];
  fallback?: string[];
  rebalance?: boolean;
  slotType?: "shared" | "private";
  lease: FleetLease;
}

/** A lease is held back only as long as two more runs could renew it: one of them may fail. */
const RUNS_LEFT = 2;

/** Most members of a fleet. The engine's time for a stack grows with the square of its size. */
const MOST_MEMBERS = 5_000;

/** @throws RunError in one line that names the fleet, the property and its rule. */
export function settleFleet(name: string, args: FleetInputs): SettledFleet {
  const fail = (property: string, why: string): never => {
    throw runError(`ProxyFleet "${name}": ${property}: ${why}`);
  };
  const { size, fallback = [], rebalance = false, slotType = "shared" } = args;
  if (!Number.isInteger(size) || size < 0 || size > MOST_MEMBERS) {
    fail("size", `is not a whole number from 0 to ${MOST_MEMBERS} (${kindGiven(size)}). Give a plain number.`);
  }
  if (slotType !== "shared" && slotType !== "private") {
    fail("slotType", `is unknown (${kindGiven(slotType)}). Give one of: shared, private.`);
  }
  for (const country of fallback) {
    if (!isName(country)) fail("fallback", `is not the name of a country (${kindGiven(country)}).`);
  }
  const locations = settleLocations(args.locations, fail);
  return { size, locations, fallback, rebalance, slotType, lease: settleLease(args.lease, size, fail) };
}

type Fail = (property: string, why: string) => never;

function settleLocations(given: FleetLocation[] | undefined, fail: Fail): FleetWish["locations"] {
  if (!Array.isArray(given) || given.length === 0) return fail("locations", "name at least one country.");
  const locations = given.map(({ weight = 1, ...place }, index) => {
    if (!isName(place.country)) fail(`locations[${index}].country`, `is not a name (${kindGiven(place.country)}).`);
    for (const part of ["carrier", "cityId", "regionId"] as const) {
      const value = place[part];
      if (value !== undefined && !isName(value)) {
        fail(`locations[${index}].${part}`, `is not a name (${kindGiven(value)}). Give a plain text.`);
      }
    }
    if (!Number.isFinite(weight) || weight < 0) {
      fail(`locations[${index}].weight`, `is not a number from 0 on (${kindGiven(weight)}).`);
    }
    return { ...place, weight };
  });
  if (locations.every(({ weight }) => weight === 0)) fail("locations", "at least one weight must not be 0.");
  const keys = locations.map((location: FleetPlace) => placeKey(location));
  const twice = locations.find((_, index) => keys.indexOf(keys[index] as string) !== index);
  if (twice) fail("locations", `${describePlace(twice)} is named twice: give it one weight.`);
  return locations;
}

function settleLease(lease: FleetLease | undefined, size: number, fail: Fail): SettledFleet["lease"] {
  if (!lease) return fail("lease", 'is required, such as { expiresIn: "30d" }.');
  const seconds = (property: keyof FleetLease, value: unknown): number =>
    parseDuration(value) ??
    fail(`lease.${property}`, `is not a length of time (${kindGiven(value)}). Give seconds or "90m", "24h", "3d".`);
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
    const sum = `${formatDuration(renewBefore)} and ${formatDuration(staggerSeconds)} of stagger`;
    fail("lease.renewBefore", `${sum} are not shorter than the lease of ${formatDuration(expiresInSeconds)}.`);
  }
  const maxRenewalsPerUpdate = lease.maxRenewalsPerUpdate ?? Math.max(1, Math.ceil(size / 4));
  if (!Number.isInteger(maxRenewalsPerUpdate) || maxRenewalsPerUpdate < 1) {
    fail("lease.maxRenewalsPerUpdate", `is not a whole number from 1 on (${kindGiven(maxRenewalsPerUpdate)}).`);
  }
  if (onExpired !== undefined && !["replace", "keep", "fail"].includes(onExpired)) {
    fail("lease.onExpired", `is unknown (${kindGiven(onExpired)}). Give one of: replace, keep, fail.`);
  }
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

const isName = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

/** "DE", "DE Vodafone" */
export const describePlace = ({ country, carrier, cityId, regionId }: FleetPlace): string =>
  [country, carrier, regionId, cityId].filter(Boolean).join(" ");
