import { type PortChange } from "./ports";

/** A port that a run of the next days replaces. */
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
        : [{ port: name, at: after.renewAt, isNew: does === "buy" || does === "replace" }],
    )
    .filter(({ at }) => at <= now + WEEK_MS)
    .sort((a, b) => a.at - b.at || (a.port < b.port ? -1 : 1));
}
