import { type Limits } from "./limits";

export type LimitName = keyof Limits;

/** A limit that does not hold. */
export interface Breach {
  limit: LimitName | "all";
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
