import * as pulumi from "@pulumi/pulumi";
import { type SettledFleet } from "./fleet-args";
import { type FleetPlace, placeKey } from "./fleet-plan";
import { type FleetChange, remarks, shortages, slotsNeeded, type Supplies } from "./fleet-shortages";
import { getAccountSummary, getCarriers, getCountries } from "./lookups";

type StockOf = (place: FleetPlace) => number | undefined;

/** Slots that fleets of this program need, by account and slot type: two must not count on the same free one. */
const needed = new Map<pulumi.ProviderResource | undefined, Map<string, number>>();

/** Free devices of the places that a fleet may take. Of a place that the vendor does not know nothing is known. */
export async function stockFor(component: pulumi.Resource, fleet: SettledFleet): Promise<StockOf> {
  const { locations, fallback, slotType } = fleet;
  const lookup = { parent: component };
  const countries = await getCountries({ slotType }, lookup);
  const known = new Map<string, number | undefined>();
  for (const place of [...locations, ...fallback.map((country): FleetPlace => ({ country }))]) {
    const country = named(countries, place.country);
    if (!country) continue;
    const carriers = place.carrier === undefined ? [] : await getCarriers({ country: country.id, slotType }, lookup);
    const of = place.carrier === undefined ? country : named(carriers, place.carrier);
    known.set(placeKey(place), of?.freeDeviceCount);
  }
  return (place) => known.get(placeKey(place));
}

interface Names {
  id: string;
  name: string;
  code?: string;
  iso3?: string;
  brand?: string;
}

/** By any of the names that a Port takes. */
function named<T extends Names>(all: readonly T[], text: string): T | undefined {
  const wanted = text.trim().toLowerCase();
  return all.find(({ id, name, code, iso3, brand }) =>
    [code, brand, name, iso3, id].some((one) => one?.toLowerCase() === wanted),
  );
}

/** In a preview: one warning of what the vendor is short of, and one remark. */
export async function tellShortages(
  component: pulumi.Resource,
  change: FleetChange,
  stockOf: StockOf | undefined,
): Promise<void> {
  const lines = shortages(change, { ...(await account(component, change)), stockOf });
  if (lines.length > 0) await pulumi.log.warn(lines.join("\n"), component);
  const notes = remarks(change);
  if (notes.length > 0) await pulumi.log.info(notes.join("\n"), component);
}

/** A key may lack the scope account:read. Then nothing is said of slots and traffic, and nothing fails for it. */
async function account(component: pulumi.Resource, change: FleetChange): Promise<Supplies> {
  const { slotType } = change.fleet;
  const summary = await getAccountSummary({ parent: component }).catch(() => undefined);
  const { slots, traffic } = summary?.[slotType] ?? {};
  return {
    slots: slots?.available === undefined ? undefined : Math.max(0, slots.available - promised(component, change)),
    trafficGB: traffic?.available,
  };
}

/** What the program's other fleets of the account have counted on before this one. */
function promised(component: pulumi.Resource, change: FleetChange): number {
  const provider = component.getProvider("pulumi-nodejs:dynamic:Resource");
  const ofAccount = needed.get(provider) ?? new Map<string, number>();
  const before = ofAccount.get(change.fleet.slotType) ?? 0;
  needed.set(provider, ofAccount.set(change.fleet.slotType, before + slotsNeeded(change)));
  return before;
}
