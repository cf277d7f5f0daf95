import * as pulumi from "@pulumi/pulumi";
import * as proxies from "pulumi-proxies-sx";

/**
 * Traffic for the ports of an account, bought from its balance once a month. A preview says what is bought and for how
 * much; nothing is bought where the month is the same, and above `maxPrice` the run stops.
 *
 *   pulumi config set month 2026-11
 */
const config = new pulumi.Config();

const traffic = new proxies.TrafficPurchase("monthly", {
  amountGB: config.getNumber("amountGB") ?? 25, // more buys the rest; less gives nothing back
  maxPrice: config.getNumber("maxPrice") ?? 100, // US dollars, for one purchase
  triggers: [config.get("month") ?? "first"], // another month buys all of it anew
});

export const boughtGB = traffic.boughtGB;
export const pricePaid = traffic.pricePaid;
