import { countryNamed, sameName } from "../place-names";
import { type SettledFleet } from "./args";
import { type FleetPlace, placeKey } from "./plan";
import { type FleetChange, remarks, shortages, slotBalance, type Supplies } from "./shortages";

export type StockOf = (place: FleetPlace) => number | undefined;

interface Place {
  id: string;
  name?: string;
  freeDeviceCount?: number;
}

/** What the vendor is asked for a fleet, each by whoever makes it. */
export interface Vendor {
  countries(): Promise<readonly (Place & { code: string; iso3?: string; name: string })[]>;
  carriers(countryId: string): Promise<readonly (Place & { brand?: string })[]>;
  /** Ids of all live ports. */
  livePorts(): Promise<readonly string[]>;
  /** What is left of a slot type, as far as the key may see it. */
  account(): Promise<Pick<Supplies, "slots" | "trafficGB">>;
}

/** Free devices of the places that a fleet may take. Of a place that the vendor does not know nothing is known. */
export async function stockFor({ locations, fallback }: SettledFleet, vendor: Vendor): Promise<StockOf> {
  const countries = await vendor.countries();
  const known = new Map<string, number | undefined>();
  for (const place of [...locations, ...fallback.map((country): FleetPlace => ({ country }))]) {
    const country = countryNamed(countries, place.country);
    if (!country) continue;
    const { carrier } = place;
    const carriers = carrier === undefined ? [] : await vendor.carriers(country.id);
    const isNamed = ({ brand = "", name = "", id }: Awaited<ReturnType<Vendor["carriers"]>>[number]): boolean =>
      [brand, name, id].some((one) => sameName(one, carrier ?? ""));
    known.set(placeKey(place), (carrier === undefined ? country : carriers.find(isNamed))?.freeDeviceCount);
  }
  return (place) => known.get(placeKey(place));
}

/** Slots that fleets of one account have counted on in a run, by slot type: two must not count on the same free one. */
export type Promised = Map<string, number>;

/**
 * What a preview says of a fleet: a warning of what the vendor is short of, and a remark, each in lines. A key may lack
 * a scope: then nothing is said of what it may not see, and nothing fails for it.
 */
export async function outlookOf(
  planned: FleetChange,
  { stockOf, vendor, promised }: { stockOf?: StockOf; vendor: Vendor; promised: Promised },
): Promise<{ warning: string; remark: string }> {
  const change = { ...planned, live: await liveOf(planned, vendor) };
  const supplies = await vendor.account().catch(() => ({}));
  const { slotType } = change.fleet;
  const before = promised.get(slotType) ?? 0;
  promised.set(slotType, before + slotBalance(change));
  const lines = shortages(change, { ...supplies, promised: before, stockOf });
  return { warning: lines.join("\n"), remark: remarks(change).join("\n") };
}

/** Live ports, where the state names old ones of renewals. */
async function liveOf({ before }: FleetChange, vendor: Vendor): Promise<ReadonlySet<string> | undefined> {
  if (before.every(({ slots }) => !slots?.retiring.length)) return undefined;
  const ids = await vendor.livePorts().catch(() => undefined);
  return ids && new Set(ids);
}
