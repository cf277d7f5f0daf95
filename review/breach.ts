import { type Limits } from "./limits";
import { listed } from "./section";

export type LimitName = keyof Limits;

/** A limit that does not hold. */
export interface Breach {
  limit: LimitName | "all" | "account";
  /** Name of the resource, or of the stack. */
  resource: string;
  urn?: string;
  /** What is, and what is allowed. */
  value: string;
  /** What to do. */
  advice: string;
  /** Whether the limit could not be checked, so that nobody knows if it holds. */
  unchecked: boolean;
}

export const breachLine = ({ resource, limit, value, advice }: Breach): string =>
  `${resource}: ${limit}: ${value}. ${advice}`;

/** Names that a line has before it says how many more there are. */
const NAMES = 10;

/** A line for all that break a limit in the same way. */
export function breachLines(breaches: readonly Breach[]): string[] {
  const alike = new Map<string, { first: Breach; names: string[] }>();
  for (const one of breaches) {
    const key = breachLine({ ...one, resource: "" });
    const group = alike.get(key);
    if (group) group.names.push(one.resource);
    else alike.set(key, { first: one, names: [one.resource] });
  }
  return [...alike.values()].map(({ first, names }) => breachLine({ ...first, resource: listed(names, NAMES) }));
}
