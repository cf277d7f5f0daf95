import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { runError } from "../engine/run-error";
import { type Lookup, type LookupOptions, type NoArgs, type OutputArgs, outputOf, promiseOf } from "./lookup";
import { isPrivate, type SlotType } from "./reference";

/** Args of {@link getTrafficPrice}. */
export interface GetTrafficPriceArgs {
  /** GB, above 0. */
  amountGB: number;
  /** @default "shared" */
  slotType?: SlotType;
}

const PRICING: Lookup<NoArgs, api.Pricing> = {
  name: "getPricing",
  inputs: [],
  ask: (client) => client.once("pricing", () => client.api.billing.pricing()),
};

const TRAFFIC_PRICE: Lookup<GetTrafficPriceArgs, api.Price> = {
  name: "getTrafficPrice",
  inputs: ["amountGB", "slotType"],
  ask: ({ api: { billing } }, { amountGB, slotType }) => {
    if (!(amountGB > 0)) throw runError("amountGB: must be a number above 0.");
    return billing.calculatePrice(amountGB, isPrivate(slotType));
  },
};

/** Prices per GB, discounts for volume, and the slots that come with them. Asked once a run. Scope billing:read. */
export function getPricing(options?: LookupOptions): Promise<api.Pricing> {
  return promiseOf(PRICING, {}, options);
}

/** {@link getPricing} as an Output. */
export function getPricingOutput(options?: LookupOptions): pulumi.Output<api.Pricing> {
  return outputOf(PRICING, {}, options);
}

/** What so much traffic costs now, by the vendor's own calculation, in US dollars. Scope billing:read. */
export function getTrafficPrice(args: GetTrafficPriceArgs, options?: LookupOptions): Promise<api.Price> {
  return promiseOf(TRAFFIC_PRICE, args, options);
}

/** {@link getTrafficPrice} as an Output, of args that may be Outputs. */
export function getTrafficPriceOutput(
  args: OutputArgs<GetTrafficPriceArgs>,
  options?: LookupOptions,
): pulumi.Output<api.Price> {
  return outputOf(TRAFFIC_PRICE, args, options);
}
