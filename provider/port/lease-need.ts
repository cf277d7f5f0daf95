import { describeSpan } from "../../domain/duration";
import { ProviderError } from "../errors";
import { leaseState } from "../../domain/lease";
import { leaseOf, type PortArgs, renewBeforeOf } from "./args";
import { type PortState, RENEWING, timeOf } from "./state";

/** States in which a port is no longer there (source: the vendor's MCP client knows "deleted"). */
const GONE = ["deleted", RENEWING];
/** States in which a port no longer serves. */
const OVER = [...GONE, "expired"];

/** Whether a port's lease is over: it does not serve again. A port that is suspended may. */
export const isOver = (status: string | undefined): boolean => status !== undefined && OVER.includes(status);

export const isGone = (status: string | undefined): boolean => status !== undefined && GONE.includes(status);

/** Whether clients can use a port: its lease runs, and it is not suspended. */
export const serves = (port: { status?: string; expiresAt?: number }, now: number): boolean =>
  !isOver(port.status) && port.status !== "suspended" && (port.expiresAt ?? Infinity) > now;

/**
 * Why a run renews a lease, for a person: it is due, over, or an earlier renewal broke off. Undefined where it does not.
 * A lease that is due may wait for another run, if it does not end within `hold` seconds.
 *
 * @throws ProviderError where the lease is over and the user asked to be told instead.
 */
export function leaseNeed(olds: PortState, news: PortArgs, now: number, hold = Infinity): string | undefined {
  if (olds.status === RENEWING) return "an earlier run released the old port and bought none";
  const expiresAt = timeOf(olds.expiresAt);
  const state = isOver(olds.status)
    ? "over"
    : expiresAt === undefined
      ? "running"
      : leaseState({ expiresAt, renewBefore: renewBeforeOf(news, leaseOf(timeOf(olds.createdAt), expiresAt)) }, now);
  if (state === "running") return undefined;
  if (state === "due") {
    const left = ((expiresAt as number) - now) / 1_000;
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
