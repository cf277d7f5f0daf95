import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { appendOwnFile, makeOwnFolder, NotOwnError, readOwnFile } from "../../files/own-files";
import { isRunning } from "../../files/running";
import { makeSafeAccountFolder, requireSafeAccountFolder } from "../../provider/run/account-folder";
import { asJson } from "../../text";
import { ToolError } from "../tool";

/**
 * What came of a write. "unknown": the answer was lost, and nothing shows it. "undone": nothing was changed; an open call
 * gets it too, once a later one has found that it had bought nothing.
 */
export type Outcome = "done" | "undone" | "failed" | "unknown";

/** Written before a write. */
interface Began {
  what: "began";
  call: string;
  at: string;
  tool: string;
  args: Record<string, unknown>;
  pid: number;
  run: string;
  /** US dollars that it is expected to cost. */
  cost?: number;
  /** It buys a port. */
  makesPort?: true;
}

/** Written after it, and again where more is learnt. */
interface Ended {
  what: "ended";
  call: string;
  at: string;
  outcome: Outcome;
  cost?: number;
  port?: string;
  /** Which purchase of its order it was. */
  serial?: number;
  /** What the agent got as its answer, one line. */
  said?: string;
  /** An agent that asked for the same again was informed that its end is not known. */
  isTold?: true;
  /** The server lived on after its answer. */
  isAnswered?: true;
  /** The client gave up before the answer, or may have. */
  isUnheard?: true;
}

/** A write, with the last of what is known of its end. */
export interface AuditedCall extends Omit<Began, "what"> {
  end?: Omit<Ended, "what" | "call">;
}

export type NewCall = Pick<Began, "tool" | "args" | "cost" | "makesPort">;

/** Servers of this process: of its number there may have been another one. */
const RUNS = new Set<string>();

/** By then a write has ended, and its answer is noted, ms. */
const LONGEST = 3 * 60_000;

/** A larger file is not read, and nothing is written then. Some hundred thousand writes. */
const MOST_BYTES = 128 << 20;

/**
 * Every write of every server of this account on this machine, in one file to which all append: before it is sent, and
 * when its end is known. Caps are reckoned from it, so they hold over restarts. Where it cannot be written, nothing is
 * done.
 */
export class Audit {
  readonly file: string;
  /** This process, as its calls name it. */
  private readonly run = randomUUID();

  /** @param folder of the account */
  constructor(private readonly folder: string) {
    this.file = join(folder, "agents", "audit.jsonl");
    RUNS.add(this.run);
  }

  /** @throws ToolError where it cannot be written down: then it must not be done */
  begin(call: NewCall): AuditedCall {
    const began = { call: randomUUID(), at: new Date().toISOString(), ...call, pid: process.pid, run: this.run };
    this.append({ what: "began", ...began });
    return began;
  }

  end({ call }: AuditedCall, end: Omit<Ended, "what" | "call" | "at">): NonNullable<AuditedCall["end"]> {
    const ended = { ...end, at: new Date().toISOString() };
    this.append({ what: "ended", call, ...ended });
    return ended;
  }

  /** All, the oldest first. @throws ToolError */
  calls(): AuditedCall[] {
    return this.trusted(() => {
      requireSafeAccountFolder(this.folder);
      const calls = new Map<string, AuditedCall>();
      for (const { what, call, ...line } of (readOwnFile(this.file, MOST_BYTES) ?? "").split("\n").flatMap(lineIn)) {
        const known = calls.get(call);
        if (what === "began") calls.set(call, { call, ...(line as Omit<Began, "what" | "call">) });
        else if (known) known.end = line as Omit<Ended, "what" | "call">;
      }
      return [...calls.values()];
    });
  }

  /** Writes whose end nobody knows, and no agent was informed: their process was killed, or their answer was lost. */
  open(): AuditedCall[] {
    return this.calls().filter((one) =>
      one.end ? one.end.outcome === "unknown" && !one.end.isTold : !this.isUnderWay(one),
    );
  }

  /**
   * The same write that was carried out, and whose agent did not surely get the answer: its server was ended before, or
   * the client of this one gave up.
   */
  unanswered(call: NewCall): AuditedCall | undefined {
    // A client that gave up may come back to its own server at any time.
    const isLeft = (one: AuditedCall): boolean =>
      one.end?.isUnheard ? one.run === this.run || !this.isAlive(one) : !this.isAlive(one, one.end?.at);
    return this.calls().find(
      (one) => isSame(one, call) && one.end?.outcome === "done" && !one.end.isAnswered && isLeft(one),
    );
  }

  /** Whether another server, which began the same before, may still carry it out. */
  isBegunElsewhere(call: AuditedCall, calls: readonly AuditedCall[]): boolean {
    const before = calls.slice(
      0,
      calls.findIndex((one) => one.call === call.call),
    );
    return before.some((one) => isSame(one, call) && one.run !== this.run && this.isUnderWay(one));
  }

  /** Whether a write may still be carried out. */
  private isUnderWay(call: AuditedCall): boolean {
    return call.end === undefined && this.isAlive(call, call.at);
  }

  /**
   * Of a process that is there. One of the same number may be another by now.
   *
   * @param at what it did last, if it does the next thing within some minutes
   */
  private isAlive({ run, pid }: AuditedCall, at?: string): boolean {
    const isLate = at !== undefined && !(Math.abs(Date.now() - Date.parse(at)) < LONGEST);
    return RUNS.has(run) || (pid !== process.pid && isRunning(pid) && !isLate);
  }

  private append(line: Began | Ended): void {
    this.trusted(() => {
      makeSafeAccountFolder(this.folder);
      makeOwnFolder(join(this.folder, "agents"));
      // Each line ends the one before as well: a full disk may have torn that.
      appendOwnFile(this.file, `\n${asJson(line, 0)}\n`);
    });
  }

  private trusted<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const next = error instanceof NotOwnError ? "" : " Correct that first, or set PROXIES_SX_JOURNAL_DIR.";
      throw new ToolError(
        `nothing was done, since the audit file ${this.file} cannot be used: ${(error as Error).message}.${next}`,
      );
    }
  }
}

/** A torn line is ignored. */
function lineIn(text: string): (Began | Ended)[] {
  try {
    const line = JSON.parse(text) as Partial<Began | Ended> | null;
    const isLine = typeof line?.call === "string" && (line.what === "began" || line.what === "ended");
    return isLine ? [line as Began | Ended] : [];
  } catch {
    return [];
  }
}

/** Whether two calls ask for the same. */
export const isSame = (a: Pick<AuditedCall, "tool" | "args">, b: Pick<AuditedCall, "tool" | "args">): boolean =>
  a.tool === b.tool && keyOf(a) === keyOf(b);

/** The arguments in one order, whatever order a client sends. */
export const keyOf = ({ args }: Pick<AuditedCall, "args">): string =>
  JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)));
