import { type Tool, tool } from "../tool";

/** The account: what it has, and what it used. */
export const accountTools: readonly Tool[] = [
  tool({
    name: "get_account_summary",
    does: "The account's balance, and its slots and traffic of both types: bought, used and left.",
    group: "read",
    input: {},
    run: async (_, { api }) => {
      const { balance, currency = "USD", ...summary } = await api().account.summary();
      return {
        said: `The balance is ${balance === undefined ? "not reported" : `${balance} ${currency}`}.`,
        data: { balance, currency, ...summary },
      };
    },
  }),
  tool({
    name: "get_account_usage",
    does: "Traffic in GB: bought, used and left, its price, and how the balance comes about; also used per port in the last 30 days.",
    group: "read",
    input: {},
    run: async (_, { api }) => {
      const [breakdown, usage] = await Promise.all([api().billing.balanceBreakdown(), api().account.usage()]);
      const { trafficUsedGB, purchasedTrafficGB, availableTrafficGB } = breakdown;
      return {
        said: `${trafficUsedGB ?? "?"} of ${purchasedTrafficGB ?? "?"} GB are used, ${availableTrafficGB ?? "?"} are left.`,
        data: { ...breakdown, last30Days: usage.traffic },
      };
    },
  }),
];
