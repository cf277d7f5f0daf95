/** Where a port of a fleet is, in the words of the program. */
export interface FleetPlace {
  country: string;
  carrier?: string;
  cityId?: string;
  regionId?: string;
}

/** A member that the state holds. */
export interface FleetMember {
  /** Number in its name, from 1: "scraper-7" has 7. A higher one is younger. */
  number: number;
  place: FleetPlace;
  /** Whether it serves, as far as the state shows. */
  serves: boolean;
}

export interface FleetWish {
  size: number;
  /** At least one, with weights of which at least one is not 0. */
  locations: readonly (FleetPlace & { weight: number })[];
  /** Countries for what finds no stock at its location, in this order. */
  fallback: readonly string[];
  /** Whether members move so that the weights are met; else they keep their place. */
  rebalance: boolean;
}

/** A member as it should be. */
export interface PlannedMember {
  number: number;
  place: FleetPlace;
  /** Bought, or moved by this plan: the vendor must have a free device for it. */
  isNew: boolean;
  /** Where it would be if there was stock. */
  insteadOf?: FleetPlace;
}

/** The same text for the same place, whatever its case. */
export const placeKey = ({ country, carrier, cityId, regionId }: FleetPlace): string =>
  [country, carrier, cityId, regionId].map((part) => part?.trim().toLowerCase() ?? "").join("|");

/**
 * How many of `size` members each location gets: each weight is met within one port, and one member more never takes
 * one from a location. (Largest remainders alone can: the Alabama paradox. This is the quota method of Balinski and
 * Young.)
 */
export function shares(size: number, locations: FleetWish["locations"]): number[] {
  const counts = locations.map(() => 0);
  const whole = locations.reduce((sum, { weight }) => sum + weight, 0);
  const order = byKey(locations);
  for (let total = 1; total <= size; total += 1) {
    const open = order.filter((index) => counts[index]! < upperQuota(locations[index]!.weight, whole, total));
    counts[mostEntitled(open, counts, locations)]! += 1;
  }
  return counts;
}

/** The members that a fleet should have. `stockOf` gives how many free devices a place has, if that is known. */
export function planFleet(
  before: readonly FleetMember[],
  wish: FleetWish,
  stockOf: (place: FleetPlace) => number | undefined = () => undefined,
): PlannedMember[] {
  const targets = shares(wish.size, wish.locations);
  const homes = new Map(wish.locations.map((location, index) => [placeKey(location), index]));
  const settled: Settled[] = before.map((member) => ({ ...member, home: homes.get(placeKey(member.place)) }));
  const kept = reduced(settled, wish.size, targets).sort((a, b) => a.number - b.number);
  const staying = stayers(kept, wish, targets);
  const seats = new Seats(wish, targets, stockOf);
  for (const { home } of staying) if (home !== undefined) seats.occupy(home);

  const planned = new Map<number, PlannedMember>();
  for (const { number, place } of staying) planned.set(number, { number, place, isNew: false });
  for (const { number } of kept) if (!planned.has(number)) planned.set(number, { number, ...seats.take() });
  for (let number = 1; planned.size < wish.size; number += 1) {
    if (!planned.has(number)) planned.set(number, { number, ...seats.take() });
  }
  return [...planned.values()].sort((a, b) => a.number - b.number);
}

/** A member, and the location of the program that it belongs to, if any does. */
interface Settled extends FleetMember {
  home: number | undefined;
}

/** As many as there may be: first goes what serves no more, then the youngest; both rather where there are too many. */
function reduced(members: readonly Settled[], size: number, targets: readonly number[]): Settled[] {
  const left = [...members];
  const counts = targets.map((_, index) => members.filter(({ home }) => home === index).length);
  while (left.length > size) {
    const idle = left.filter(({ serves }) => !serves);
    const candidates = idle.length > 0 ? idle : left;
    const surplus = candidates.filter(({ home }) => home !== undefined && counts[home]! > targets[home]!);
    const stray = candidates.filter(({ home }) => home === undefined);
    const group = [surplus, stray, candidates].find((all) => all.length > 0) ?? [];
    const leaver = group.reduce((youngest, member) => (member.number > youngest.number ? member : youngest));
    left.splice(left.indexOf(leaver), 1);
    if (leaver.home !== undefined) counts[leaver.home]! -= 1;
  }
  return left;
}

/**
 * Who keeps the place. One that the program names no more is left, except by those for whom it was the fallback; else
 * only a wish to rebalance moves members, the youngest of too many.
 */
function stayers(members: readonly Settled[], wish: FleetWish, targets: readonly number[]): Settled[] {
  const fallbacks = new Set(wish.fallback.map((country) => placeKey({ country })));
  const counts = targets.map(() => 0);
  return members.filter(({ home, place }) => {
    if (home === undefined) return fallbacks.has(placeKey(place));
    counts[home]! += 1;
    return !wish.rebalance || counts[home]! <= targets[home]!;
  });
}

/** Who takes which place, while a plan is made. */
class Seats {
  private readonly counts: number[];
  private readonly taken = new Map<string, number>();

  constructor(
    private readonly wish: FleetWish,
    private readonly targets: readonly number[],
    private readonly stockOf: (place: FleetPlace) => number | undefined,
  ) {
    this.counts = wish.locations.map(() => 0);
  }

  occupy(home: number): void {
    this.counts[home]! += 1;
  }

  /** A place for one more: that of the location that lacks most, or where there is stock instead. */
  take(): Omit<PlannedMember, "number"> {
    const { locations, fallback } = this.wish;
    // One at least: there are as many targets as members, and this one has no seat yet.
    const open = byKey(locations).filter((index) => this.counts[index]! < this.targets[index]!);
    const index = mostEntitled(open, this.counts, locations);
    const { weight, ...home } = locations[index]!;
    this.counts[index]! += 1;
    const places = [home, ...fallback.map((country) => ({ country }))];
    const place = places.find((one) => this.hasRoom(one)) ?? home;
    this.taken.set(placeKey(place), (this.taken.get(placeKey(place)) ?? 0) + 1);
    return { place, isNew: true, ...(place !== home && { insteadOf: home }) };
  }

  private hasRoom(place: FleetPlace): boolean {
    return (this.stockOf(place) ?? Infinity) > (this.taken.get(placeKey(place)) ?? 0);
  }
}

/** Locations in an order that does not depend on the program's. */
const byKey = (locations: FleetWish["locations"]): number[] =>
  [...locations.keys()].sort((a, b) => (placeKey(locations[a]!) < placeKey(locations[b]!) ? -1 : 1));

/** A fraction that rounding made a little too large must not count as one more. */
const upperQuota = (weight: number, whole: number, total: number): number => Math.ceil((weight * total) / whole - 1e-9);

function mostEntitled(open: readonly number[], counts: readonly number[], locations: FleetWish["locations"]): number {
  const claim = (index: number): number => locations[index]!.weight / (counts[index]! + 1);
  return open.reduce((best, index) => (claim(index) > claim(best) ? index : best));
}
