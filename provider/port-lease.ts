import { ProviderError } from "./errors";
import { leaseState } from "./lease";
import { leaseOf, type PortArgs, renewBeforeOf } from "./port-args";
import { type PortState, timeOf } from "./port-state";

/** States in which a port is no longer there (source: the vendor's MCP client knows "deleted"). */
const GONE = ["deleted"];
/** States in which a port no longer serves. */
const OVER = [...GONE, "expired"];

/** Whether a port no longer serves. */
export const isOver = (status: string | undefined): boolean => status !== undefined && OVER.includes(status);

export const isGone = (status: string | undefined): boolean => status !== undefined && GONE.includes(status);

/**
 * Whether the lease of a port calls for a new one, and by which property a person sees why: `renewAt` for a lease that
 * is due, `expiresAt` for one that is over. One that is due may wait for another run, if it does not end within `hold`
 * seconds.
 *
 * @throws ProviderError where the lease is over and the user asked to be told instead.
 */
export function leaseReplacement(
  id: string,
  olds: PortState,
  news: PortArgs,
  now: number,
  hold = Infinity,
): "renewAt" | "expiresAt" | undefined {
  const expiresAt = timeOf(olds.expiresAt);
  const state = isOver(olds.status)
    ? "over"
    : expiresAt === undefined
      ? "running"
      : leaseState({ expiresAt, renewBefore: renewBeforeOf(news, leaseOf(timeOf(olds.createdAt), expiresAt)) }, now);
  if (state === "running") return undefined;
  if (state === "due") return expiresAt !== undefined && expiresAt - now > hold * 1_000 ? undefined : "renewAt";
  switch (news.onExpired ?? "replace") {
    case "replace":
      return "expiresAt";
    case "keep":
      return undefined;
    case "fail":
      throw new ProviderError(
        `port ${id} ${isGone(olds.status) ? "is gone" : `expired at ${olds.expiresAt}`} and onExpired is "fail". ` +
          'Set onExpired to "replace" to buy a new port, or to "keep" to leave it as it is.',
      );
  }
}
