import { describeSpan } from "../../domain/duration";
import { sameName } from "../../domain/place-names";
import { isGone, type LeaseState, leaseState, timeOf } from "../../domain/lease";
import { ProviderError } from "../errors";
import { type X402LeaseArgs } from "./args";
import { type X402LeaseState } from "./state";

/** What a run does about a lease: adds time, which is free, or buys another. */
export type Need = { does: "nothing" } | { does: "extend" | "buy"; why: string };

/** A difference of traffic that is none, GB. */
const SLACK_GB = 0.001;

/** Whether traffic is less than what the program asks for. What is not known lacks nothing. */
export const lacksTraffic = (hasGB: unknown, wantsGB: unknown): boolean =>
  typeof hasGB === "number" && typeof wantsGB === "number" && wantsGB > hasGB + SLACK_GB;

const PARTS = ["country", "carrier", "city"] as const;
/** As in a program or a state. */
type Place = { readonly [part in (typeof PARTS)[number]]?: unknown };

/** Whether the program asks for another place. A part that is no longer asked for is fulfilled anywhere. */
export const isMoved = (olds: Place, news: Place): boolean =>
  PARTS.some((part) => news[part] !== undefined && !isSame(news[part], olds[part]));

export const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === "string" && typeof b === "string" && a !== "" && b !== "" && sameName(a, b));

const terms = ({ duration: expiresIn, renewBefore }: X402LeaseArgs) => ({
  expiresIn,
  ...(renewBefore !== undefined && { renewBefore }),
});

export function stateOf({ status, expiresAt }: Partial<X402LeaseState>, news: X402LeaseArgs, now: number): LeaseState {
  const end = timeOf(expiresAt);
  const lease = { ...(status !== undefined && { status }), ...(end !== undefined && { expiresAt: end }) };
  return leaseState(lease, terms(news), now);
}

/** @throws ProviderError where the lease is over, and the user asked for an error instead */
export function needOf(olds: X402LeaseState, news: X402LeaseArgs, now: number): Need {
  const state = stateOf(olds, news, now);
  if (state === "running") return { does: "nothing" };
  if (state === "due") {
    const left = ((timeOf(olds.expiresAt) ?? now) - now) / 1_000;
    return { does: "extend", why: `lease ends in ${describeSpan(left)}` };
  }
  const what = isGone(olds.status) ? "is gone" : `ended at ${olds.expiresAt}`;
  switch (news.onExpired ?? "replace") {
    case "replace":
      return { does: "buy", why: `session ${olds.sessionId} ${what}` };
    case "keep":
      return { does: "nothing" };
    case "fail":
      throw new ProviderError(
        `session ${olds.sessionId} ${what} and onExpired is "fail". ` +
          'Set onExpired to "replace" to buy a new one, or to "keep" to leave it as it is.',
      );
  }
}
