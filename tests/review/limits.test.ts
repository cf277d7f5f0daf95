import { breachLine, breachLines } from "../../review/breach";
import { brokenLimits } from "../../review/headline";
import { type Limits, parseLimits } from "../../review/limits";
import { account, planOf, without } from "./recordings";

const lines = async (name: string, limits: Limits, facts = account()): Promise<string[]> =>
  (await planOf(name, limits, facts)).breaches.map(breachLine);

it.each<[string, string, Limits, string[]]>([
  [
    "countries",
    "mixed",
    { countries: ["DE", "united kingdom"] },
    ["relocated: countries: PL is not one of DE, united kingdom."],
  ],
  ["carriers", "mixed", { carriers: ["vodafone"] }, ["any carrier is not one of vodafone"]],
  ["maxPorts", "mixed", { maxPorts: 5 }, ["stack dev: maxPorts: 6 ports, at most 5 allowed. Declare fewer"]],
  ["maxLease", "mixed", { maxLease: "29d" }, ["a lease of 30 d, at most 29 d allowed. Make expiresIn shorter"]],
  [
    "minFreeSlots",
    "mixed",
    { minFreeSlots: 4 },
    ["stack dev: minFreeSlots: free shared slots: 3, at least 4 required"],
  ],
  [
    "minTrafficGB",
    "mixed",
    { minTrafficGB: 20 },
    ["stack dev: minTrafficGB: GB of private traffic left: 10, at least 20 required"],
  ],
  [
    "requireFingerprint",
    "mixed",
    { requireFingerprint: true },
    ["bought: requireFingerprint: no fingerprint. Set osFingerprint"],
  ],
  [
    "requireRotation",
    "mixed",
    { requireRotation: true },
    ["kept: requireRotation: no automatic rotation. Declare a RotationSettings"],
  ],
  [
    "noPasswordInCode",
    "mixed",
    { noPasswordInCode: true },
    ["relocated-login: noPasswordInCode: the password comes from no resource"],
  ],
  [
    "protectStacks",
    "mixed",
    { protectStacks: ["d*v"] },
    ["bought: protectStacks: not protected in the stack dev. Set the option protect: true."],
  ],
  [
    "maxMonthlyCost",
    "fresh-fleet",
    { maxMonthlyCost: 39.5 },
    ["stack dev: maxMonthlyCost: 40.00 USD in 30 days, at most 39.50 allowed"],
  ],
])("%s", async (_limit, name, limits, parts) => {
  const found = await lines(name, limits);
  for (const part of parts) expect(found).toContainEqual(expect.stringContaining(part));
});

it.each<[string, Limits]>([
  [
    "fresh-fleet",
    { countries: ["DE", "GB"], maxPorts: 4, maxLease: "30d", requireFingerprint: true, requireRotation: true },
  ],
  ["fresh-fleet", { noPasswordInCode: true, protectStacks: ["prod"], maxMonthlyCost: 40 }],
  ["release-some", { maxMonthlyCost: 10 }], // its ports are an hour old, and not in the report of use yet
  ["release-some", { minFreeSlots: 1, minTrafficGB: 60, requireFingerprint: true }],
  ["mixed", {}],
])("nothing is said of %s where all holds", async (name, limits) => {
  expect(await lines(name, limits)).toEqual([]);
});

it("what breaks a limit in the same way is one line", async () => {
  const plan = await planOf("fresh-fleet", { countries: ["PL"], requireRotation: true, maxPorts: 0 });
  expect(plan.breaches).toHaveLength(5);
  expect(breachLines(plan.breaches)).toEqual([
    expect.stringMatching(/^scraper-1, scraper-2, scraper-3: countries: DE is not one of PL\. /),
    expect.stringMatching(/^scraper-4: countries: GB is not one of PL\. /),
    "stack dev: maxPorts: 4 ports, at most 0 allowed. Declare fewer, or raise the limit.",
  ]);
  expect(brokenLimits(plan)).toHaveLength(3);
});

it("a line names ten, and counts the rest", () => {
  const breach = { limit: "maxLease" as const, value: "v", advice: "a", unchecked: false };
  const many = Array.from({ length: 12 }, (_, at) => ({ ...breach, resource: `p${at}` }));
  expect(breachLines(many)).toEqual(["p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more: maxLease: v. a"]);
});

it("a limit that lacks what it needs is reported as not checked", async () => {
  const limits = { maxMonthlyCost: 100, minFreeSlots: 1, minTrafficGB: 1 };
  const { breaches } = await planOf("release-some", limits, without());
  expect(breaches.map(({ limit, unchecked }) => [limit, unchecked])).toEqual([
    ["maxMonthlyCost", true],
    ["minFreeSlots", true],
    ["minTrafficGB", true],
  ]);
  expect(breachLine(breaches[0]!)).toBe(
    "stack dev: maxMonthlyCost: the cost cannot be checked (PROXIES_API_KEY is not set). Give a key that may read it, or remove the limit.",
  );
});

it.each([
  ["{", /^limits\.json: is not JSON/],
  ['{"maxPort": 3}', /^limits\.json: maxPort: no such limit\. The limits are countries, carriers,/],
  ['{"maxPorts": -1}', /^limits\.json: maxPorts: .*>=0.*Change it, or leave it out\.$/],
  ['{"maxLease": "soon"}', /^limits\.json: maxLease: is no length of time\. Give seconds or "90m"/],
  ['{"countries": []}', /^limits\.json: countries: /],
  ["[]", /^limits\.json: /],
  ['{"maxLease": 0}', /^limits\.json: maxLease: is no length of time\./],
  ['{"maxUsdcPerRun": 0.0000001}', /^limits\.json: maxUsdcPerRun: is no amount of USDC\./],
  ['{"countries": ["DE", ""]}', /^limits\.json: countries\.1: /],
  ['{"a": 1, "b": 2}', /^limits\.json: a, b: no such limit\./],
])("one line for each fault of %s", (text, message) => {
  expect(() => parseLimits(text, "limits.json")).toThrow(message);
});

it("limits that are in order are taken as they are", () => {
  const limits = { maxLease: "30d", maxUsdcPerRun: 0.000001, countries: ["DE"], minTrafficGB: 0.5 };
  expect(parseLimits(JSON.stringify(limits), "l")).toEqual(limits);
});

it("two faults are two lines", () => {
  expect(() => parseLimits('{"maxPorts": "many", "carriers": "O2"}', "l")).toThrow(
    /^l: carriers: [^\n]*\nl: maxPorts: [^\n]*$/,
  );
});
