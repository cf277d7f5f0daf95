import * as pulumi from "@pulumi/pulumi";
import { typeInRun } from "./engine/host";
import { checkArgs } from "./engine/input-checks";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";

/** Inputs of {@link cheapest} and {@link mostStock}. */
export interface ChoiceArgs {
  /**
   * Countries to choose from: ISO codes, English names, or the vendor's ids. Those without a free device are passed
   * over, with a warning.
   *
   * @default all
   * @change In place: a new choice, if the chosen country is no longer in the list.
   */
  countries?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Devices of which slot type count.
   *
   * @default "shared"
   * @change In place: a new choice.
   */
  slotType?: pulumi.Input<"shared" | "private">;
  /**
   * Whether to choose a carrier too: the one with most free devices in the country.
   *
   * @default false
   * @change In place.
   */
  withCarrier?: pulumi.Input<boolean>;
  /**
   * Any values. Whenever one of them changes, a new choice is made.
   *
   * @default none
   * @change In place: a new choice.
   * @example ["2026-Q1"]
   */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
}

/** Inputs of a {@link CountryChoice}. */
export interface CountryChoiceArgs extends ChoiceArgs {
  /**
   * What decides; see {@link cheapest} and {@link mostStock}.
   *
   * @change Updates the state only: the choice that is made stays.
   */
  by: pulumi.Input<"stock" | "price">;
}

const KIND = "CountryChoice";

/**
 * A country that is chosen once, among those with free devices. The choice is kept in the stack's state, also when the
 * stock changes or is gone. A new choice is made only when `countries` no longer contains it, or when `slotType` or a
 * trigger changes. The preview knows the choice, and so what a port in that country will do.
 *
 * Nothing is created or reserved at the vendor. The first update uses the stock of its preview if that is less than ten
 * minutes old. If no country fits, preview and update fail with a one-line error. Scope ports:read.
 *
 * @example
 * const choice = new proxies.CountryChoice("eu", { by: "stock", countries: ["DE", "PL"], withCarrier: true });
 * new proxies.Port("scraper", { country: choice.country, carrier: choice.carrier, expiresIn: "30d" });
 */
export class CountryChoice extends pulumi.CustomResource implements ExposedBy<"CountryChoice"> {
  declare readonly by: pulumi.Output<"stock" | "price">;
  declare readonly countries: pulumi.Output<string[] | undefined>;
  declare readonly slotType: pulumi.Output<"shared" | "private">;
  declare readonly withCarrier: pulumi.Output<boolean | undefined>;
  declare readonly triggers: pulumi.Output<unknown[] | undefined>;
  /** ISO code of the chosen country. */
  declare readonly country: pulumi.Output<string>;
  /** Name of the chosen carrier; undefined without `withCarrier`. */
  declare readonly carrier: pulumi.Output<string | undefined>;

  constructor(name: string, args: CountryChoiceArgs, options?: pulumi.CustomResourceOptions) {
    checkArgs(KIND, name, args);
    const traces = suspendStackTraces();
    try {
      const inputs = { ...args, slotType: args.slotType ?? "shared" };
      super(typeInRun(KIND), name, propertiesOf(KIND, name, inputs, options), optionsOf(KIND, name, options));
    } finally {
      resumeStackTraces(traces);
    }
  }
}

/**
 * The country with most free devices, chosen once; see {@link CountryChoice}. Of several with as many, the one that is
 * named first, or the first by its code.
 *
 * @example
 * const best = proxies.mostStock("best", { countries: ["DE", "PL", "GB"] });
 * new proxies.Port("scraper", { country: best.country, expiresIn: "30d" });
 */
export function mostStock(name: string, args: ChoiceArgs = {}, options?: pulumi.CustomResourceOptions): CountryChoice {
  return new CountryChoice(name, { ...args, by: "stock" }, options);
}

/**
 * The country with the lowest price, chosen once; see {@link CountryChoice}. The vendor's tariffs depend on the slot
 * type and name no country (see {@link getTariffs}), so all countries cost the same today and the choice falls on the
 * one with most free devices, as with {@link mostStock}.
 */
export function cheapest(name: string, args: ChoiceArgs = {}, options?: pulumi.CustomResourceOptions): CountryChoice {
  return new CountryChoice(name, { ...args, by: "price" }, options);
}
