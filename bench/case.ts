import { availableParallelism } from "node:os";
import { type BackendName } from "../tests/engine/backend";

/** What is measured together: all contenders, in turns, under the same conditions. */
export interface Case {
  /** Ports, each with rotation and a login: three resources. */
  ports: number;
  /** Of each answer of the emulator. */
  latencyMs: number;
  /** Requests a second that the emulator lets through; 0 for no limit. */
  limit: number;
  /** How often; figures are medians. */
  rounds: number;
  /** Whether the engine saves its state at the end of a run only: for stacks whose checkpoints would take hours. */
  skipCheckpoints: boolean;
  /** Whether each job begins with none of its files in memory, as on a machine that has just started. */
  cold: boolean;
  /**
   * Milliseconds of each answer of a stand-in for a backend that takes journals instead of whole states, as Pulumi
   * Cloud does; without it the backend is a file. It knows a first `up` only.
   */
  journalMs?: number;
  /** Of a comparison of backends: where the state is kept, a server of this machine or a file. */
  backend?: BackendName | "a file";
}

export const JOBS = [
  "first up",
  "empty preview",
  "empty up",
  "refresh",
  "10 % changed",
  "all due",
  "destroy",
  "up in a storm of 429",
] as const;
export type Job = (typeof JOBS)[number];

export const CONTENDERS = ["ours", "plugin", "random", "naive", "script", "one by one"] as const;
export type Contender = (typeof CONTENDERS)[number];

/** How many operations the engine runs at a time: four for each core. */
export const PARALLEL = 4 * availableParallelism();

export const nameOf = ({ ports, latencyMs, limit, skipCheckpoints, cold, journalMs, backend }: Case): string =>
  [
    `${ports} ports`,
    `${latencyMs} ms`,
    limit > 0 ? `${limit} requests/s` : "no limit",
    ...(skipCheckpoints ? ["checkpoints off"] : []),
    ...(cold ? ["cold"] : []),
    ...(journalMs === undefined ? [] : [`journaling backend of ${journalMs} ms`]),
    ...(backend === undefined ? [] : [`state in ${backend}`]),
  ].join(", ");

/** A vendor that answers at once and lets all through, a warm machine, the state in a file. */
export const isPlain = ({ latencyMs, limit, cold, journalMs, backend }: Case): boolean =>
  !latencyMs && !limit && !cold && journalMs === undefined && backend === undefined;
