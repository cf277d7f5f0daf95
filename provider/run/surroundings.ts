import { type ApiOptions } from "../../api";

/** What `pulumi stack export` wrote, or why it did not, and whether another try may help. */
export type Exported = string | { why: string; mayPass: boolean };

/** A run of a stack that has ended, as its history has it. One that was killed is not in there. */
export interface EndedRun {
  /** Epoch ms, to the second. */
  at: number;
  /** When it began, epoch ms, to the second. */
  began: number;
  /** It was an update or a destroy of all resources, and went well. */
  isWhole: boolean;
  /** There was such a run before it. */
  followsWhole: boolean;
}

/** Ways out of a process, and its clock. Each has a default that a test replaces. */
export interface Surroundings {
  /** Says what a person must know, in the row of a resource where a URN is given. */
  notice: (text: string, urn?: string) => void;
  /** Says why something is done, in the row of a resource. */
  info: (text: string, urn?: string) => void;
  /** Says that something takes its time. The next text takes its place. */
  progress: (text: string, urn?: string) => void;
  sleep: (ms: number) => Promise<void>;
  /** Does what several calls of the engine wait for: its pauses do not end with the one that began it. */
  shared: <T>(work: () => Promise<T>) => Promise<T>;
  /** Does what completes what was begun: it waits, and is wanted, also in a run that was interrupted. */
  owed: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether this is asked in such work. */
  isOwed: () => boolean;
  /** What ends the waits of clients, and their clock for tests. They have their own where nothing is given. */
  client: Pick<ApiOptions, "now" | "sleep" | "signal">;
  /** Whether the engine still waits for the answer of the call that this is asked in: also of a run that was interrupted. */
  isHeard: () => Promise<boolean>;
  /** The same, and the run goes on or owes it. */
  isWanted: () => Promise<boolean>;
  /** The state of a stack, by its full name, as `pulumi stack export` writes it. */
  exportStack: (stack: string) => Promise<Exported>;
  /** The last run of a stack that has ended; undefined where that is not known. */
  lastRun: (stack: string) => Promise<EndedRun | undefined>;
  /** To be awaited before the engine is answered for the first time: it may save the state of this stack then. */
  readFirst: (stack: string) => Promise<void>;
  /** When the run began that this process works for, epoch ms by this machine's clock. */
  runBegan: () => number;
  /** Leaves word to the other processes of this run. */
  leaveWord: (about: string, text: string) => void;
  /** The first word that a process of this run has left about something; undefined where none has. */
  wordOf: (about: string) => string | undefined;
}

export const SILENT: Surroundings = {
  notice: () => undefined,
  info: () => undefined,
  progress: () => undefined,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  shared: (work) => work(),
  owed: (work) => work(),
  isOwed: () => false,
  client: {},
  isHeard: async () => true,
  isWanted: async () => true,
  exportStack: async () => "{}",
  lastRun: async () => undefined,
  readFirst: async () => undefined,
  runBegan: () => Date.now() - process.uptime() * 1_000,
  leaveWord: () => undefined,
  wordOf: () => undefined,
};
