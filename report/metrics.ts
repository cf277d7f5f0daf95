import { Counter, Gauge, Registry } from "prom-client";
import { type Family, familiesOf } from "./metric-families";
import { type FleetSnapshot, had, leftOutOf, PARTS } from "../dashboard/fleet";

const PREFIX = "proxies_sx_";

/**
 * A fleet for Prometheus. What a poll could not read has no series, so that nobody takes an old figure for a new one,
 * and counts in `proxies_sx_poll_errors_total`. Labels hold ids, names and places: no secret.
 */
export class FleetMetrics {
  private readonly kept = new Registry();
  private readonly errors = new Counter({
    name: `${PREFIX}poll_errors_total`,
    help: "Polls that could not read this part: ports, account, usage, rotations, managed (states of stacks), or all",
    labelNames: ["part"],
    registers: [this.kept],
  });
  private last = registryOf([up(false)]);

  constructor() {
    for (const part of [...PARTS, "all"]) this.errors.inc({ part }, 0);
  }

  /** Media type of `text`. */
  get contentType(): string {
    return this.kept.contentType;
  }

  text(): Promise<string> {
    return Registry.merge([this.last, this.kept]).metrics();
  }

  /** Takes the result of a poll; `seconds` is how long it took. */
  take(fleet: FleetSnapshot, seconds: number): void {
    for (const { part } of leftOutOf(fleet)) this.errors.inc({ part });
    const took = { name: "poll_duration_seconds", help: "How long the last poll took", samples: [{ value: seconds }] };
    this.last = registryOf([up(had(fleet.ports) !== undefined), took, ...familiesOf(fleet)]);
  }

  /** Notes a poll that could read nothing at all. */
  failed(): void {
    this.errors.inc({ part: "all" });
    this.last = registryOf([up(false)]);
  }
}

const up = (isUp: boolean): Family => ({
  name: "up",
  help: "1 if the last poll could read the ports of the account, else 0",
  samples: [{ value: isUp ? 1 : 0 }],
});

function registryOf(families: Family[]): Registry {
  const registry = new Registry();
  for (const { name, help, type, samples } of families) {
    if (samples.length === 0) continue;
    const labelNames = Object.keys(samples[0]?.labels ?? {});
    const Kind = type === "counter" ? Counter : Gauge;
    const metric = new Kind({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] });
    for (const { labels = {}, value } of samples) metric.inc(labels, value);
  }
  return registry;
}
