import { type Hidden, splitInputs } from "../../domain/hidden-inputs";
import { isApiError } from "../../api";
import { ProviderError, UnfinishedError } from "../errors";
import { type AnyHandler } from "../handler";
import { inputNames, secretNames, typeOf } from "../../domain/kinds";
import { checkNames } from "../input-names";
import { Session, type Surroundings } from "../run/session";
import { type ConfigReader, readSettings, type Settings } from "../run/account-settings";
import { type Redactor } from "../../text";
import { Holder, MOST, type Opened } from "./holder";
import { handedToEngine } from "./said-once";

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

/** The session of an account. */
export class SessionHolder extends Holder<Settings, Session> {
  protected read(config: ConfigReader): Settings | undefined {
    return readSettings(config, process.env);
  }

  protected make(settings: Settings, surroundings: Partial<Surroundings>): Session {
    return new Session(settings, surroundings);
  }

  protected secretsOf({ apiKey }: Settings): string[] {
    return [apiKey];
  }

  /** Those of the session, once there is one. */
  get purchases(): Session["purchases"] | undefined {
    return this.current?.purchases;
  }

  get balance(): Session["balance"] | undefined {
    return this.current?.balance;
  }
}

/**
 * Puts a handler behind Pulumi's dynamic host: splits hidden inputs off, keeps answers to plain JSON (anything else
 * would lose an object after it was bought), and lets errors out as one line without secrets.
 */
export function dynamicHost<Args extends object, State extends object, S extends Opened>(
  handler: AnyHandler<Args, State, S>,
  holder: Holder<object, S>,
): DynamicProvider {
  const { kind } = handler;
  const [type, known, secrets] = [typeOf(kind), inputNames(kind), secretNames(kind)];
  const split = (inputs: Props): { args: Args; hidden: Hidden } => {
    const { args, hidden } = splitInputs(inputs, type, process.env.PULUMI_NODEJS_PROJECT ?? "");
    return { args: args as Args, hidden };
  };
  const session = (): S => {
    const opened = holder.open();
    if (!opened) throw new ProviderError("a setting of proxies-sx is not known yet.");
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
  // What holds for a whole run, such as a refused key, is reported once.
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
