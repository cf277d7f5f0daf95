import { breachLine } from "../../review/breach";
import { breachesOf, fits, type Reviewed, type ReviewedPort } from "../../review/limit-rules";
import { type Limits } from "../../review/limits";

const DAY = 86_400;
const WHY = { unknown: "no key" };
const LATER = "is known only when the program runs, so it cannot be checked";
const PORT: ReviewedPort = {
  ...{ urn: "urn:a", name: "a", country: "DE", carrier: "O2", leaseSeconds: 7 * DAY },
  ...{ hasFingerprint: true, rotates: true, protect: true },
};
const port = (more: Partial<ReviewedPort> = {}): Partial<Reviewed> => ({ ports: [{ ...PORT, ...more }] });
const account = (more: Partial<Reviewed["account"]>): Partial<Reviewed> => ({
  account: { freeSlots: {}, trafficGB: {}, monthlyCost: { value: 0 }, currency: "EUR", ...more },
});
const login = (password: Reviewed["logins"][number]["password"]): Partial<Reviewed> => ({
  logins: [{ urn: "urn:l", name: "l", password }],
});
const leases = (...mostNow: Reviewed["leases"][number]["mostNow"][]): Partial<Reviewed> => ({
  leases: mostNow.map((most) => ({ urn: "urn:w", name: "w", mostNow: most, paidLately: "1.50" })),
});
const purchases = (...mostNow: Reviewed["purchases"][number]["mostNow"][]): Partial<Reviewed> => ({
  purchases: mostNow.map((most) => ({ urn: "urn:t", name: "t", mostNow: most })),
});

const found = (limits: Limits, more: Partial<Reviewed>) =>
  breachesOf(limits, {
    stack: "dev",
    ports: [],
    logins: [],
    leases: [],
    purchases: [],
    ...account({}),
    ...more,
  } as Reviewed);

describe("a limit holds up to its own value", () => {
  it.each<[Limits, Partial<Reviewed>]>([
    [{ countries: ["Germany", "GB"] }, port()],
    [{ carriers: ["EE", "o2"] }, port()],
    [{ maxLease: "7d" }, port()],
    [{ maxPorts: 1 }, port()],
    [{ protectStacks: ["prod", "dev"] }, port()],
    [{ protectStacks: ["prod", "de"] }, port({ protect: false })],
    [{ requireFingerprint: true, requireRotation: true }, port()],
    [{ requireFingerprint: false, requireRotation: false }, port({ hasFingerprint: false, rotates: false })],
    [{ noPasswordInCode: true }, login("resource")],
    [{ noPasswordInCode: true }, login("resource or settings")],
    [{ noPasswordInCode: false }, login("code")],
    [{ maxMonthlyCost: 40 }, account({ monthlyCost: { value: 40 } })],
    [{ maxSpendPerRun: 0.3 }, purchases({ value: 0.1 }, { value: 0.2 })],
    [{ maxUsdcPerRun: 3 }, leases({ value: "1.00" }, { value: "2.00" })],
    [{ maxUsdcPerMonth: 6 }, leases({ value: "1.00" }, { value: "2.00" })],
    [
      { minFreeSlots: 2, minTrafficGB: 5 },
      account({ freeSlots: { shared: { value: 2 } }, trafficGB: { shared: { value: 5 } } }),
    ],
    [{ minFreeSlots: 2, minTrafficGB: 5 }, port()],
    [{}, { ...port({ country: "PL", protect: false }), ...login("code"), ...account({ monthlyCost: WHY }) }],
  ])("%j", (limits, more) => expect(found(limits, more)).toEqual([]));
});

describe("what breaks a limit is said with its value, what is allowed and what to do", () => {
  it.each<[Limits, Partial<Reviewed>, string]>([
    [
      { countries: ["GB", "PL"] },
      port(),
      "a: countries: DE is not one of GB, PL. Choose one of these, by its ISO code, or add it to the limit.",
    ],
    [
      { carriers: ["EE", "Three"] },
      port(),
      "a: carriers: O2 is not one of EE, Three. Name one of these as carrier, or add it to the limit.",
    ],
    [
      { carriers: ["O2"] },
      port({ carrier: "" }),
      "a: carriers: any carrier is not one of O2. Name one of these as carrier, or add it to the limit.",
    ],
    [
      { maxLease: "6d" },
      port(),
      "a: maxLease: a lease of 7 d, at most 6 d allowed. Make expiresIn shorter, or raise the limit.",
    ],
    [
      { protectStacks: ["prod", "d*"] },
      port({ protect: false }),
      "a: protectStacks: not protected in the stack dev. Set the option protect: true.",
    ],
    [
      { requireFingerprint: true },
      port({ hasFingerprint: false }),
      "a: requireFingerprint: no fingerprint. Set osFingerprint, or declare an OsFingerprint for it.",
    ],
    [
      { requireRotation: true },
      port({ rotates: false }),
      "a: requireRotation: no automatic rotation. Declare a RotationSettings for it.",
    ],
    [
      { noPasswordInCode: true },
      login("code"),
      "l: noPasswordInCode: the password comes from no resource and no secret setting. Generate it with random.RandomPassword, or keep it with `pulumi config set --secret`.",
    ],
    [{ maxPorts: 0 }, port(), "stack dev: maxPorts: 1 port, at most 0 allowed. Declare fewer, or raise the limit."],
    [
      { maxMonthlyCost: 40 },
      account({ monthlyCost: { value: 40.01 } }),
      "stack dev: maxMonthlyCost: 40.01 EUR in 30 days, at most 40.00 allowed. Declare fewer or cheaper ports, or raise the limit.",
    ],
    [
      { maxSpendPerRun: 0.3 },
      purchases({ value: 0.1 }, { value: 0.21 }),
      "stack dev: maxSpendPerRun: up to 0.31 USD in one run, at most 0.30 allowed. Buy less, lower maxPrice, or raise the limit.",
    ],
    [
      { maxUsdcPerRun: 2.9 },
      leases({ value: "1.00" }, { value: "2.00" }),
      "stack dev: maxUsdcPerRun: up to 3.00 USDC in one run, at most 2.90 allowed. Declare fewer leases, lower their maxPrice, or raise the limit.",
    ],
    [
      { maxUsdcPerMonth: 5.9 },
      leases({ value: "1.00" }, { value: "2.00" }),
      "stack dev: maxUsdcPerMonth: up to 6.00 USDC in 30 days, at most 5.90 allowed. Declare fewer leases, lower their maxPrice, or raise the limit.",
    ],
    [
      { minFreeSlots: 2 },
      account({ freeSlots: { shared: { value: 2 }, private: { value: 1 } } }),
      "stack dev: minFreeSlots: free private slots: 1, at least 2 required. Release ports, or buy slots.",
    ],
    [
      { minTrafficGB: 5 },
      account({ trafficGB: { shared: { value: 4.999 }, private: { value: 5 } } }),
      "stack dev: minTrafficGB: GB of shared traffic left: 4.99, at least 5 required. Buy traffic, or lower the limit.",
    ],
  ])("%j", (limits, more, line) => {
    const breaches = found(limits, more);
    expect(breaches.map(breachLine)).toEqual([line]);
    expect(breaches).toMatchObject([{ unchecked: false }]);
  });
});

describe("what is not known is said, and marked as not checked", () => {
  const cannot = "cannot be checked (no key). Give a key that may read it, or remove the limit.";
  const { country: _country, carrier: _carrier, leaseSeconds: _seconds, ...bare } = PORT;
  const write = `maxPrice ${LATER}. Write it in the program.`;

  it.each<[Limits, Partial<Reviewed>, string]>([
    [
      { countries: ["DE"] },
      { ports: [bare] },
      `a: countries: the country ${LATER}. Name one of the allowed countries in the program.`,
    ],
    [
      { carriers: ["O2"] },
      { ports: [bare] },
      `a: carriers: the carrier ${LATER}. Name one of the allowed carriers in the program.`,
    ],
    [{ maxLease: "7d" }, { ports: [bare] }, `a: maxLease: expiresIn ${LATER}. Write it in the program.`],
    [{ maxMonthlyCost: 99 }, account({ monthlyCost: WHY }), `stack dev: maxMonthlyCost: the cost ${cannot}`],
    [{ maxSpendPerRun: 99 }, purchases({ value: 1 }, WHY), `t: maxSpendPerRun: ${write}`],
    [{ maxUsdcPerRun: 99 }, leases({ value: "1.00" }, WHY), `w: maxUsdcPerRun: ${write}`],
    [{ maxUsdcPerMonth: 99 }, leases(WHY, { value: "1.00" }), `w: maxUsdcPerMonth: ${write}`],
    [
      { minFreeSlots: 1 },
      account({ freeSlots: { shared: WHY } }),
      `stack dev: minFreeSlots: the number of free shared slots ${cannot}`,
    ],
    [
      { minTrafficGB: 1 },
      account({ trafficGB: { private: WHY } }),
      `stack dev: minTrafficGB: the number of GB of private traffic left ${cannot}`,
    ],
  ])("%j", (limits, more, line) => {
    const breaches = found(limits, more);
    expect(breaches.map(breachLine)).toEqual([line]);
    expect(breaches).toMatchObject([{ unchecked: true }]);
  });
});

it("a breach names the resource by its URN, and is one for each that is in the wrong", () => {
  const ports = [PORT, { ...PORT, urn: "urn:b", name: "b", country: "PL" }, { ...PORT, urn: "urn:c", country: "GB" }];
  expect(found({ countries: ["DE"] }, { ports }).map(({ limit, urn }) => [limit, urn])).toEqual([
    ["countries", "urn:b"],
    ["countries", "urn:c"],
  ]);
  expect(found({ countries: ["PL"], maxPorts: 0 }, port()).map(({ limit, urn }) => [limit, urn])).toEqual([
    ["countries", "urn:a"],
    ["maxPorts", undefined],
  ]);
});

it.each([
  ["prod", "prod", true],
  ["prod-eu", "prod", false],
  ["prod", "prod*", true],
  ["prod-eu", "prod*", true],
  ["my-prod", "prod*", false],
  ["my-prod", "*prod", true],
  ["my-prod-eu", "*prod", false],
  ["my-prod-eu", "*prod*", true],
  ["my-dev-eu", "*prod*", false],
  ["prod-a-eu", "prod*a*eu", true],
  ["prod-eu", "prod*a*eu", false],
  ["a-b-c", "a*c*b*", false],
  // No letter of the stack's name counts for two parts of the pattern.
  ["aba", "ab*ba", false],
  ["abba", "ab*ba", true],
  ["abc", "*ab*bc", false],
  ["abcbc", "*ab*bc", true],
  ["abbc", "a*b*b*c", true],
  ["abc", "a*b*b*c", false],
  ["", "*", true],
])("the stack %j and the pattern %j fit: %s", (stack, pattern, expected) => {
  expect(fits(stack, pattern)).toBe(expected);
});
