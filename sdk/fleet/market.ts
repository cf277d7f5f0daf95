import type * as pulumi from "@pulumi/pulumi";
import { type SettledFleet } from "../../domain/fleet/args";
import {
  outlookOf,
  type Promised,
  stockFor as stockOfPlaces,
  type StockOf,
  type Vendor,
} from "../../domain/fleet/market";
import { type FleetChange } from "../../domain/fleet/shortages";
import { slotsLeft } from "../../domain/slot-type";
import { typeInRun } from "../engine/host";
import { keptByRun } from "../engine/kept-by-run";
import { logInfo, logWarning } from "../engine/program-log";
import { getAccountSummary, getCarriers, getCountries, getPorts } from "../lookups";

const balances = keptByRun(() => new Map<pulumi.ProviderResource | undefined, Promised>());

/** What a fleet reads, with its account. */
function vendorOf(component: pulumi.Resource, { slotType }: SettledFleet): Vendor {
  const lookup = { parent: component };
  return {
    countries: () => getCountries({ slotType }, lookup),
    carriers: (country) => getCarriers({ country, slotType }, lookup),
    livePorts: async () => (await getPorts(lookup)).map(({ id }) => id),
    account: async () => {
      const { slots, traffic } = (await getAccountSummary(lookup))[slotType] ?? {};
      return { slots: slotsLeft(slots), trafficGB: traffic?.available };
    },
  };
}

export const stockFor = (component: pulumi.Resource, fleet: SettledFleet): Promise<StockOf> =>
  stockOfPlaces(fleet, vendorOf(component, fleet));

/** In a preview: one warning of what the vendor is short of, and one remark. */
export async function tellShortages(
  component: pulumi.Resource,
  change: FleetChange,
  stockOf: StockOf | undefined,
): Promise<void> {
  const provider = component.getProvider(typeInRun("Port"));
  const promised = balances().get(provider) ?? new Map<string, number>();
  balances().set(provider, promised);
  const { warning, remark } = await outlookOf(change, { stockOf, vendor: vendorOf(component, change.fleet), promised });
  if (warning) await logWarning(warning, component);
  if (remark) await logInfo(remark, component);
}
