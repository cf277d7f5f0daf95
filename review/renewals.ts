import { holdIn } from "../domain/hidden-inputs";
import { isGone, isOver, leaseIn, RENEWING, serves } from "../domain/lease";
import { type PortArgs } from "../provider/port/args";
import { leaseNeed } from "../provider/port/lease-need";
import { type PortState } from "../provider/port/state";
import { isUnknown } from "../domain/unknown";
import { natural } from "../text";
import { type PortChange } from "./ports";

/** A port that a run of the next days renews. */
export interface Renewal {
  port: string;
  /** Epoch ms; in the past where this run leaves it for another. */
  at: number;
  /** Its lease is only bought by this run. */
  isNew: boolean;
}

const WEEK_MS = 7 * 86_400_000;

/** The soonest first. */
export function renewalsDue(ports: readonly PortChange[], now: number): Renewal[] {
  return ports
    .flatMap(({ name, does, after }) =>
      after?.renewAt === undefined
        ? []
        : [{ port: name, at: after.renewAt, isNew: does === "buy" || does === "replace" || does === "renew" }],
    )
    .filter(({ at }) => at <= now + WEEK_MS)
    .sort((a, b) => a.at - b.at || natural(a.port, b.port));
}

type Values = Readonly<Record<string, unknown>>;

export const RENEWAL_REASONS = ["lease due", "expired", "gone at the vendor", "an earlier purchase broke off"] as const;
export type RenewalReason = (typeof RENEWAL_REASONS)[number];

/** Why an update of a Port renews its lease, by the provider's own rule; undefined where it does not. */
export function renewalReason(olds: Values, news: Values, now: number): RenewalReason | undefined {
  const status = statusIn(olds);
  if (status === RENEWING) return "an earlier purchase broke off";
  if (!isRenewed(olds, news, now)) return undefined;
  if (isGone(status)) return "gone at the vendor";
  return isOver(leaseIn(olds), now) ? "expired" : "lease due";
}

function isRenewed(olds: Values, news: Values, now: number): boolean {
  if ([news.expiresIn, news.renewBefore, news.onExpired, news.overlap].some(isUnknown)) return false;
  try {
    return leaseNeed(olds as unknown as PortState, news as unknown as PortArgs, now, holdIn(news)) !== undefined;
  } catch {
    return false; // onExpired is "fail": the preview's own errors show it
  }
}

const statusIn = ({ status }: Values): string | undefined => (typeof status === "string" ? status : undefined);

/** Whether the vendor has no port for a resource: it is gone, or a renewal released it and bought none. */
export const hasNoPort = (outputs: Values): boolean => isGone(statusIn(outputs));

/** Whether clients can use the port that a resource has. */
export const isServing = (outputs: Values, now: number): boolean => serves(leaseIn(outputs), now);
