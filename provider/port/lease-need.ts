import { describeSpan } from "../../domain/duration";
import { ProviderError } from "../errors";
import { isGone, leaseIn, leaseState, RENEWING } from "../../domain/lease";
import { type PortArgs } from "./args";
import { type PortState } from "./state";

/**
 * Why a run renews a lease, for a person: it is due, over, or an earlier renewal broke off. Undefined where it does not.
 * A lease that is due may wait for another run, if it does not end within `hold` seconds.
 *
 * @throws ProviderError where the lease is over and the user asked for an error instead.
 */
export function leaseNeed(olds: PortState, news: PortArgs, now: number, hold = Infinity): string | undefined {
  if (olds.status === RENEWING) return "an earlier run released the old port and bought none";
  const lease = leaseIn(olds);
  const state = leaseState(lease, news, now);
  if (state === "running") return undefined;
  if (state === "due") {
    const left = ((lease.expiresAt as number) - now) / 1_000;
    return left > hold ? undefined : `lease ends in ${describeSpan(left)}`;
  }
  const what = isGone(olds.status) ? "is gone" : `expired at ${olds.expiresAt}`;
  switch (news.onExpired ?? "replace") {
    case "replace":
      return `port ${olds.portId} ${what}`;
    case "keep":
      return undefined;
    case "fail":
      throw new ProviderError(
        `port ${olds.portId} ${what} and onExpired is "fail". ` +
          'Set onExpired to "replace" to buy a new port, or to "keep" to leave it as it is.',
      );
  }
}
