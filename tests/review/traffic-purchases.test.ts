import { planText } from "../../cli/commands/plan-text";
import { typeOf } from "../../domain/kinds";
import { UNKNOWN } from "../../domain/unknown";
import { type AccountFacts } from "../../review/account";
import { type Limits } from "../../review/limits";
import { planMarkdown } from "../../review/markdown";
import { makePlan, type Plan } from "../../review/plan";
import { reviewedStack } from "../../review/policy-resources";
import { parsePreview } from "../../review/preview";
import { account } from "./recordings";

const PURCHASE_TYPE = typeOf("TrafficPurchase");
const INPUTS = { slotType: "shared", amountGB: 5, maxPrice: 30, triggers: ["v1"] };
const OUTPUTS = { slotType: "shared", amountGB: 5, triggers: ["v1"], boughtGB: 5, __countedGB: 5 };

interface Step {
  op: string;
  inputs?: object;
  outputs?: object;
}

/** A preview of purchases, by their names, as the engine reports them. */
function preview(steps: Record<string, Step>): string {
  const told = Object.entries(steps).map(([name, { op, inputs = {}, outputs }]) => {
    const urn = `urn:pulumi:dev::shop::${PURCHASE_TYPE}::${name}`;
    const state = (more: object): object => ({ urn, type: PURCHASE_TYPE, inputs: { ...INPUTS, ...inputs }, ...more });
    return {
      op,
      urn,
      ...(outputs && { oldState: state({ id: "1", outputs: { ...OUTPUTS, ...outputs } }) }),
      ...(op !== "delete" && { newState: state({}) }),
    };
  });
  return JSON.stringify({ steps: told });
}

const planOf = (steps: Record<string, Step>, limits: Limits = {}, facts: Partial<AccountFacts> = {}): Promise<Plan> =>
  makePlan(parsePreview(preview(steps), "test"), account(facts), limits);

it.each<[string, Step, string, number, number]>([
  ["is new", { op: "create" }, "buy", 5, 20],
  ["is new, of private ports", { op: "create", inputs: { slotType: "private" } }, "buy", 5, 40],
  ["has another slot type", { op: "replace", outputs: { slotType: "private" } }, "buy", 5, 20],
  ["gets more", { op: "update", inputs: { amountGB: 8 }, outputs: {} }, "buy more", 3, 12],
  ["gets less", { op: "update", inputs: { amountGB: 2 }, outputs: {} }, "change", 0, 0],
  ["gets back what it bought before", { op: "update", outputs: { amountGB: 2 } }, "change", 0, 0],
  ["has another trigger", { op: "update", inputs: { triggers: ["v2"] }, outputs: {} }, "buy again", 5, 20],
  ["has both", { op: "update", inputs: { amountGB: 8, triggers: [] }, outputs: {} }, "buy again", 8, 32],
  ["stays", { op: "same", outputs: {} }, "keep", 0, 0],
  ["goes", { op: "delete", outputs: {} }, "forget", 0, 0],
])("a purchase that %s", async (_, step, does, gigabytes, price) => {
  const { purchases } = await planOf({ a: step });
  expect(purchases).toEqual([
    expect.objectContaining({ name: "a", does, amountGB: { value: gigabytes }, price: { value: price } }),
  ]);
  expect(purchases[0]?.mostNow).toEqual({ value: price });
});

it("shows what is bought, for how much, and all together; what stays is not in it", async () => {
  const plan = await planOf({
    a: { op: "create" },
    b: { op: "update", inputs: { amountGB: 8 }, outputs: {} },
    c: { op: "same", outputs: {} },
  });
  const text = planText(plan);
  expect(text).toMatch(/^shop\/dev: 8 GB of traffic to buy for 32\.00 USD\n/);
  expect(text).toMatch(/a +shared +bought +5 +20\.00 +20\.00\n/);
  expect(text).toMatch(/b +shared +bought, in addition +3 +12\.00 +12\.00\n/);
  expect(text).toMatch(/together +32\.00/);
  expect(text).not.toMatch(/^ *c /m);
  expect(planMarkdown(plan)).toContain("8 GB of traffic to buy for 32.00 USD");
});

it("says nothing where nothing is bought", async () => {
  const text = planText(await planOf({ c: { op: "same", outputs: {} } }));
  expect(text).toMatch(/^shop\/dev: no ports/);
  expect(text).not.toContain("Traffic bought");
});

it("a price that the vendor does not give is unknown, and at most maxPrice", async () => {
  const refused = { trafficPrice: async () => ({ unknown: "403 forbidden" }) };
  const plan = await planOf({ a: { op: "create" } }, { maxSpendPerRun: 29 }, refused);
  const text = planText(plan);
  expect(text).toMatch(/^shop\/dev: 5 GB of traffic to buy for at most 30\.00 USD\n/);
  expect(text).toMatch(/a +shared +bought +5 +unknown +30\.00/);
  expect(text).toContain("unknown: 403 forbidden");
  expect(plan.breaches).toMatchObject([
    { value: "up to 30.00 USD in one run, at most 29.00 allowed", unchecked: false },
  ]);
});

it("what is known only at the run is said, and never 0", async () => {
  for (const inputs of [{ amountGB: UNKNOWN }, { slotType: UNKNOWN }, { maxPrice: UNKNOWN, amountGB: UNKNOWN }]) {
    const [change] = (await planOf({ a: { op: "create", inputs } })).purchases;
    expect(change?.price).toHaveProperty("unknown");
  }
  const later = await planOf({ a: { op: "update", inputs: { triggers: [UNKNOWN] }, outputs: {} } });
  expect(later.purchases).toMatchObject([{ does: "buy more", mostNow: { value: 30 } }]);
  expect(planText(later)).toMatch(/^shop\/dev: traffic to buy for at most 30\.00 USD/);
  const both = { a: { op: "create", inputs: { amountGB: UNKNOWN, maxPrice: UNKNOWN } } };
  const open = await planOf(both, { maxSpendPerRun: 1 });
  expect(planText(open)).toMatch(/^shop\/dev: traffic to buy at an unknown price/);
  expect(open.breaches).toMatchObject([{ limit: "maxSpendPerRun", resource: "a", unchecked: true }]);
});

it.each<[Limits, string[]]>([
  [{ maxSpendPerRun: 32 }, []],
  [{ maxSpendPerRun: 31.99 }, ["up to 32.00 USD in one run, at most 31.99 allowed"]],
  [{ maxSpendPerRun: 0 }, ["up to 32.00 USD in one run, at most 0.00 allowed"]],
])("%j", async (limits, values) => {
  const steps = { a: { op: "create" }, b: { op: "update", inputs: { amountGB: 8 }, outputs: {} } };
  const { breaches } = await planOf(steps, limits);
  expect(breaches.map(({ value }) => value)).toEqual(values);
});

it("a balance that is too small is a warning", async () => {
  const summary = { value: { balance: 19.99, currency: "USD", alerts: [] } };
  expect(planText(await planOf({ a: { op: "create" } }, {}, { summary }))).toContain(
    "balance: traffic costs 20.00 USD, there are 19.99: a purchase will fail",
  );
  const enough = { value: { ...summary.value, balance: 20 } };
  expect(planText(await planOf({ a: { op: "create" } }, {}, { summary: enough }))).not.toContain("will fail");
});

it("a policy pack counts purchases that are not made yet with their maxPrice", () => {
  const purchase = (name: string, props: object): object => ({
    ...{ type: PURCHASE_TYPE, urn: `urn:pulumi:dev::shop::${PURCHASE_TYPE}::${name}`, name },
    ...{ props: { ...INPUTS, ...props }, opts: { protect: false }, propertyDependencies: {} },
  });
  const all = [purchase("new", {}), purchase("made", OUTPUTS)];
  const { purchases } = reviewedStack(all as Parameters<typeof reviewedStack>[0]);
  expect(purchases.map(({ name, mostNow }) => [name, mostNow])).toEqual([
    ["new", { value: 30 }],
    ["made", { value: 0 }],
  ]);
});
