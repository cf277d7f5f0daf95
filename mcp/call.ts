import { isApiError } from "../api";
import { NotDoneError } from "../provider/errors";
import { InTurn } from "../provider/run/in-turn";
import { clean, MASK, messageOf, type Redactor, withoutStop } from "../text";
import { type Answer, answerOf, refusalOf } from "./answer";
import { type Around } from "./around";
import { Audit, type AuditedCall, isSame, type NewCall, type Outcome } from "./guards/audit";
import { requireWithinCaps } from "./guards/caps";
import { requireUndeclared } from "./guards/declared";
import { secretsOfPort } from "../report/secrets";
import { urlsOf } from "./ports";
import { BUSY, type Told, type Tool, ToolError } from "./tool";

/** By then an answer is on its way, ms: a client reads all that its server wrote, also of one that was ended since. */
const ANSWERED_MS = 5_000;

/** By then a client may have given up on a call, ms: many wait a minute, and not all say so. */
const PATIENT_MS = 50_000;

/** Who waits for an answer. */
class Listener {
  private readonly since = performance.now();

  constructor(private readonly cancelled?: AbortSignal) {}

  get hasGone(): boolean {
    return this.cancelled?.aborted ?? false;
  }

  get mayHaveGone(): boolean {
    return this.hasGone || performance.now() - this.since > PATIENT_MS;
  }
}

/** Carries calls out: what only reads at once, writes one after the other. */
export class Calls {
  private readonly audit: Audit;
  private readonly writes = new InTurn();
  /** Writes that are done, and whose answers may still be on their way. */
  private readonly answering = new Set<AuditedCall>();
  /** Nobody reads answers any more. */
  private isClosed = false;

  constructor(private readonly around: Around) {
    this.audit = new Audit(around.folder);
  }

  /** Reports who started the server what an earlier one left open. */
  tellOpen(): void {
    try {
      for (const one of this.audit.open()) this.around.note(`left open by an earlier server: ${openText(one)}`);
    } catch (error) {
      this.around.note((error as Error).message); // reading goes on; each write says so again
    }
  }

  /**
   * Never throws: what goes wrong is an answer too.
   *
   * @param cancelled when the client gives up on it
   */
  async answer(tool: Tool, args: Record<string, unknown>, cancelled?: AbortSignal): Promise<Answer> {
    const { around } = this;
    const listener = new Listener(cancelled);
    const given = (tool.secretArguments ?? []).flatMap((name) => (typeof args[name] === "string" ? args[name] : []));
    try {
      if (tool.group === "read") return answerOf(await tool.run(args, around, READ), around.redactor, around.limits);
      if (!around.limits.allow.has(tool.group)) throw new ToolError(notAllowed(tool, tool.group));
      this.noteAnswered(this.answering);
      const told = await this.writes.do(() => this.write(tool, args, listener));
      return answerOf(told, around.redactor, around.limits);
    } catch (error) {
      if (isApiError(error, "unauthorized") || isApiError(error, "forbidden")) around.renew();
      return refusalOf(error, around.redactor, given);
    }
  }

  /**
   * The client has gone. Resolves once the write that is under way is carried out and written down, as one that nobody
   * may have been reported; those that wait behind it are not begun.
   */
  async close(): Promise<void> {
    this.noteAnswered(this.answering);
    this.isClosed = true;
    await this.writes.done();
  }

  /** The client went on after these, or time has passed since. One that waits in turn may have come before an answer. */
  private noteAnswered(calls: Iterable<AuditedCall>): void {
    if (this.isClosed) return;
    for (const call of calls)
      if (this.answering.delete(call) && call.end) this.note(call, { ...call.end, isAnswered: true });
  }

  private async write(tool: Tool, args: Record<string, unknown>, listener: Listener): Promise<Told> {
    const { around, audit } = this;
    if (this.isClosed) throw new ToolError("nothing was done: this server is about to end.");
    const changed = tool.changes?.(args);
    if (changed !== undefined) await requireUndeclared(changed, around.stacks);
    const cost = await tool.cost?.(args, around);
    const wanted = newCall(tool, args, around.redactor, cost);
    const done = isPurchase(tool) ? audit.unanswered(wanted) : undefined;
    if (done && !tool.isClaimed) return this.tellAgain(done, listener);
    const call = audit.begin(wanted);
    const calls = audit.calls();
    // What is reported again settles no other call: that is for the next one.
    const open = done ? [] : audit.open().filter((one) => isSame(one, call));
    try {
      // What it settles is reserved already: of an earlier one and this one, one is bought.
      const settles = done ?? (isPurchase(tool) ? open[0] : undefined);
      await requireWithinCaps(
        call,
        calls.filter((one) => one.call !== settles?.call),
        around,
      );
      if (listener.hasGone) throw new ToolError("nothing was done: the call was cancelled before.");
      // Both would derive the same payment, and get the same for it.
      if (tool.isClaimed && audit.isBegunElsewhere(call, calls)) throw new ToolError(BUSY);
      const reserved = call.cost ?? 0;
      const write = done
        ? { reserved, serial: done.end?.serial ?? 0, isAgain: true as const }
        : { reserved, serial: nextOf(call, calls) };
      const told = await tool.run(args, around, write);
      if (done?.end && !listener.mayHaveGone) this.note(done, { ...done.end, isAnswered: true });
      this.settle(tool, call, told, open, listener);
      const notes = open.map(
        (one) => `Note: an earlier call of the same was left open: ${openText(one)}. ${settled(tool, told)}`,
      );
      return { ...told, said: [told.said, ...notes].join("\n\n") };
    } catch (error) {
      this.note(call, { outcome: outcomeOf(error), said: saidOf(error, around) });
      throw open.length === 0 || error instanceof ToolError ? error : withOpen(error, open);
    }
  }

  /** What was bought, and perhaps not reported: it is not bought again. */
  private async tellAgain(call: AuditedCall, listener: Listener): Promise<Told> {
    const { end, at, tool } = call;
    const port = end?.port === undefined ? undefined : await this.around.api().ports.get(end.port);
    if (!listener.mayHaveGone) this.note(call, { ...end, outcome: "done", isAnswered: true });
    const why = end?.isUnheard ? "you may have given up on it" : "its server was ended";
    return {
      said:
        `Nothing was bought now. The same call of ${at} was carried out, and ${why} before you surely got ` +
        `the answer: ${withoutStop(end?.said ?? tool)}. Call again to buy more.`,
      data: { earlier: { tool, at, cost: end?.cost }, ...(port && { port, connection: urlsOf(port) }) },
      secrets: port ? secretsOfPort(port) : [],
    };
  }

  /** What a call found out of earlier ones is theirs: what they had bought counts for them, and once. */
  private settle(tool: Tool, call: AuditedCall, told: Told, open: AuditedCall[], listener: Listener): void {
    const { isUndone, isTakenUp, cost, port, serial } = told;
    const bought = {
      ...(cost !== undefined && { cost }),
      ...(port !== undefined && { port }),
      ...(serial !== undefined && { serial }),
    };
    const said = clean(this.around.redactor.cut(told.said), { max: 200 });
    const unheard = listener.mayHaveGone && { isUnheard: true as const };
    this.note(
      call,
      isUndone || isTakenUp ? { outcome: "undone", said } : { outcome: "done", ...bought, said, ...unheard },
    );
    told.settle?.();
    if (isTakenUp && open[0]) this.note(open[0], { outcome: "done", ...bought, ...unheard });
    if (!unheard) {
      const answered = isTakenUp && open[0] ? open[0] : call;
      this.answering.add(answered);
      setTimeout(() => this.noteAnswered([answered]), ANSWERED_MS).unref();
    }
    for (const one of isTakenUp ? [] : open)
      this.note(one, isPurchase(tool) ? { outcome: "undone" } : { outcome: "unknown", isTold: true });
  }

  /** The write is done or not by now: that its end cannot be written down is reported as well. */
  private note(call: AuditedCall, end: Parameters<Audit["end"]>[1]): void {
    try {
      call.end = this.audit.end(call, end);
    } catch (error) {
      this.around.note((error as Error).message);
    }
  }
}

const READ = { reserved: 0, serial: 0 };

/** The number after the last one of the same order that was bought. */
const nextOf = (call: AuditedCall, calls: readonly AuditedCall[]): number =>
  Math.max(
    -1,
    ...calls.flatMap((one) => (isSame(one, call) && one.end?.outcome === "done" ? (one.end.serial ?? -1) : [])),
  ) + 1;

const notAllowed = ({ name }: Tool, group: string): string =>
  `${name} is not allowed: this server only reads, unless it is started with --allow ${group}. Nothing was done.`;

/** As the file keeps it: no secret, and no text of endless length. */
function newCall(
  { name, secretArguments = [], makesPort }: Tool,
  args: Record<string, unknown>,
  redactor: Redactor,
  cost?: number,
): NewCall {
  const kept = Object.entries(args).map(([key, value]): [string, unknown] => [
    key,
    secretArguments.includes(key) ? MASK : typeof value === "string" ? redactor.line(value, { max: 500 }) : value,
  ]);
  return {
    tool: name,
    args: Object.fromEntries(kept),
    ...(cost !== undefined && { cost }),
    ...(makesPort && { makesPort }),
  };
}

/** What a client refused, or the vendor did before any work, surely was not done. */
const outcomeOf = (error: unknown): Outcome =>
  error instanceof ToolError || error instanceof NotDoneError || (isApiError(error) && !error.maybeDone)
    ? "failed"
    : "unknown";

const saidOf = (error: unknown, { redactor }: Around): string => redactor.line(messageOf(error), { max: 500 });

const openText = ({ tool, args, at, end }: AuditedCall): string =>
  clean(`${tool}(${JSON.stringify(args)}) of ${at}, ${end ? "whose answer was lost" : "whose server was ended"}`, {
    max: 800,
  });

/** What finds out what became of earlier ones before it buys. */
const isPurchase = ({ cost, makesPort }: Tool): boolean => cost !== undefined || makesPort === true;

const settled = (tool: Tool, { isTakenUp }: Told): string => {
  if (isTakenUp) return "It had been carried out: this is what it bought, and nothing was bought again.";
  if (isPurchase(tool)) return "It had bought nothing.";
  return "It may have been carried out as well: look before you go on.";
};

function withOpen(error: unknown, open: AuditedCall[]): Error {
  const message = messageOf(error);
  return new Error(`${message} (an earlier call of the same was left open: ${open.map(openText).join("; ")})`);
}
