import * as pulumi from "@pulumi/pulumi";
import { checkArgs } from "./engine/input-checks";
import { warnOfOptions } from "./engine/option-warnings";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";

/** Inputs of {@link TrafficPurchase}. */
export interface TrafficPurchaseArgs {
  /**
   * Ports of which slot type use the traffic.
   *
   * @default "shared"
   * @change Replaces the resource: all of `amountGB` is bought for the other slot type.
   */
  slotType?: pulumi.Input<"shared" | "private">;
  /**
   * Whole GB, from 1 on.
   *
   * @change In place: more buys what is not bought yet; less is recorded, and nothing is given back.
   * @example 50
   */
  amountGB: pulumi.Input<number>;
  /**
   * The most that one purchase may cost, in US dollars. Where the vendor's price is higher, preview and update stop, and
   * nothing is bought.
   *
   * @change In place: recorded for the next purchase.
   * @example 200
   */
  maxPrice: pulumi.Input<number>;
  /**
   * Any values.
   *
   * @default none: `amountGB` is bought once
   * @change In place: all of `amountGB` is bought anew.
   * @example ["2026-11"]
   */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
}

const KIND = "TrafficPurchase";

/**
 * Traffic for the account, bought from its balance once: when this is created, when `amountGB` rises above what it has
 * bought, and whenever `triggers` change. Previews say what is bought and for how much, by the vendor's own calculation.
 *
 * A purchase is never retried blindly: where the answer is lost, the account's totals from before and after show whether
 * it was made, and a run after a killed one takes up what that one bought, by the journal of this machine. After a run
 * that was killed on another one, the next stops and says what to look at. Deleting it does nothing: traffic is not
 * given back.
 *
 * Scopes billing:read, billing:write and account:read.
 *
 * @example
 * new proxies.TrafficPurchase("november", { amountGB: 50, maxPrice: 200, triggers: ["2026-11"] });
 */
export class TrafficPurchase extends pulumi.CustomResource implements ExposedBy<"TrafficPurchase"> {
  declare readonly slotType: pulumi.Output<"shared" | "private">;
  declare readonly amountGB: pulumi.Output<number>;
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  /** GB that this resource has bought so far. */
  declare readonly boughtGB: pulumi.Output<number>;
  /** What the last purchase cost, in US dollars; the vendor's calculation where its answer was lost. */
  declare readonly pricePaid: pulumi.Output<number | undefined>;
  /** The same for a GB. */
  declare readonly pricePerGB: pulumi.Output<number | undefined>;
  /** The vendor's id of the last purchase; undefined where its answer was lost. */
  declare readonly purchaseId: pulumi.Output<string | undefined>;
  /** Time of the last purchase, ISO 8601 in UTC; of when it was found out where the answer was lost. */
  declare readonly purchasedAt: pulumi.Output<string>;

  constructor(name: string, args: TrafficPurchaseArgs, options?: pulumi.CustomResourceOptions) {
    checkArgs(KIND, name, args);
    const traces = suspendStackTraces();
    try {
      const inputs = { ...args, slotType: args.slotType ?? "shared" };
      super(typeInRun(KIND), name, propertiesOf(KIND, name, inputs, options), optionsOf(KIND, name, options));
    } finally {
      resumeStackTraces(traces);
    }
    warnOfOptions(this, options, "replaceOnChanges");
  }
}
