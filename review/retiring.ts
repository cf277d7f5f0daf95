import { releasesDue, releaseTime, type RetiringPort as RetiringState } from "../domain/lease";
import { z } from "zod";

/** A port of before a renewal. It serves on and holds its slot until a later run releases it. */
export interface RetiringPort {
  /** The vendor's id. */
  portId: string;
  /** From when on a run releases it, epoch ms. */
  releaseAt: number;
}

type Values = Readonly<Record<string, unknown>>;

const told = z.array(
  z.object({ portId: z.string(), since: z.string().catch(""), expiresAt: z.string().optional().catch(undefined) }),
);

const statesIn = ({ retiring }: Values): RetiringState[] => told.safeParse(retiring).data ?? [];

/** The retiring ports in the outputs of a Port. */
export const retiringIn = (outputs: Values, overlap: unknown): RetiringPort[] =>
  statesIn(outputs).map((one) => ({ portId: one.portId, releaseAt: releaseTime(one, { overlap }) }));

/** Which of them an update releases, by the provider's own rule: their ids. */
export const releasedBy = (outputs: Values, overlap: unknown, now: number): string[] =>
  releasesDue({ ...outputs, retiring: statesIn(outputs) }, { overlap }, now).map(({ portId }) => portId);
