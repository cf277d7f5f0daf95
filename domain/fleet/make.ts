import { type SettledFleet } from "./args";
import { type StockOf } from "./market";
import { type KnownFleet } from "./members";
import { planFleet, type PlannedMember } from "./plan";
import { heldBack, renewBeforeOfMember } from "./renewals";

/** A fleet as a run makes it. */
export interface MadeFleet {
  planned: readonly PlannedMember[];
  /** Numbers of the members whose renewal waits for another run. */
  waiting: ReadonlySet<number>;
  /** See `KnownFleet`. */
  formerly: readonly string[];
  /** Free devices of places, where a plan needed to know. */
  stockOf?: StockOf;
}

/** @param stock asks the vendor what places have; asked where members are bought or moved, if the answer matters */
export async function makeFleet(
  { members: before, formerly }: KnownFleet,
  fleet: SettledFleet,
  { isPreview, stock }: { isPreview: boolean; stock: () => Promise<StockOf | undefined> },
): Promise<MadeFleet> {
  const wanted = planFleet(before, fleet);
  const needsStock = wanted.some(({ isNew }) => isNew) && (fleet.fallback.length > 0 || isPreview);
  const stockOf = needsStock ? await stock() : undefined;
  const planned = stockOf ? planFleet(before, fleet, stockOf) : wanted;
  return { planned, waiting: heldBack(before, fleet), formerly, stockOf };
}

/** Inputs of a member's Port, as far as the fleet decides on them. */
export function portInputs({ number, place }: PlannedMember, settled: SettledFleet) {
  const { expiresIn, onExpired, overlap } = settled.lease;
  return {
    ...place,
    slotType: settled.slotType,
    expiresIn,
    renewBefore: renewBeforeOfMember(number, settled),
    ...(onExpired && { onExpired }),
    ...(overlap !== undefined && { overlap }),
  };
}

/** A resource's name, and those that the state may have it under: see `KnownFleet`. */
export interface ChildName {
  is: string;
  was: readonly string[];
}

type Renamed = Pick<MadeFleet, "formerly">;

const renamed = (of: (fleet: string) => string, fleet: string, { formerly }: Renamed): ChildName => ({
  is: of(fleet),
  was: formerly.map(of),
});

/** Names of a fleet's resources: they are in states, and never change. */
export function memberNames(fleet: string, number: number, made: Renamed) {
  const named = (part: string) => renamed((of) => `${of}-${number}${part}`, fleet, made);
  return { port: named(""), rotation: named("-rotation"), login: named("-login"), password: named("-password") };
}

export const sharedPasswordName = (fleet: string, made: Renamed): ChildName =>
  renamed((of) => `${of}-password`, fleet, made);

/** Of a generated password: letters and digits, which need no escaping in a URL, in any tool. */
export const PASSWORD = { length: 24, special: false } as const;

/** How many members are in each country. Under mocks, and of a port that was never read, none is known. */
export function countEach(codes: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes.filter((one) => one !== undefined).sort()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

export const earliest = (times: readonly string[]): string | undefined => [...times].filter(Boolean).sort()[0];
