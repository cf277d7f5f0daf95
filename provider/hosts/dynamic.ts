import { type Hidden, splitInputs } from "../../domain/hidden-inputs";
import { type ErrorCode, isApiError } from "../../api";
import { ProviderError, UnfinishedError } from "../errors";
import { type AnyHandler } from "../handler";
import { inputNames, secretNames, typeOf } from "../../domain/kinds";
import { checkNames } from "../input-names";
import { Session, type Surroundings } from "../run/session";
import { readSettings, type ConfigReader } from "../run/account-settings";
import { Redactor } from "../../text";
import { isEngineAlive } from "./engine-alive";
import { informOnResource, progressOnResource, warnOnResource } from "./engine-log";
import { handedToEngine } from "./said-once";
import { exportStack, runBegan } from "./stack-export";

type Props = Record<string, unknown>;

/** A handler as Pulumi's dynamic-provider process calls it. Its wire names are a permanent contract. */
export interface DynamicProvider {
  configure(request: { config: { get(key: string): string | undefined } }): void;
  check(olds: Props, news: Props): Promise<{ inputs: Props; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Props,
    news: Props,
  ): Promise<{ changes: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(news: Props): Promise<{ id: string; outs: Props }>;
  read(id: string, props: Props): Promise<{ id?: string; props?: Props; inputs?: Props }>;
  update(id: string, olds: Props, news: Props): Promise<{ outs: Props }>;
  delete(id: string, props: Props): Promise<void>;
}

/** The engine calls read and delete without the program, with the configuration that its state holds. */
const KEY_OF_LAST_UP =
  "`pulumi refresh`, `pulumi destroy` and `pulumi up --refresh` use proxies-sx:apiKey of the last `pulumi up`: " +
  "if it was changed since, run a plain `pulumi up` first, or add `--run-program`";

/** Characters of one message: it may name many ports and places. */
const MOST = 4_000;

/** Codes of refusals that several resources can meet in one and the same call. */
const OF_THE_RUN = new Set<ErrorCode>(["unauthorized", "forbidden", "rate_limited"]);

/** The one session of a process, made at the first operation: the engine does not await `configure`. */
export class SessionHolder {
  private config: ConfigReader = () => undefined;
  private session?: Session;
  /** Whether the session is of the configuration that was given last. */
  private isCurrent = false;
  private readonly told = new WeakSet<Error>();
  /** Of the key, in whatever leaves this process. */
  redactor = new Redactor([]);

  constructor(
    private readonly surroundings: Partial<Surroundings> = {
      notice: warnOnResource,
      info: informOnResource,
      progress: progressOnResource,
      isWanted: () => isEngineAlive(),
      exportStack,
      runBegan,
    },
  ) {}

  configure(config: ConfigReader): void {
    this.config = config;
    this.isCurrent = false;
  }

  /** @throws ProviderError where the key or the URL cannot be used. Gives undefined while they are unknown. */
  open(): Session | undefined {
    if (this.isCurrent) return this.session;
    const settings = readSettings(this.config, process.env);
    if (!settings) return undefined;
    const { apiKey, apiUrl } = this.session?.settings ?? {};
    if (!this.session || apiKey !== settings.apiKey || apiUrl !== settings.apiUrl) {
      this.session?.api.close();
      this.redactor = new Redactor([settings.apiKey]);
      this.session = new Session(settings, this.redacted());
    }
    this.isCurrent = true;
    return this.session;
  }

  /** The ways out, without the key. */
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
   * A refusal that holds for the whole run, with what is known of it here: whether it was told before, as where several
   * resources wait for one call, and what may be wrong with a key that the engine keeps.
   */
  explained(error: unknown, keyOf: "this run" | "last up"): unknown {
    if (!isApiError(error) || !OF_THE_RUN.has(error.code)) return error;
    const repeated = error.repeated || this.told.has(error);
    this.told.add(error);
    const isKept = keyOf === "last up" && error.code === "unauthorized" && Boolean(this.config("proxies-sx:apiKey"));
    return error.but({ repeated, ...(isKept && { hint: KEY_OF_LAST_UP }) });
  }

  /** Those of the session, once there is one. */
  get purchases(): Session["purchases"] | undefined {
    return this.session?.purchases;
  }

  /** Ends the session's connections. A process of the engine just exits. */
  close(): void {
    this.session?.api.close();
    this.session = undefined;
    this.isCurrent = false;
  }
}

/**
 * Puts a handler behind Pulumi's dynamic host: splits hidden inputs off, keeps answers to plain JSON (anything else
 * would lose an object after it was bought), and lets errors out as one line without secrets.
 */
export function dynamicHost<Args extends object, State extends object>(
  handler: AnyHandler<Args, State>,
  holder: SessionHolder,
): DynamicProvider {
  const { kind } = handler;
  const [type, known, secrets] = [typeOf(kind), inputNames(kind), secretNames(kind)];
  const split = (inputs: Props): { args: Args; hidden: Hidden } => {
    const { args, hidden } = splitInputs(inputs, type, process.env.PULUMI_NODEJS_PROJECT ?? "");
    return { args: args as Args, hidden };
  };
  const session = (): Session => {
    const opened = holder.open();
    if (!opened) throw new ProviderError("proxies-sx:apiKey or proxies-sx:apiUrl is not known yet.");
    return opened;
  };
  const shown = (error: unknown, all: [Props, Props?], keyOf: "this run" | "last up" = "this run"): Error =>
    presentable(holder.explained(error, keyOf), holder.redactor.and(...secretsIn(all, secrets)), (properties) => ({
      ...kept(properties),
      __provider: all[0].__provider,
    }));
  /** What the engine keeps, without the key, which the vendor may have repeated in any field. */
  const kept = (value: object): Props => plain(value, holder.redactor);
  const guarded = async <T>(all: [Props, Props?], run: () => Promise<T>, keyOf?: "last up"): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw handedToEngine(shown(error, all, keyOf));
    }
  };

  return {
    configure: ({ config }) => holder.configure((key) => config.get(key)),

    check: async (olds, news) => {
      const { args, hidden } = split(news);
      const failure = (error: unknown): { inputs: Props; failures: { property: string; reason: string }[] } => ({
        inputs: news,
        // A failure with a property's name would print its value, a secret's too.
        failures: [{ property: "", reason: shown(error, [news, olds]).message }],
      });
      try {
        checkNames(args, known);
        const opened = holder.open();
        if (opened) {
          const old = Object.keys(olds).length > 0 ? split(olds).args : undefined;
          if (old && hidden.urn) opened.memory.engineHolds(hidden.urn);
          const added = await handler.check({ olds: old, news: args, hidden, session: opened });
          return { inputs: { ...news, ...added }, failures: [] };
        }
        return { inputs: news, failures: [] };
      } catch (error) {
        return failure(error);
      }
    },

    diff: (id, olds, news) =>
      guarded([news, olds], async () => {
        const opened = holder.open();
        if (!opened) return { changes: true };
        const { args, hidden } = split(news);
        return handler.diff({ id, olds: stateIn<State>(olds), news: args, hidden, session: opened });
      }),

    create: (news) =>
      guarded([news], async () => {
        const { args, hidden } = split(news);
        const { id, state } = await handler.create({ news: args, hidden, session: session() });
        return { id, outs: kept(state) };
      }),

    read: (id, props) =>
      guarded(
        [props],
        async () => {
          const found = await handler.read({ id, olds: stateIn<Partial<State>>(props), session: session() });
          if (!found) return {};
          return { id, props: kept(found.state), ...(found.inputs && { inputs: kept(found.inputs) }) };
        },
        "last up",
      ),

    update: (id, olds, news) =>
      guarded([news, olds], async () => {
        const { args, hidden } = split(news);
        const state = await handler.update({ id, olds: stateIn<State>(olds), news: args, hidden, session: session() });
        return { outs: kept(state) };
      }),

    delete: (id, props) =>
      guarded([props], () => handler.delete({ id, olds: stateIn<State>(props), session: session() }), "last up"),
  };
}

/** A state without the host's own key; what handlers hide in it, such as `__found`, stays. */
function stateIn<State>(props: Props): State {
  const { __provider, ...state } = props;
  return state as State;
}

/** Only what survives the engine's wire: no undefined, no Date. */
const plain = (value: object, redactor: Redactor): Props =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === "string" ? redactor.cut(one) : one)) as Props;

function presentable(error: unknown, redactor: Redactor, stateOf: (properties: object) => Props): Error {
  // What holds for a whole run, such as a refused key, is told once.
  if (isApiError(error) && error.repeated)
    return new ProviderError(`not tried after an earlier call of this run was refused: see its error (${error.code}).`);
  const message = redactor.line(error instanceof Error ? error.message : String(error), { max: MOST });
  if (error instanceof UnfinishedError) {
    return new UnfinishedError(error.id, stateOf(error.properties), new Error(message));
  }
  return new ProviderError(message);
}

/** Secret values in inputs and states, those of what was found before included. */
function secretsIn(all: readonly (Props | undefined)[], names: readonly string[]): string[] {
  return all.flatMap((props = {}) => {
    const found = typeof props.__found === "object" ? (props.__found as Props | null) : undefined;
    return names.flatMap((name) => [props[name], found?.[name]]).filter((value) => typeof value === "string");
  });
}
