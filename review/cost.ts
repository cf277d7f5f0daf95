import { isSlotType, SLOT_TYPES, type SlotType } from "../domain/slot-type";
import { type Tariff } from "../api";
import { type AccountFacts } from "./account";
import { all, both, isKnown, type Known } from "./known";
import { type PortFacts } from "./ports";
import { sum } from "./slots";
import { useOf } from "./traffic";

/** Sums for 30 days. Old ports of renewals count as slots for as long as they hold them. */
export interface CostPlan {
  currency: string;
  slots: SlotCost[];
  traffic: TrafficCost[];
  before: Subtotal;
  after: Subtotal;
  change: Subtotal;
  /**
   * What a limit is checked against: the slots after the run, and the traffic of ports that stay as far as it is known.
   * Without old ports of renewals: a limit must not keep a lease from being renewed.
   */
  known: Known<number>;
}

/** Sum of the parts that are known. */
export interface Subtotal {
  known: number;
  /** How many parts are not in it. */
  unknown: number;
  parts: number;
}

/** A port before and after a run. */
export interface CostedPort {
  before?: PortFacts;
  after?: PortFacts;
}

/** Old ports of renewals, before and after a run. */
type RetiringSlots = Partial<Record<SlotType, { before: number; after: number }>>;

/** Slots that the stack's ports take. An account may pay for more. */
export interface SlotCost {
  slotType: SlotType;
  before: { slots: number; cost: Known<number> };
  after: { slots: number; cost: Known<number> };
  change: Known<number>;
  /** How many of the slots are of old ports of renewals. */
  retiring: { before: number; after: number };
}

export interface TrafficCost {
  slotType: SlotType;
  /** Of the ports that there are now. */
  gbPerMonth: Known<number>;
  pricePerGB: Known<number>;
  before: Known<number>;
  /** Of the ports that stay. Not known where ports are new. */
  after: Known<number>;
  change: Known<number>;
  /** Ports that the run adds. A renewal goes on as the port before it. */
  newPorts: number;
  /** Of the ports that stay, as far as it is known: see PortsUse. */
  leastCost: Known<number>;
}

const MONTH_DAYS = 30;

/** @param incomplete why the ports are not all of the stack's, if so */
export function costPlan(
  ports: readonly CostedPort[],
  account: AccountFacts,
  { incomplete, retiring = {} }: { incomplete?: string; retiring?: RetiringSlots } = {},
): CostPlan {
  const before = ports.flatMap((port) => port.before ?? []);
  const after = ports.flatMap((port) => port.after ?? []);
  const types = SLOT_TYPES.filter((type) => [...before, ...after].some(({ slotType }) => slotType === type));
  const odd = [...before, ...after].some(({ slotType }) => !isSlotType(slotType));
  const reason = incomplete ?? (odd ? "a slot type is known only when the program runs" : undefined);
  const slots = types.map((slotType) => {
    const old = retiring[slotType] ?? { before: 0, after: 0 };
    const [was, will] = [
      slotCost(countOf(before, slotType) + old.before, slotType, account, reason),
      slotCost(countOf(after, slotType) + old.after, slotType, account, reason),
    ];
    return { slotType, before: was, after: will, change: less(will.cost, was.cost), retiring: old };
  });
  const lasting = types.map((slotType) => slotCost(countOf(after, slotType), slotType, account, reason).cost);
  const traffic = types.map((slotType) => trafficCost(ports, slotType, account, reason));
  const leastUsed = total(traffic.map(({ leastCost }) => leastCost));
  return {
    currency: currencyOf(account),
    slots,
    traffic,
    before: subtotal([...slots.map((one) => one.before.cost), ...traffic.map((one) => one.before)]),
    after: subtotal([...slots.map((one) => one.after.cost), ...traffic.map((one) => one.after)]),
    change: subtotal([...slots, ...traffic].map((one) => one.change)),
    known: reason === undefined ? both(total(lasting), leastUsed, (a, b) => a + b) : { unknown: reason },
  };
}

const total = (costs: readonly Known<number>[]): Known<number> => {
  const known = all(costs);
  return isKnown(known) ? { value: sum(known.value) } : known;
};

const less = (a: Known<number>, b: Known<number>): Known<number> => both(a, b, (one, other) => one - other);

function subtotal(parts: readonly Known<number>[]): Subtotal {
  const known = parts.flatMap((one) => (isKnown(one) ? one.value : []));
  return { known: sum(known), unknown: parts.length - known.length, parts: parts.length };
}

const countOf = (ports: readonly PortFacts[], slotType: SlotType): number =>
  ports.filter((port) => port.slotType === slotType).length;

function slotCost(
  slots: number,
  slotType: SlotType,
  { tariffs }: AccountFacts,
  reason: string | undefined,
): { slots: number; cost: Known<number> } {
  if (reason !== undefined) return { slots, cost: { unknown: reason } };
  if (slots === 0) return { slots, cost: { value: 0 } };
  if (!isKnown(tariffs)) return { slots, cost: tariffs };
  const price = priceOf(tariffs.value, "ports", slotType, slots);
  return { slots, cost: isKnown(price) ? { value: price.value * slots } : price };
}

function trafficCost(
  ports: readonly CostedPort[],
  slotType: SlotType,
  account: AccountFacts,
  reason: string | undefined,
): TrafficCost {
  const existing = ports.filter(({ before }) => before?.slotType === slotType && before.portId !== undefined);
  const staying = existing.filter(({ after }) => after?.slotType === slotType);
  const newPorts = ports.filter(
    ({ before, after }) => after?.slotType === slotType && before?.slotType !== slotType,
  ).length;
  const [now, then] = [existing, staying].map((each) => useCost(each, slotType, account, reason)) as [UseCost, UseCost];
  const after = newPorts > 0 ? { unknown: newText(newPorts, slotType) } : then.cost;
  const { gbPerMonth, pricePerGB, cost: before } = now;
  const change = less(after, before);
  return { slotType, gbPerMonth, pricePerGB, before, after, change, newPorts, leastCost: then.leastCost };
}

interface UseCost extends Pick<TrafficCost, "gbPerMonth" | "pricePerGB" | "leastCost"> {
  cost: Known<number>;
}

/** What ports use a month as they are before the run, and its cost. */
function useCost(
  ports: readonly CostedPort[],
  slotType: SlotType,
  account: AccountFacts,
  reason: string | undefined,
): UseCost {
  const unknown = reason === undefined ? undefined : { unknown: reason };
  const facts = ports.flatMap(({ before }) => before ?? []);
  const use = unknown ? { perDay: unknown, leastPerDay: unknown } : useOf(facts, slotType, account);
  const [gbPerMonth, least] = [monthOf(use.perDay), monthOf(use.leastPerDay)];
  const pricePerGB = pricePerGBOf(slotType, account, isKnown(least) ? least.value : 1);
  const costOf = (gb: Known<number>): Known<number> =>
    isKnown(gb) && gb.value === 0 ? gb : both(gb, pricePerGB, (a, b) => a * b);
  return { gbPerMonth, pricePerGB, cost: costOf(gbPerMonth), leastCost: costOf(least) };
}

const newText = (count: number, slotType: SlotType): string =>
  `what ${count} new ${slotType} ${count === 1 ? "port" : "ports"} will use is not known`;

const monthOf = (perDay: Known<number>): Known<number> =>
  isKnown(perDay) ? { value: perDay.value * MONTH_DAYS } : perDay;

/** What the account pays for shared traffic shows in its balance; other traffic has its tariff only. */
function pricePerGBOf(slotType: SlotType, { tariffs, breakdown }: AccountFacts, gb: number): Known<number> {
  const own = isKnown(breakdown) ? breakdown.value.pricePerGB : undefined;
  if (slotType === "shared" && own !== undefined) return { value: own };
  return isKnown(tariffs) ? priceOf(tariffs.value, "traffic", slotType, gb) : tariffs;
}

/** The price of one, where a tariff covers so many. Of a slot it is for a month. */
export function priceOf(
  tariffs: readonly Tariff[],
  of: "ports" | "traffic",
  slotType: SlotType,
  count: number,
): Known<number> {
  const fitting = tariffs.filter(({ resourceType, category }) => resourceType === of && category === slotType);
  const rangeOf = (tariff: Tariff): { min?: number; max?: number } =>
    (of === "ports" ? tariff.portRange : tariff.trafficRange) ?? {};
  const priced = fitting.flatMap((tariff) => {
    const price = priceIn(tariff);
    const isMonthly = of === "traffic" || tariff.billingPeriod === "monthly";
    return price !== undefined && isMonthly ? [{ price, min: 0, max: Infinity, ...rangeOf(tariff) }] : [];
  });
  // The vendor's list has no order: of several ranges the narrowest counts, then the dearer.
  const within = priced
    .filter(({ max }) => count <= max)
    .sort((a, b) => (a.max === b.max ? b.min - a.min || b.price - a.price : a.max - b.max));
  const covering = within.find(({ min }) => count >= min) ?? (of === "traffic" ? within[0] : undefined);
  if (covering) return { value: covering.price };
  const unit = of === "ports" ? (count === 1 ? "slot" : "slots") : "GB";
  const ranges = fitting.map((one) => `${priceIn(one) ?? "?"} for ${rangeText(rangeOf(one))}`);
  const told = ranges.length > 0 ? `; it has ${ranges.join(", ")}` : "";
  return { unknown: `the vendor has no monthly tariff for ${Math.ceil(count)} ${slotType} ${unit}${told}` };
}

const priceIn = ({ pricePerUnit, price }: Tariff): number | undefined => pricePerUnit ?? price;

const rangeText = ({ min, max }: { min?: number; max?: number }): string => `${min ?? 0}–${max ?? "any"}`;

function currencyOf({ breakdown, summary, tariffs }: AccountFacts): string {
  const told = isKnown(breakdown) ? breakdown.value.currency : undefined;
  // The vendor's page has its tariffs in US dollars.
  return told ?? (isKnown(summary) ? summary.value.currency : undefined) ?? (isKnown(tariffs) ? "USD" : "unknown");
}
