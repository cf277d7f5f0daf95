import { isKind } from "../domain/kinds";
import { isSlotType } from "../domain/slot-type";
import { hasUnknown } from "../domain/unknown";
import { missingGB } from "../provider/billing/missing";
import { type AccountFacts } from "./account";
import { isKnown, type Known } from "./known";
import { accountOf } from "./ports";
import { type Preview, type PreviewStep } from "./preview";

/** Traffic that a run buys from the account's balance. Sums in US dollars. */
export interface TrafficPurchaseChange {
  urn: string;
  name: string;
  slotType: string;
  does: "buy" | "buy more" | "buy again" | "change" | "keep" | "forget";
  /** GB that the run buys. */
  amountGB: Known<number>;
  /** By the vendor's own calculation. */
  price: Known<number>;
  /** The most that the run pays for it: the price, or maxPrice where that is not known. */
  mostNow: Known<number>;
  /** Name of the provider resource, where it is bought by another account than the stack's own. */
  account?: string;
}

type Values = Readonly<Record<string, unknown>>;

const NOTHING = { value: 0 };
const LATER = { unknown: "amountGB is known only when the program runs" };

type Prices = Pick<AccountFacts, "trafficPrice">;

export const trafficPurchases = ({ steps, redactor }: Preview, prices: Prices): Promise<TrafficPurchaseChange[]> =>
  Promise.all(
    steps
      .filter(({ type, op }) => isKind("TrafficPurchase", type) && op !== "read")
      .map(async (step) => ({ ...(await purchase(step, prices)), ...accountOf(step.new ?? step.old, redactor) })),
  );

async function purchase(step: PreviewStep, prices: Prices): Promise<TrafficPurchaseChange> {
  const { urn, name, old, new: next } = step;
  const inputs = next?.inputs ?? old?.inputs ?? {};
  const slotType = inputs.slotType ?? "shared";
  const does = deedOf(step);
  const amountGB = amountOf(step, does);
  const price = await priceOf(amountGB, slotType, prices);
  return {
    urn,
    name,
    slotType: isSlotType(slotType) ? slotType : "known at the run",
    does,
    amountGB,
    price,
    mostNow: isKnown(price) ? price : mostOf(inputs),
  };
}

function deedOf({ op, old, new: next }: PreviewStep): TrafficPurchaseChange["does"] {
  if (op === "delete" || !next) return "forget";
  if (op === "create" || op === "replace") return "buy";
  if (op === "same") return "keep";
  if (hasUnknown([next.inputs.amountGB, next.inputs.triggers])) return "buy more";
  const missing = missingOf(old?.outputs ?? {}, next.inputs);
  if (missing === 0) return "change";
  return missingOf({ ...old?.outputs, triggers: next.inputs.triggers }, next.inputs) === missing
    ? "buy more"
    : "buy again";
}

function amountOf({ op, old, new: next }: PreviewStep, does: TrafficPurchaseChange["does"]): Known<number> {
  if (does === "change" || does === "keep" || does === "forget") return NOTHING;
  const { amountGB, triggers } = next?.inputs ?? {};
  const isNew = op === "create" || op === "replace";
  if (typeof amountGB !== "number" || (!isNew && hasUnknown(triggers))) return LATER;
  return { value: isNew ? amountGB : missingOf(old?.outputs ?? {}, next?.inputs ?? {}) };
}

/** GB that are to be bought; 0 where they are not known. */
function missingOf(outputs: Values, { amountGB, triggers }: Values): number {
  return typeof amountGB === "number" ? missingGB(outputs, { amountGB, triggers }) : 0;
}

function priceOf(
  amountGB: Known<number>,
  slotType: unknown,
  { trafficPrice }: Prices,
): Known<number> | Promise<Known<number>> {
  if (!isKnown(amountGB) || amountGB.value === 0) return amountGB;
  if (!isSlotType(slotType)) return { unknown: "slotType is known only when the program runs" };
  return trafficPrice(amountGB.value, slotType);
}

const mostOf = ({ maxPrice }: Values): Known<number> =>
  typeof maxPrice === "number"
    ? { value: maxPrice }
    : { unknown: "neither price nor maxPrice is known before the program runs" };

/** The most that a policy pack can know: one whose outputs are not known yet is bought, or buys more. */
export const mostForDeclared = ({ boughtGB, maxPrice }: Values): Known<number> =>
  typeof boughtGB === "number" ? NOTHING : mostOf({ maxPrice });

/** Of those that are known. */
export const spent = (purchases: readonly Pick<TrafficPurchaseChange, "mostNow">[]): number =>
  purchases.reduce((sum, { mostNow }) => sum + (isKnown(mostNow) ? mostNow.value : 0), 0);
