import { isSlotType } from "../domain/slot-type";
import { countryNamed, fold, sameName } from "../domain/place-names";
import { type Carrier, type Country } from "../api";
import { natural } from "../text";
import { type AccountFacts } from "./account";
import { isKnown, type Known, part } from "./known";
import { isElsewhere, LATER, type PortChange } from "./ports";
import { sum } from "./slots";

/** Devices of one place that the run needs, and how many are free there. A country's counts those of its carriers. */
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

type Place = Omit<StockPlan, "free">;

export async function stockPlans(ports: readonly PortChange[], account: AccountFacts): Promise<StockPlan[]> {
  const places = new Map<string, Place>();
  for (const { account: other, does, before, after } of ports) {
    if (other !== undefined || !after || !["buy", "renew", "replace", "move"].includes(does)) continue;
    const { slotType, country, carrier } = after;
    const key = JSON.stringify([slotType, country, carrier !== undefined && fold(carrier)]);
    const place = places.get(key) ?? {
      slotType,
      country,
      ...(carrier !== undefined && { carrier }),
      needed: 0,
      renewed: 0,
    };
    const isRenewal = does === "renew" && before !== undefined && !isElsewhere(before, after);
    places.set(key, {
      ...place,
      needed: place.needed + (isRenewal ? 0 : 1),
      renewed: place.renewed + (isRenewal ? 1 : 0),
    });
  }
  const all = [...places.values()];
  const plans = all.map(async (place) => ({ ...withCarriers(place, all), free: await freeAt(place, account) }));
  return (await Promise.all(plans)).sort((a, b) => natural(keyOf(a), keyOf(b)));
}

/** A port of any carrier takes one of the devices that ports of a carrier need as well. */
function withCarriers(place: Place, all: readonly Place[]): Place {
  if (place.carrier !== undefined) return place;
  const those = all.filter(({ country, slotType }) => country === place.country && slotType === place.slotType);
  return {
    ...place,
    needed: sum(those.map(({ needed }) => needed)),
    renewed: sum(those.map(({ renewed }) => renewed)),
  };
}

const keyOf = ({ country, carrier = "", slotType }: StockPlan): string => `${country} ${carrier} ${slotType}`;

async function freeAt(place: Place, account: AccountFacts): Promise<Known<number>> {
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
