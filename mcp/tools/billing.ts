import { z } from "zod";
import { type Api } from "../../api";
import { type SlotType } from "../../domain/slot-type";
import { type BalanceOrder, buyOnce } from "../../provider/billing/buy-once";
import { orderText } from "../../provider/billing/words";
import { priceOf as tariffPrice } from "../../review/cost";
import { valueOf } from "../../review/known";
import { type Around } from "../around";
import { slotType } from "../arguments";
import { dollars } from "../guards/caps";
import { type Told, type Tool, tool, ToolError } from "../tool";

const quantity = z.number().int().min(1).max(10_000);

/** Prices, and what is bought from the balance. */
export const billingTools: readonly Tool[] = [
  tool({
    name: "get_pricing",
    does: "Prices of traffic with their discounts, and slots by tier; with arguments the tariffs of slots or traffic.",
    group: "read",
    input: { type: z.enum(["slots", "traffic"]).optional(), category: slotType.optional() },
    run: async ({ type, category }, { api }) => {
      if (type === undefined && category === undefined) {
        const pricing = await api().billing.pricing();
        const { shared, private: dedicated } = pricing.basePrices ?? {};
        return {
          said: `A GB costs $${shared ?? "?"} shared and $${dedicated ?? "?"} private, before discounts.`,
          data: { ...pricing },
        };
      }
      const wanted = type === "slots" ? "ports" : type;
      const all = await api().reference.tariffs();
      const tariffs = all.filter(
        (one) => (wanted ?? one.resourceType) === one.resourceType && (category ?? one.category) === one.category,
      );
      return { said: `${tariffs.length} tariffs.`, data: { tariffs } };
    },
  }),
  purchase("purchase_shared_slots", "slots", "shared"),
  purchase("purchase_shared_traffic", "traffic", "shared"),
  purchase("purchase_private_slots", "slots", "private"),
  purchase("purchase_private_traffic", "traffic", "private"),
];

function purchase(name: string, what: BalanceOrder["what"], type: SlotType): Tool {
  const bought = what === "slots" ? `${type} slots: each holds one port` : `${type} traffic, in GB`;
  const spends = {
    does: `Buys ${bought}. Paid from the balance, within --max-spend. Never bought twice for one call, also where the answer is lost.`,
    group: "purchases",
    isDestructive: true,
  } as const;
  const orderOf = (amount: number): BalanceOrder => ({ what, slotType: type, amount });
  return what === "slots"
    ? tool({
        ...{ ...spends, name, input: { quantity } },
        cost: ({ quantity: slots }, around) => priceOf(orderOf(slots), around),
        run: ({ quantity: slots }, around) => buy(orderOf(slots), around),
      })
    : tool({
        ...{ ...spends, name, input: { quantityGB: quantity.describe("Whole GB.") } },
        cost: ({ quantityGB }, around) => priceOf(orderOf(quantityGB), around),
        run: ({ quantityGB }, around) => buy(orderOf(quantityGB), around),
      });
}

/** By the vendor's own calculation: without a price nothing is bought, as no cap could hold. */
async function priceOf({ what, slotType: type, amount }: BalanceOrder, { api }: Around): Promise<number> {
  const price =
    what === "traffic"
      ? (await api().billing.calculatePrice(amount, type === "private")).totalPrice
      : await slotPrice(type, amount, api());
  if (price !== undefined) return price;
  throw new ToolError("nothing was bought: the vendor does not tell what it costs, so --max-spend could not hold.");
}

/** For a month. */
async function slotPrice(type: SlotType, amount: number, api: Api): Promise<number | undefined> {
  const each = valueOf(tariffPrice(await api.reference.tariffs(), "ports", type, amount));
  return each === undefined ? undefined : each * amount;
}

async function buy(order: BalanceOrder, { api, folder }: Around): Promise<Told> {
  const { purchase: told, settledBy, since, settle } = await buyOnce(api(), order, { folder, key: "agents" });
  const cost = told?.totalPrice;
  const how = settledBy === "account" ? " The answer was lost: the account's totals tell it." : "";
  return {
    said: `${since === undefined ? "Bought" : "An earlier call had bought"}: ${orderText(order)}${cost === undefined ? "" : ` for ${dollars(cost)}`}.${how}`,
    data: { ...order, settledBy, ...(told && { purchase: told }) },
    ...(cost !== undefined && { cost }),
    ...(since !== undefined && { isTakenUp: true }),
    settle,
  };
}
