import { type Carrier, type City, type Country } from "../world/atlas";
import { type SlotType } from "../world/config";
import { type World } from "../world/world";
import { codeOf } from "../rules/places";
import { badRequest, conflict } from "../rules/problem";
import { amountOf, choiceOf, countOf } from "../rules/query";
import { type Call } from "../routes/route";
import { inputOf } from "./input";

export interface PlaceOrder {
  country: Country;
  carrier?: Carrier;
  city?: City;
}

export interface Order extends PlaceOrder {
  tier: SlotType;
  seconds: number;
  gigabytes: number;
}

const MOST_GB = 10_000;

/** Without a duration or traffic it is an hour and a GB, which are those of the vendor's samples. */
export function readOrder(call: Call): Order {
  const { world, quirks } = call;
  const input = inputOf(call);
  const place = readPlace(world, input);
  if (!place) throw badRequest(["country should not be empty"]);
  const tier = choiceOf(input, "tier", ["shared", "private"]) ?? "shared";
  if (tier === "private" && quirks.x402Price === "sharedOnly")
    throw badRequest(["tier must be one of the following values: shared"]);
  return { ...place, tier, ...readSize(call, input) };
}

export function readSize({ world }: Call, input: URLSearchParams): Pick<Order, "seconds" | "gigabytes"> {
  const { minDuration, maxDuration, minTrafficGB } = world.config.x402;
  return {
    seconds: countOf(input, "duration", minDuration, maxDuration) ?? 3_600,
    gigabytes: input.get("traffic") ? amountOf(input, "traffic", minTrafficGB, MOST_GB) : 1,
  };
}

/** Country by ISO code, carrier and city by id, name, brand or code. Undefined where no country is named. */
export function readPlace(world: World, input: URLSearchParams, at?: Country): PlaceOrder | undefined {
  const code = input.get("country");
  const country = code ? world.atlas.countryByCode(code) : at;
  if (!country) {
    if (code) throw badRequest(`Country ${code.slice(0, 20)} is not available`);
    return undefined;
  }
  const carrier = pick(input, "carrier", country, country.carriers, ({ id, name, brand }) => [id, name, brand]);
  const city = pick(input, "city", country, country.cities, ({ id, name }) => [id, name]);
  return { country, ...(carrier && { carrier }), ...(city && { city }) };
}

function pick<T>(
  input: URLSearchParams,
  name: string,
  country: Country,
  all: T[],
  names: (one: T) => string[],
): T | undefined {
  const wanted = input.get(name)?.toLowerCase();
  if (!wanted) return undefined;
  const found = all.find((one) => names(one).some((each) => each.toLowerCase() === wanted || codeOf(each) === wanted));
  if (!found) throw badRequest(`There is no ${name} of that name in ${country.name}`);
  return found;
}

/** One payment buys one such thing. */
export function keyOf({ country, carrier, city, tier, seconds, gigabytes }: Order): string {
  return ["proxy", country.code, carrier?.id ?? "", city?.id ?? "", tier, seconds, gigabytes].join("/");
}

/** An empty stock is reported before anything is paid; that it is 409 is inferred. */
export function requireStock(world: World, { country, carrier, city, tier }: Order): void {
  const wanted = { country, slotType: tier, carrierId: carrier?.id, cityId: city?.id };
  if (world.stock.free(wanted) === 0) throw conflict(`No free ${tier} device in ${country.name}`);
}
