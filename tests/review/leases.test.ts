import { parsePreview } from "../../review/preview";
import { type Limits } from "../../review/limits";
import { makePlan, type Plan } from "../../review/plan";
import { planText } from "../../cli/commands/plan-text";
import { typeOf } from "../../domain/kinds";
import { reviewedStack } from "../../review/policy-resources";
import { account } from "./recordings";

const LEASE_TYPE = typeOf("X402Lease");
const NOW = account().now;
const iso = (days: number): string => new Date(NOW + days * 86_400_000).toISOString();
const INPUTS = { country: "US", tier: "shared", trafficGB: 1, duration: "30d", maxPrice: "4.50" };
const receipt = (amount: string, days: number): object => ({ amount, at: iso(days), nonce: "0x1" });
const OUTPUTS = { ...INPUTS, sessionId: "s1", trafficAllocatedGB: 1, status: "active", expiresAt: iso(20) };

interface Step {
  op: string;
  inputs?: object;
  outputs?: object;
}

/** A preview of leases, by their names. */
function preview(steps: Record<string, Step>): string {
  const told = Object.entries(steps).map(([name, { op, inputs = {}, outputs }]) => {
    const urn = `urn:pulumi:dev::shop::${LEASE_TYPE}::${name}`;
    const state = (more: object): object => ({ urn, type: LEASE_TYPE, inputs: { ...INPUTS, ...inputs }, ...more });
    return {
      op,
      urn,
      ...(outputs && { oldState: state({ id: "s1", outputs: { ...OUTPUTS, ...outputs } }) }),
      ...(op !== "delete" && { newState: state({}) }),
    };
  });
  return JSON.stringify({ steps: told });
}

const planOf = (steps: Record<string, Step>, limits: Limits = {}): Promise<Plan> =>
  makePlan(parsePreview(preview(steps), "test"), account(), limits);

it.each<[string, Step, string, string]>([
  ["is new", { op: "create" }, "pay", "4.50"],
  ["is imported", { op: "create", inputs: { __adopt: "s9" } }, "adopt", "0.00"],
  ["is replaced", { op: "replace", outputs: {} }, "pay", "4.50"],
  ["is over", { op: "update", outputs: { expiresAt: iso(-1) } }, "renew", "4.50"],
  [
    "is over and kept",
    { op: "update", inputs: { onExpired: "keep" }, outputs: { expiresAt: iso(-1) } },
    "change",
    "0.00",
  ],
  ["gets more traffic", { op: "update", inputs: { trafficGB: 2.5 }, outputs: {} }, "raise", "4.50"],
  [
    "names its place otherwise",
    { op: "update", inputs: { carrier: "Telefónica" }, outputs: { carrier: "telefonica" } },
    "change",
    "0.00",
  ],
  ["has a place that is no text", { op: "update", inputs: { city: 5 }, outputs: {} }, "move", "4.50"],
  ["goes elsewhere", { op: "update", inputs: { country: "DE" }, outputs: {} }, "move", "4.50"],
  ["changes for nothing", { op: "update", inputs: { renewBefore: "1d" }, outputs: {} }, "change", "0.00"],
  ["stays", { op: "same", outputs: {} }, "keep", "0.00"],
  ["goes", { op: "delete", outputs: {} }, "forget", "0.00"],
])("a lease that %s", async (_, step, does, mostNow) => {
  const { leases } = await planOf({ a: step });
  expect(leases).toMatchObject([{ name: "a", does, mostNow: { value: mostNow } }]);
});

it("shows what it pays at most, what was paid lately, and both together", async () => {
  const receipts = [receipt("4.00", -40), receipt("3.25", -29), receipt("0.10", 0)];
  const plan = await planOf({ new: { op: "create" }, old: { op: "same", outputs: { receipts } } });
  const text = planText(plan);
  expect(text).toMatch(/^shop\/dev: 1 lease to pay, at most 4\.50 USDC\n/);
  expect(text).toMatch(/new +US +paid +4\.50 +0\.00/);
  expect(text).toMatch(/old +US +0\.00 +3\.35/);
  expect(text).toMatch(/together +4\.50 +3\.35/);
});

it("a price that is known only at the run is said, and never 0", async () => {
  const plan = await planOf({ a: { op: "create", inputs: { maxPrice: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } } });
  expect(planText(plan)).toMatch(/1 lease to pay, of an unknown price/);
  expect(planText(plan)).toMatch(/maxPrice is known only when the program runs/);
});

describe("limits", () => {
  const two: Record<string, Step> = {
    a: { op: "create" },
    b: { op: "same", outputs: { receipts: [receipt("6.00", -3)] } },
  };

  it.each<[Limits, string[]]>([
    [{ maxUsdcPerRun: 4.5, maxUsdcPerMonth: 10.5 }, []],
    [{ maxUsdcPerRun: 4.499999 }, ["up to 4.50 USDC in one run, at most 4.499999 allowed"]],
    [{ maxUsdcPerMonth: 10.4 }, ["up to 10.50 USDC in 30 days, at most 10.40 allowed"]],
  ])("%j", async (limits, values) => {
    const { breaches } = await planOf(two, limits);
    expect(breaches.map(({ value, unchecked }) => [value, unchecked])).toEqual(values.map((value) => [value, false]));
  });

  it("a price that is not known cannot be checked", async () => {
    const steps = { a: { op: "create", inputs: { maxPrice: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } } };
    for (const limits of [{ maxUsdcPerRun: 1 }, { maxUsdcPerMonth: 1 }]) {
      expect((await planOf(steps, limits)).breaches).toMatchObject([{ resource: "a", unchecked: true }]);
    }
  });
});

it("a policy pack counts leases that have no session yet, or need more than they have", () => {
  const lease = (name: string, props: object): object => ({
    ...{ type: LEASE_TYPE, urn: `urn:pulumi:dev::shop::${LEASE_TYPE}::${name}`, name },
    ...{ props: { ...INPUTS, ...props }, opts: { protect: false }, propertyDependencies: {} },
  });
  const there = { ...OUTPUTS, expiresAt: new Date(Date.now() + 86_400_000).toISOString() };
  const receipts = [{ amount: "1.00", at: new Date().toISOString() }];
  const all = [
    lease("new", {}),
    lease("kept", { ...there, receipts }),
    lease("raised", { ...there, trafficGB: 3 }),
    lease("over", { ...there, status: "expired" }),
  ];
  const { leases } = reviewedStack(all as Parameters<typeof reviewedStack>[0]);
  expect(leases.map(({ name, mostNow, paidLately }) => ({ name, mostNow, paidLately }))).toEqual([
    { name: "new", mostNow: { value: "4.50" }, paidLately: "0.00" },
    { name: "kept", mostNow: { value: "0.00" }, paidLately: "1.00" },
    { name: "raised", mostNow: { value: "4.50" }, paidLately: "0.00" },
    { name: "over", mostNow: { value: "4.50" }, paidLately: "0.00" },
  ]);
});
