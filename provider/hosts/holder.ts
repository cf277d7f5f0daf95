import { isDeepStrictEqual } from "node:util";
import { type ErrorCode, isApiError } from "../../api";
import { messageOf, Redactor } from "../../text";
import { type ConfigReader } from "../run/account-settings";
import { type ProgramMemory } from "../run/program-memory";
import { type Surroundings } from "../run/surroundings";
import { isEngineThere } from "./engine-alive";
import { informOnResource, progressOnResource, warnOnResource } from "./engine-log";
import { readFirst } from "./read-ahead";
import { exportStack, lastRun, runBegan } from "./stack-export";
import { leaveWord, wordOf } from "./word";

/** The engine calls read and delete without the program, with the configuration that its state holds. */
const KEY_OF_LAST_UP =
  "`pulumi refresh`, `pulumi destroy` and `pulumi up --refresh` use proxies-sx:apiKey of the last `pulumi up`: " +
  "if it was changed since, run a plain `pulumi up` first, or add `--run-program`";

/** Characters of one message: it may name many ports and places. */
export const MOST = 4_000;

/** Codes of refusals that several resources can meet in one and the same call. */
const OF_THE_RUN = new Set<ErrorCode>(["unauthorized", "forbidden", "rate_limited"]);

/** The ways out of a process that the engine started. */
export const OF_ENGINE: Partial<Surroundings> = {
  notice: warnOnResource,
  info: informOnResource,
  progress: progressOnResource,
  isHeard: isEngineThere,
  isWanted: isEngineThere,
  exportStack,
  readFirst,
  lastRun,
  runBegan,
  leaveWord,
  wordOf,
};

/** What the calls of a process share. */
export interface Opened {
  memory: ProgramMemory;
  /** Ends its connections; calls in flight still get their answer. */
  close(): void;
}

/** The one session of a process, made at the first operation: the engine does not await `configure`. */
export abstract class Holder<Settings extends object, S extends Opened> {
  private config: ConfigReader = () => undefined;
  private opened?: { session: S; settings: object };
  /** Whether the session is of the configuration that was given last. */
  private isCurrent = false;
  private readonly told = new WeakSet<Error>();
  /** By stack. */
  private readonly begun = new Map<string, Promise<void> | undefined>();
  /** Of secrets that settings hold, in whatever leaves this process. */
  redactor = new Redactor([]);

  constructor(private readonly surroundings: Partial<Surroundings> = OF_ENGINE) {}

  /** @throws ProviderError where they cannot be used. Gives undefined while they are unknown. */
  protected abstract read(config: ConfigReader): Settings | undefined;
  protected abstract make(settings: Settings, surroundings: Partial<Surroundings>): S;
  protected abstract secretsOf(settings: Settings): string[];

  configure(config: ConfigReader): void {
    this.config = config;
    this.isCurrent = false;
  }

  /** To be awaited before the first answer to the engine about a stack, by its full name. */
  async begin(stack: string | undefined): Promise<void> {
    if (stack === undefined) return;
    if (!this.begun.has(stack)) this.begun.set(stack, this.surroundings.readFirst?.(stack));
    await this.begun.get(stack);
  }

  /** @throws ProviderError where the settings cannot be used. Gives undefined while they are unknown. */
  open(): S | undefined {
    if (this.isCurrent) return this.current;
    const settings = this.read(this.config);
    if (!settings) return undefined;
    if (!this.opened || !isDeepStrictEqual(this.opened.settings, settings)) {
      this.opened?.session.close();
      this.redactor = new Redactor(this.secretsOf(settings));
      this.opened = { session: this.make(settings, this.redacted()), settings };
    }
    this.isCurrent = true;
    return this.current;
  }

  protected get current(): S | undefined {
    return this.opened?.session;
  }

  /** From now on this is cut out of whatever leaves, too. */
  protected conceal(secret: string): void {
    this.redactor = this.redactor.and(secret);
  }

  /** The ways out, without secrets. */
  private redacted(): Partial<Surroundings> {
    const { notice, info, progress } = this.surroundings;
    const line = (text: string): string => this.redactor.line(text, { max: MOST });
    return {
      ...this.surroundings,
      ...(notice && { notice: (text, urn) => notice(line(text), urn) }),
      ...(info && { info: (text, urn) => info(line(text), urn) }),
      ...(progress && { progress: (text, urn) => progress(line(text), urn) }),
    };
  }

  /**
   * A refusal that holds for the whole run, with what is known of it here: whether it was reported before, as where several
   * resources wait for one call, and what may be wrong with a key that the engine keeps.
   */
  explained(error: unknown, keyOf: "this run" | "last up"): unknown {
    if (!isApiError(error) || !OF_THE_RUN.has(error.code)) return error;
    const repeated = error.repeated || this.told.has(error);
    this.told.add(error);
    const isKept = keyOf === "last up" && error.code === "unauthorized" && Boolean(this.config("proxies-sx:apiKey"));
    return error.but({ repeated, ...(isKept && { hint: KEY_OF_LAST_UP }) });
  }

  /** The line of it that may leave this process: without a secret, bounded. @param more secrets of the call */
  lineOf(error: unknown, more: readonly string[] = []): string {
    return this.redactor.and(...more).line(messageOf(error), { max: MOST });
  }

  /** Ends the session's connections. A process of the engine just exits. */
  close(): void {
    this.current?.close();
    this.opened = undefined;
    this.isCurrent = false;
  }
}
