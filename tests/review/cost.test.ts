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

describe("traffic after the run is that of the ports that stay", () => {
  const SLOTS = [of(10), { ...of(25), category: "private" }];
  const TRAFFIC = ["shared", "private"].map((category) => ({
    ...{ resourceType: "traffic", category, pricePerUnit: 4 },
  }));
  const IDS = ["p1", "p2", "p3", "p4", "p5", "p6"];
  const byPort = IDS.map((portId) => ({ portId, usedGB: 30 }));
  const account: AccountFacts = {
    ...noAccount("no key"),
    tariffs: { value: [...SLOTS, ...TRAFFIC] as Tariff[] },
    usage: { value: { period: "30d", traffic: { shared: { byPort }, private: { byPort } } } },
  };
  const from = (slotType: string, after: (at: number) => CostedPort["after"]): CostedPort[] =>
    IDS.map((portId, at) => ({ before: { ...PORT, slotType, portId, createdAt: 0 }, after: after(at) }));

  it.each([
    [6, 720],
    [2, 240],
    [0, 0],
  ])("of 6 ports %i", (stay, traffic) => {
    const cost = costPlan(
      from("shared", (at) => (at < stay ? PORT : undefined)),
      account,
    );
    expect(cost.traffic).toMatchObject([
      { before: { value: 720 }, after: { value: traffic }, change: { value: traffic - 720 } },
    ]);
    expect(cost.known).toEqual({ value: stay * 10 + traffic });
  });

  it("and of a port that changes its slot type it is not known", () => {
    const cost = costPlan(
      from("private", () => PORT),
      account,
    );
    const unknown = "what 6 new shared ports will use is not known";
    expect(cost.traffic).toMatchObject([
      { slotType: "shared", before: { value: 0 }, after: { unknown }, leastCost: { value: 0 } },
      { slotType: "private", before: { value: 720 }, after: { value: 0 }, change: { value: -720 } },
    ]);
    expect(cost.known).toEqual({ value: 60 });
  });
});
