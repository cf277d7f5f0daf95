/** Something that goes wrong with the calls it matches. With neither method nor path it matches all. */
export interface FaultRule {
  method?: string;
  /** A glob over the path without /v1 (`/ports/*`, `**` for any depth), or a regular expression that begins with ^. */
  path?: string;
  /** How often it strikes; for ever by default. */
  times?: number;
  /** Matching calls that pass unharmed before it strikes. */
  after?: number;
  latencyMs?: number;
  /** Answered instead of the real answer, and the call is not carried out unless `commit` says so. */
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Seconds, for the header Retry-After. */
  retryAfter?: number;
  /** With `status`: carry the call out first. */
  commit?: boolean;
  /** Cut the connection, before or after the call was carried out. */
  cut?: "before" | "after";
  /** Carry the call out and answer half of its JSON. */
  truncate?: boolean;
  /** Never answer; "after" carries the call out first. */
  hang?: boolean | "before" | "after";
}

const FIELDS = [
  "method",
  "path",
  "times",
  "after",
  "latencyMs",
  "status",
  "body",
  "headers",
  "retryAfter",
  "commit",
  "cut",
  "truncate",
  "hang",
];

interface Armed {
  rule: FaultRule;
  pattern: RegExp;
  seen: number;
  struck: number;
}

export class Faults {
  private armed: Armed[] = [];

  add(rule: FaultRule): void {
    for (const name of Object.keys(rule))
      if (!FIELDS.includes(name)) throw new Error(`a fault has no field "${name}"; it has ${FIELDS.join(", ")}`);
    if (rule.cut !== undefined && !["before", "after"].includes(rule.cut))
      throw new Error(`cut is "before" or "after"`);
    this.armed.push({ rule, pattern: patternOf(rule.path), seen: 0, struck: 0 });
  }

  clear(): void {
    this.armed = [];
  }

  list(): (FaultRule & { struck: number })[] {
    return this.armed.map(({ rule, struck }) => ({ ...rule, struck }));
  }

  /** The first rule that matches and is not used up strikes. */
  strike(method: string, path: string): FaultRule | undefined {
    for (const each of this.armed) {
      const { rule } = each;
      if (rule.method && rule.method.toUpperCase() !== method) continue;
      if (!each.pattern.test(path)) continue;
      if (each.seen++ < (rule.after ?? 0)) continue;
      if (each.struck >= (rule.times ?? Infinity)) continue;
      each.struck++;
      return rule;
    }
    return undefined;
  }
}

function patternOf(path = "**"): RegExp {
  if (path.startsWith("^")) return new RegExp(path);
  const bare = path.replace(/^(\/v1)+(?=\/)/, "");
  const source = bare
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]+" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`);
}
