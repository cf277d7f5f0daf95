import type * as api from "../../api";
import { type SlotType, slotTypeOf } from "../../domain/slot-type";
import { type Lookup, type NoArgs, SLOT_TYPE } from "./lookup";

/** Args of `getTrafficPrice`. */
export interface GetTrafficPriceArgs {
  /** GB, above 0. */
  amountGB: number;
  /** @default "shared" */
  slotType?: SlotType;
}

export const PRICING: Lookup<NoArgs, api.Pricing> = {
  name: "getPricing",
  inputs: {},
  ask: (client) => client.once("pricing", () => client.api.billing.pricing()),
};

export const TRAFFIC_PRICE: Lookup<GetTrafficPriceArgs, api.Price> = {
  name: "getTrafficPrice",
  inputs: { amountGB: { type: "number", required: true }, slotType: SLOT_TYPE },
  ask: ({ api: { billing } }, { amountGB, ...of }) => billing.calculatePrice(amountGB, slotTypeOf(of) === "private"),
};
