import { z } from "zod";
import { parseDuration } from "../provider/duration";

/** A port of before a renewal. It serves on and holds its slot until a later run releases it. */
export interface RetiringPort {
  /** The vendor's id. */
  portId: string;
  /** From when on a run releases it, epoch ms. */
  releaseAt: number;
}

const told = z.array(z.object({ portId: z.string(), since: z.string().nullish(), expiresAt: z.string().nullish() }));

/** The retiring ports that the outputs of a Port tell. */
export function retiringIn(outputs: Readonly<Record<string, unknown>>, overlap: unknown): RetiringPort[] {
  const { data = [] } = told.safeParse(outputs.retiring);
  return data.map(({ portId, since, expiresAt }) => ({
    portId,
    releaseAt: releaseTime({ since: timeIn(since) ?? 0, expiresAt: timeIn(expiresAt) }, overlap),
  }));
}

/**
 * From when on a run releases an old port: when the overlap has passed, at the latest at the end of its own lease.
 *
 * @param overlap the Port's input; without one the next run releases it
 */
export function releaseTime({ since, expiresAt }: { since: number; expiresAt?: number }, overlap: unknown): number {
  const seconds = overlap === undefined || overlap === null ? 0 : (parseDuration(overlap) ?? Infinity);
  return Math.min(since + seconds * 1_000, expiresAt ?? Infinity);
}

/** Epoch ms. */
export function timeIn(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
