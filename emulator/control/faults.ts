import { RE2JS } from "re2js";
import { validate } from "../world/validate";
import { FAULT } from "./requests";

/** Something that goes wrong with the calls it matches. With neither method nor path it matches all. */
export interface FaultRule {
  method?: string;
  /** A glob over the path without /v1 (`/ports/*`, `**` for any depth), or a regular expression that begins with ^. */
  path?: string;
  /** Only calls that carry an x402 payment, or only those that carry none. */
  paid?: boolean;
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

const MOST = 1_000;

interface Armed {
  rule: FaultRule;
  /** Absent where it matches all paths. */
  pattern?: RE2JS;
  seen: number;
  struck: number;
}

export class Faults {
  private armed: Armed[] = [];

  /** All of them or none. */
  add(...given: FaultRule[]): void {
    const rules = given.map((rule) =>
      validate<FaultRule>(FAULT, rule, "a fault has no field", Object.keys(FAULT.shape)),
    );
    if (this.armed.length + rules.length > MOST) throw new Error(`there are ${MOST} faults at most; delete some`);
    this.armed.push(...rules.map((rule) => ({ rule, pattern: patternOf(rule.path), seen: 0, struck: 0 })));
  }

  clear(): void {
    this.armed = [];
  }

  list(): (FaultRule & { struck: number })[] {
    return this.armed.map(({ rule, struck }) => ({ ...rule, struck }));
  }

  /** The first rule that matches and is not used up strikes. */
  /** @param paid The call carries an x402 payment. */
  strike(method: string, path: string, paid = false): FaultRule | undefined {
    for (const each of this.armed) {
      const { rule } = each;
      if (rule.method && rule.method.toUpperCase() !== method) continue;
      if (rule.paid !== undefined && rule.paid !== paid) continue;
      if (each.pattern && !each.pattern.test(path)) continue;
      if (each.seen++ < (rule.after ?? 0)) continue;
      if (each.struck >= (rule.times ?? Infinity)) continue;
      each.struck++;
      return rule;
    }
    return undefined;
  }
}

/** Linear in the path, whatever the pattern: RE2 knows neither back-references nor looking around. */
function patternOf(path = "**"): RE2JS | undefined {
  if (path === "**") return undefined;
  return compiled(path.startsWith("^") ? path : globOf(path.replace(/^(\/v1)+(?=\/)/, "")));
}

function globOf(glob: string): string {
  const source = glob
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]+" : RE2JS.quote(part)))
    .join("");
  return `^${source}$`;
}

function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch {
    throw new Error("path: no glob, and no regular expression of RE2's syntax");
  }
}
