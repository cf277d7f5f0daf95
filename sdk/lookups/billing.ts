import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { PRICING, TRAFFIC_PRICE, type GetTrafficPriceArgs } from "../../provider/lookups/billing";
import { type LookupOptions, type OutputArgs, outputOf, promiseOf } from "./lookup";

export { type GetTrafficPriceArgs };

/**
 * Prices per GB, discounts for volume, and the slots that come with them. Asked once a run. Scope billing:read.
 *
 * @example
 * const pricing = proxies.getPricingOutput();
 * export const discounts = pricing.volumeDiscounts;
 */
export function getPricing(options?: LookupOptions): Promise<api.Pricing> {
  return promiseOf(PRICING, {}, options);
}

/** {@link getPricing} as an Output. */
export function getPricingOutput(options?: LookupOptions): pulumi.Output<api.Pricing> {
  return outputOf(PRICING, {}, options);
}

/**
 * What so much traffic costs now, by the vendor's own calculation, in US dollars. Scope billing:read.
 *
 * @example
 * const price = proxies.getTrafficPriceOutput({ amountGB: 100 });
 * export const totalPrice = price.totalPrice;
 */
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
