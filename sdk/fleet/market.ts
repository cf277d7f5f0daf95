import type * as pulumi from "@pulumi/pulumi";
import type { Carrier } from "../../api";
import { countryNamed, sameName } from "../../domain/place-names";
import { type SettledFleet } from "./args";
import { type FleetPlace, placeKey } from "./plan";
import { type FleetChange, remarks, shortages, slotBalance, type Supplies } from "./shortages";
import { typeInRun } from "../engine/host";
import { keptByRun } from "../engine/kept-by-run";
import { logInfo, logWarning } from "../engine/program-log";
import { getAccountSummary, getCarriers, getCountries, getPorts } from "../lookups";

type StockOf = (place: FleetPlace) => number | undefined;

/** Slots that fleets of a run need, by account and slot type: two must not count on the same free one. */
const balances = keptByRun(() => new Map<pulumi.ProviderResource | undefined, Map<string, number>>());

/** Free devices of the places that a fleet may take. Of a place that the vendor does not know nothing is known. */
export async function stockFor(component: pulumi.Resource, fleet: SettledFleet): Promise<StockOf> {
  const { locations, fallback, slotType } = fleet;
  const lookup = { parent: component };
  const countries = await getCountries({ slotType }, lookup);
  const known = new Map<string, number | undefined>();
  for (const place of [...locations, ...fallback.map((country): FleetPlace => ({ country }))]) {
    const country = countryNamed(countries, place.country);
    if (!country) continue;
    const { carrier } = place;
    const carriers = carrier === undefined ? [] : await getCarriers({ country: country.id, slotType }, lookup);
    const isNamed = ({ brand = "", name, id }: Carrier): boolean =>
      [brand, name, id].some((one) => sameName(one, carrier ?? ""));
    known.set(placeKey(place), (carrier === undefined ? country : carriers.find(isNamed))?.freeDeviceCount);
  }
  return (place) => known.get(placeKey(place));
}

/** In a preview: one warning of what the vendor is short of, and one remark. */
export async function tellShortages(
  component: pulumi.Resource,
  planned: FleetChange,
  stockOf: StockOf | undefined,
): Promise<void> {
  const change = { ...planned, live: await liveOf(component, planned) };
  const lines = shortages(change, { ...(await account(component, change)), stockOf });
  if (lines.length > 0) await logWarning(lines.join("\n"), component);
  const notes = remarks(change);
  if (notes.length > 0) await logInfo(notes.join("\n"), component);
}

/** Live ports, where the state names old ones of renewals. A key may lack the scope ports:read. */
async function liveOf(component: pulumi.Resource, { before }: FleetChange): Promise<ReadonlySet<string> | undefined> {
  if (before.every(({ slots }) => !slots?.retiring.length)) return undefined;
  const ports = await getPorts({ parent: component }).catch(() => undefined);
  return ports && new Set(ports.map(({ id }) => id));
}

/** A key may lack the scope account:read. Then nothing is said of slots and traffic, and nothing fails for it. */
async function account(component: pulumi.Resource, change: FleetChange): Promise<Supplies> {
  const { slotType } = change.fleet;
  const summary = await getAccountSummary({ parent: component }).catch(() => undefined);
  const { slots, traffic } = summary?.[slotType] ?? {};
  return { slots: slots?.available, promised: promised(component, change), trafficGB: traffic?.available };
}

/** What the run's other fleets of the account have counted on before this one. */
function promised(component: pulumi.Resource, change: FleetChange): number {
  const provider = component.getProvider(typeInRun("Port"));
  const ofAccount = balances().get(provider) ?? new Map<string, number>();
  const before = ofAccount.get(change.fleet.slotType) ?? 0;
  balances().set(provider, ofAccount.set(change.fleet.slotType, before + slotBalance(change)));
  return before;
}
