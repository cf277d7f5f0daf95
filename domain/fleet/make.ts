import { type SettledFleet } from "./args";
import { type StockOf } from "./market";
import { type KnownMember } from "./members";
import { planFleet, type PlannedMember } from "./plan";
import { heldBack, renewBeforeOfMember } from "./renewals";

/** A fleet as a run makes it. */
export interface MadeFleet {
  planned: readonly PlannedMember[];
  /** Numbers of the members whose renewal waits for another run. */
  waiting: ReadonlySet<number>;
  /** By number, the fleet's name of before, under which the state has a member. */
  formerly: ReadonlyMap<number, string>;
  /** Free devices of places, where a plan needed to know. */
  stockOf?: StockOf;
}

/** @param stock asks the vendor what places have; asked where members are bought or moved, if the answer matters */
export async function makeFleet(
  before: readonly KnownMember[],
  fleet: SettledFleet,
  { isPreview, stock }: { isPreview: boolean; stock: () => Promise<StockOf | undefined> },
): Promise<MadeFleet> {
  const wanted = planFleet(before, fleet);
  const needsStock = wanted.some(({ isNew }) => isNew) && (fleet.fallback.length > 0 || isPreview);
  const stockOf = needsStock ? await stock() : undefined;
  const planned = stockOf ? planFleet(before, fleet, stockOf) : wanted;
  const formerly = new Map(before.flatMap((one) => (one.formerly === undefined ? [] : [[one.number, one.formerly]])));
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

/** A resource's name, and the one that the state has it under, if that is another: see `KnownMember.formerly`. */
export interface ChildName {
  is: string;
  was?: string;
}

const renamed = (of: (fleet: string) => string, fleet: string, former: string | undefined): ChildName => ({
  is: of(fleet),
  ...(former !== undefined && { was: of(former) }),
});

/** Names of a fleet's resources: they are in states, and never change. */
export function memberNames(fleet: string, number: number, { formerly }: Pick<MadeFleet, "formerly">) {
  const named = (part: string) => renamed((of) => `${of}-${number}${part}`, fleet, formerly.get(number));
  return { port: named(""), rotation: named("-rotation"), login: named("-login"), password: named("-password") };
}

export const sharedPasswordName = (fleet: string, { formerly }: Pick<MadeFleet, "formerly">): ChildName =>
  renamed((of) => `${of}-password`, fleet, [...formerly.values()][0]);

/** Of a generated password: letters and digits, which need no escaping in a URL, in any tool. */
export const PASSWORD = { length: 24, special: false } as const;

/** How many members are in each country. Under mocks, and of a port that was never read, none is known. */
export function countEach(codes: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes.filter((one) => one !== undefined).sort()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

export const earliest = (times: readonly string[]): string | undefined => [...times].filter(Boolean).sort()[0];
