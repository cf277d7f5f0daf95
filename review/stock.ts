import { type Carrier, type Country } from "../api";
import { countryNamed, sameName } from "../provider/reference";
import { type AccountFacts, isSlotType } from "./account";
import { isKnown, type Known, part } from "./known";
import { LATER, type PortChange } from "./ports";

/** Devices of one place that the run needs, and how many are free there. */
export interface StockPlan {
  slotType: string;
  country: string;
  carrier?: string;
  /** Purchases and moves. */
  needed: number;
  /** Renewals: each takes a free device, or the one that its old port frees. */
  renewed: number;
  free: Known<number>;
}

export async function stockPlans(ports: readonly PortChange[], account: AccountFacts): Promise<StockPlan[]> {
  const places = new Map<string, Omit<StockPlan, "free">>();
  for (const { account: other, does, before, after } of ports) {
    if (other !== undefined || !after || !["buy", "replace", "move"].includes(does)) continue;
    const { slotType, country, carrier } = after;
    const key = JSON.stringify([slotType, country, carrier]);
    const place = places.get(key) ?? {
      slotType,
      country,
      ...(carrier !== undefined && { carrier }),
      needed: 0,
      renewed: 0,
    };
    const isRenewal = does === "replace" && before?.slotType === slotType && before.country === country;
    places.set(key, {
      ...place,
      needed: place.needed + (isRenewal ? 0 : 1),
      renewed: place.renewed + (isRenewal ? 1 : 0),
    });
  }
  const plans = [...places.values()].map(async (place) => ({ ...place, free: await freeAt(place, account) }));
  return (await Promise.all(plans)).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ country, carrier = "", slotType }: StockPlan): string => `${country} ${carrier} ${slotType}`;

async function freeAt(place: Omit<StockPlan, "free">, account: AccountFacts): Promise<Known<number>> {
  const { slotType, country: word, carrier } = place;
  if (!isSlotType(slotType) || word === LATER || carrier === LATER) {
    return { unknown: "the place is known only when the program runs" };
  }
  const countries = account.countries[slotType];
  const country = part(countries, (all) => countryNamed(all, word), `devices in ${word}`);
  if (!isKnown(country)) return country;
  if (carrier === undefined) return part(country, freeOf, `the free devices in ${word}`);
  const carriers = await account.carriers(country.value, slotType);
  return part(carriers, (all) => freeOf(all.find((one) => isNamed(one, carrier))), `devices of ${carrier} in ${word}`);
}

const freeOf = (place: Country | Carrier | undefined): number | undefined => place?.freeDeviceCount;

const isNamed = ({ brand = "", name, id }: Carrier, word: string): boolean =>
  [brand, name, id].some((one) => sameName(one, word));
