import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Emulator, startEmulator } from "../../emulator";
import { parseDuration } from "../../domain/duration";
import { fleetWorld } from "../report/fleet-world";
import { exported, heldPort, renewedPort } from "./exported";
import { scrape, series } from "./scraped";

const EXAMPLES = join(__dirname, "../../examples/monitoring");

interface Rule {
  alert: string;
  expr: string;
  annotations: Record<string, string>;
  for?: string;
}
interface Rules {
  groups: { rules: Rule[] }[];
}
interface Dashboard {
  panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
}

interface PromNode {
  name: string;
  from: number;
  to: number;
  type: { isError: boolean };
}

const rules = (parse(readFileSync(join(EXAMPLES, "alerts.yml"), "utf8")) as Rules).groups.flatMap(
  ({ rules: all }) => all,
);
const { panels } = JSON.parse(readFileSync(join(EXAMPLES, "dashboard.json"), "utf8")) as Dashboard;
const queries: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
];

const OF_LABEL = /\$labels\.(\w+)|\{\{(\w+)\}\}/;
/** Words of rules and legends of panels that name labels. */
const told: [string, string, string][] = [
  ...rules.flatMap(({ alert, expr, annotations }) =>
    Object.values(annotations).map((text): [string, string, string] => [alert, text, expr]),
  ),
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }): [string, string, string] => [title, legendFormat, expr]),
  ),
].filter(([, text]) => OF_LABEL.test(text));

type Parser = { parse(text: string): { iterate(spec: { enter: (node: PromNode) => void }): void } };
let parser: Parser;
beforeAll(async () => {
  ({ parser } = await import("@prometheus-io/lezer-promql"));
});

interface Named {
  metrics: string[];
  /** By the metric that they choose from. */
  matchers: { metric: string; label: string; operator: string; value: string }[];
  /** Of `by`, `ignoring` and `on`. */
  grouped: string[];
}

function namesIn(expr: string): Named {
  const [metrics, matchers, grouped]: [string[], Named["matchers"], string[]] = [[], [], []];
  let grouping = 0;
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
      const text = expr.slice(from, to);
      if (name === "Identifier") metrics.push(text);
      if (name === "GroupingLabels") grouping = to;
      if (name === "LabelName" && from < grouping) grouped.push(text);
      if (name === "UnquotedLabelMatcher") {
        const [, label = "", operator = "", value = ""] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
        matchers.push({ metric: metrics.at(-1) ?? "", label, operator, value });
      }
    },
  });
  return { metrics, matchers, grouped };
}

/** `{ name: "proxies_sx_slots", labels: { slot_type: "shared", state: "used" }, value: 3 }` */
const samplesOf = (text: string) =>
  Object.entries(series(text)).map(([key, value]) => ({
    name: key.split("{")[0] ?? "",
    labels: Object.fromEntries([...key.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = "", told = ""]) => [label, told])),
    value,
  }));
type Samples = ReturnType<typeof samplesOf>;

describe("rules and dashboard", () => {
  let emulator: Emulator;
  let served: Samples;
  beforeAll(async () => {
    emulator = await fleetWorld(12);
    const ports = emulator.control.ports();
    for (const [at, healthStatus] of ["degraded", "offline", "unheard-of"].entries())
      emulator.control.editPort(ports[at]!.id, { healthStatus });
    const old = { portId: ports[1]!.id, since: new Date(emulator.control.clock.now()).toISOString() };
    const state = exported([heldPort("scraper", ports[0]!.id), renewedPort("renewed", "first", ports[2]!.id, [old])]);
    served = samplesOf((await scrape(emulator, ["--state", "-"], { state })).metrics.text);
  });
  afterAll(() => emulator.close());

  const valuesOf = (metric: string, label: string): string[] =>
    served.flatMap(({ name, labels }) => (name === metric ? (labels[label] ?? []) : []));

  it.each(queries)("%s: %s is PromQL, of metrics, labels and values that are served", (_, expr) => {
    const { metrics, matchers, grouped } = namesIn(expr);
    expect(metrics.length).toBeGreaterThan(0);
    for (const metric of metrics) expect(served.map(({ name }) => name)).toContain(metric);
    for (const { metric, label, operator, value } of matchers) {
      for (const one of operator.endsWith("~") ? value.split("|") : [value])
        expect([metric, label, valuesOf(metric, label)]).toEqual([metric, label, expect.arrayContaining([one])]);
    }
    for (const label of grouped) expect(metrics.flatMap((metric) => valuesOf(metric, label))).not.toEqual([]);
  });

  it.each(told)("what %s says has labels that its metrics have: %s", (_, text, expr) => {
    for (const [, ofRule, ofLegend] of text.matchAll(new RegExp(OF_LABEL, "g"))) {
      const label = ofRule ?? ofLegend ?? "";
      expect([label, namesIn(expr).metrics.flatMap((metric) => valuesOf(metric, label))]).not.toEqual([label, []]);
    }
  });

  it("would see a query that is no PromQL, and a value or a label that nothing has", () => {
    expect(() => namesIn("sum(proxies_sx_ports")).toThrow("no PromQL");
    expect(namesIn('sum by (slot_type) (proxies_sx_slots{state="free"})')).toEqual({
      metrics: ["proxies_sx_slots"],
      matchers: [{ metric: "proxies_sx_slots", label: "state", operator: "=", value: "free" }],
      grouped: ["slot_type"],
    });
    expect(valuesOf("proxies_sx_slots", "state")).not.toContain("unused");
    expect(valuesOf("proxies_sx_slots", "country")).toEqual([]);
  });
});

interface Look {
  now: number;
  samples: Samples;
}

/** Each rule as a person works it out from one poll. A rule that changes has to be worked out here again. */
const BY_HAND: Record<string, { expr: string; fires: (look: Look) => boolean }> = {
  ProxiesNoFreeSlot: {
    expr: `proxies_sx_slots{state="free"} == 0
      and ignoring(state) proxies_sx_slots{state="used"} > 0
      and on() proxies_sx_renewals_due > 0
      unless on(slot_type) proxies_sx_ports_retiring > 0`,
    fires: ({ samples }) => {
      const slots = (state: string, slotType: string) =>
        samples.find(
          ({ name, labels }) => name === "proxies_sx_slots" && labels.state === state && labels.slot_type === slotType,
        )?.value ?? NaN;
      const due = samples.find(({ name }) => name === "proxies_sx_renewals_due")?.value ?? NaN;
      const retiring = (slotType: string) =>
        samples.find(({ name, labels }) => name === "proxies_sx_ports_retiring" && labels.slot_type === slotType)
          ?.value ?? 0;
      const isFull = (type: string) => slots("free", type) === 0 && slots("used", type) > 0 && retiring(type) === 0;
      return ["shared", "private"].some(isFull) && due > 0;
    },
  },
  ProxiesNotReleased: {
    expr: `time() - proxies_sx_port_release_timestamp_seconds > 86400`,
    fires: ({ now, samples }) =>
      samples.some(({ name, value }) => name === "proxies_sx_port_release_timestamp_seconds" && now - value > 86_400),
  },
  ProxiesLeaseEnds: {
    expr: `(
        proxies_sx_port_lease_end_timestamp_seconds - time() < 86400
        and proxies_sx_port_lease_end_timestamp_seconds - time()
          < 0.5 * (proxies_sx_port_lease_end_timestamp_seconds - proxies_sx_port_renewal_timestamp_seconds)
      )
      or proxies_sx_port_lease_end_timestamp_seconds < time()`,
    fires: ({ now, samples }) =>
      leases(samples).some(
        ({ end, renewal = NaN }) => (end - now < 86_400 && end - now < 0.5 * (end - renewal)) || end < now,
      ),
  },
  ProxiesRenewalOverdue: {
    expr: `max(
        (time() - proxies_sx_port_renewal_timestamp_seconds)
        / (proxies_sx_port_lease_end_timestamp_seconds - proxies_sx_port_renewal_timestamp_seconds)
      ) > 0.6`,
    fires: ({ now, samples }) =>
      leases(samples).some(({ end, renewal = NaN }) => (now - renewal) / (end - renewal) > 0.6),
  },
};

/** Ends and renewals of the same port, as two series match that have the same labels. */
function leases(samples: Samples): { end: number; renewal?: number }[] {
  const of = (metric: string) => samples.filter(({ name }) => name === `proxies_sx_port_${metric}_timestamp_seconds`);
  return of("lease_end").map(({ labels, value: end }) => {
    const same = of("renewal").find((other) => JSON.stringify(other.labels) === JSON.stringify(labels));
    return { end, renewal: same?.value };
  });
}

describe("rules reckoned by hand", () => {
  const ruleOf = (alert: string): Rule => rules.find((rule) => rule.alert === alert)!;
  const oneLine = (expr: string): string => expr.replaceAll(/\s+/g, " ").trim();

  it.each(Object.entries(BY_HAND))("%s is what was reckoned", (alert, { expr }) => {
    expect(oneLine(ruleOf(alert).expr)).toBe(oneLine(expr));
  });

  async function lookAt(emulator: Emulator, state?: string): Promise<Look> {
    const argv = state === undefined ? [] : ["--state", "-"];
    const samples = samplesOf((await scrape(emulator, argv, { state })).metrics.text);
    return { now: emulator.control.clock.now().getTime() / 1_000, samples };
  }

  /** In an account that has no private slots, so long after a port was bought. */
  async function firing(expiresIn: string, after: string, sharedSlots: number): Promise<string[]> {
    const emulator = await startEmulator({ config: { slots: { shared: sharedSlots, private: 0 } } });
    try {
      const { control } = emulator;
      control.buyPort({ expiresIn });
      control.clock.advance((parseDuration(after) ?? NaN) * 1_000);
      const look = await lookAt(emulator);
      return Object.entries(BY_HAND).flatMap(([alert, { fires }]) => (fires(look) ? alert : []));
    } finally {
      await emulator.close();
    }
  }

  // A lease of 6 hours is due 36 minutes before its end.
  it.each<[string, string, number, string[]]>([
    ["6h", "1m", 2, []],
    ["6h", "1m", 1, []],
    ["6h", "330m", 2, []],
    ["6h", "330m", 1, ["ProxiesNoFreeSlot"]],
    ["6h", "343m", 2, ["ProxiesLeaseEnds"]],
    ["6h", "346m", 2, ["ProxiesLeaseEnds", "ProxiesRenewalOverdue"]],
    ["6h", "361m", 2, ["ProxiesLeaseEnds"]],
    ["30d", "28d", 2, []],
    ["30d", "692h", 2, ["ProxiesRenewalOverdue"]],
    ["30d", "697h", 2, ["ProxiesLeaseEnds", "ProxiesRenewalOverdue"]],
  ])("a lease of %s, after %s, of %i slots: %j", async (expiresIn, after, sharedSlots, expected) => {
    expect(await firing(expiresIn, after, sharedSlots)).toEqual(expected);
  });

  /** Of two slots: of one port, renewed as it was due, and of the old one; so long after that. */
  async function firingAfterRenewal(expiresIn: string, after: string, overlap?: string): Promise<string[]> {
    const emulator = await startEmulator({ config: { slots: { shared: 2, private: 0 } } });
    try {
      const { control } = emulator;
      const old = control.buyPort({ expiresIn }).id;
      control.clock.advance((parseDuration(expiresIn) ?? NaN) * 950); // 5 % of the lease are left
      const serving = control.buyPort({ expiresIn }).id;
      const since = new Date(control.clock.now()).toISOString();
      control.clock.advance((parseDuration(after) ?? NaN) * 1_000);
      const outputs = { expiresIn, ...(overlap !== undefined && { overlap }) };
      const state = exported([renewedPort("a", old, serving, [{ portId: old, since }], { outputs })]);
      const look = await lookAt(emulator, state);
      return Object.entries(BY_HAND).flatMap(([alert, { fires }]) => (fires(look) ? alert : []));
    } finally {
      await emulator.close();
    }
  }

  it.each<[string, string, string | undefined, string[]]>([
    ["30d", "1h", undefined, []],
    ["30d", "30h", undefined, ["ProxiesNotReleased"]],
    ["30d", "30h", "12h", []],
    ["30d", "35h", "12h", []], // the old lease ends in an hour: nobody waits for it
  ])("an old port of a lease of %s, %s after its renewal, with an overlap of %s: %j", async (...given) => {
    const [expiresIn, after, overlap, expected] = given;
    expect(await firingAfterRenewal(expiresIn, after, overlap)).toEqual(expected);
  });

  it("polls that fail raise the alert at an --interval of 5m too", () => {
    const rule = /^increase\(proxies_sx_poll_errors_total\[(\w+)\]\) > (\d+)$/.exec(ruleOf("ProxiesLooksFail").expr);
    const looks = (parseDuration(rule?.[1]) ?? NaN) / (5 * 60);
    expect(looks - 1).toBeGreaterThan(Number(rule?.[2])); // the first one may be before the series begins
  });

  it("a poll that does not end raises the alert, and one that ended does not", async () => {
    const { expr } = ruleOf("ProxiesLooksStop");
    expect(expr).toBe("time() - proxies_sx_poll_timestamp_seconds > 900");
    const emulator = await startEmulator();
    const { samples, now } = await lookAt(emulator);
    await emulator.close();
    const ended = samples.find(({ name }) => name === "proxies_sx_poll_timestamp_seconds")?.value ?? NaN;
    expect(Math.abs(now - ended)).toBeLessThan(60);
  });

  it("each alert fires while a lease of 6 hours can still be renewed", () => {
    const tellsAfter = (alert: string): number => (parseDuration(ruleOf(alert).for) ?? NaN) / 60;
    expect(tellsAfter("ProxiesNoFreeSlot")).toBeLessThan(36);
    expect(tellsAfter("ProxiesLeaseEnds")).toBeLessThan(0.5 * 36);
    expect(tellsAfter("ProxiesRenewalOverdue")).toBeLessThan(0.4 * 36);
  });
});
