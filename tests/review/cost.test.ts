import { type Tariff } from "../../api";
import { noAccount, type AccountFacts } from "../../review/account";
import { type CostedPort, costPlan } from "../../review/cost";
import { type Known } from "../../review/known";

const PORT = { country: "DE", slotType: "shared", protect: false };
const bought = (count: number): CostedPort[] => Array.from({ length: count }, () => ({ after: PORT }));

const of = (price: number, min?: number, max?: number): Tariff => ({
  resourceType: "ports",
  category: "shared",
  billingPeriod: "monthly",
  pricePerUnit: price,
  portRange: { ...(min !== undefined && { min }), ...(max !== undefined && { max }) },
});

/** What so many new ports cost a month by these tariffs. */
function costOf(count: number, ...tariffs: Tariff[]): Known<number> | undefined {
  const account: AccountFacts = { ...noAccount("no key"), tariffs: { value: tariffs } };
  return costPlan(bought(count), account).slots[0]?.after.cost;
}

describe("the price of a slot is that of the tariff", () => {
  it.each<[string, Tariff[], number]>([
    ["that covers so many", [of(9, 1, 4), of(5, 5, 10), of(2, 11)], 25],
    ["also at its bounds", [of(9, 1, 4), of(5, 5, 5), of(2, 6)], 25],
    ["of the narrowest range that covers it", [of(9), of(5, 1, 10), of(7, 1, 100)], 25],
    ["with the higher begin, of two that end alike", [of(9, 1, 10), of(5, 3, 10)], 25],
    ["that is dearer, of two of one range", [of(4, 1, 10), of(5, 1, 10), of(3, 1, 10)], 25],
  ])("%s, in any order", (_what, tariffs, cost) => {
    expect(costOf(5, ...tariffs)).toEqual({ value: cost });
    expect(costOf(5, ...[...tariffs].reverse())).toEqual({ value: cost });
  });

  it("that is monthly, for ports of the type", () => {
    const others = [
      { ...of(1), billingPeriod: "daily" },
      { ...of(2), category: "private" },
      { ...of(3), resourceType: "traffic" },
    ] as Tariff[];
    expect(costOf(1, ...others, of(8))).toEqual({ value: 8 });
  });
});

it("a price without a tariff is unknown, and the reason lists the existing tariffs", () => {
  expect(costOf(5, of(9, 1, 4))).toEqual({
    unknown: "the vendor has no monthly tariff for 5 shared slots; it has 9 for 1–4",
  });
  expect(costOf(1)).toEqual({ unknown: "the vendor has no monthly tariff for 1 shared slot" });
});
