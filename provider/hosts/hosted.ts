import { type Hidden, stackOf } from "../../domain/hidden-inputs";
import { inputNames, type Kind, type KindName, KINDS, secretNames } from "../../domain/kinds";
import { isApiError } from "../../api";
import { ProviderError, UnfinishedError } from "../errors";
import { type AnyHandler, type Diff } from "../handler";
import { checkNames } from "../input-names";
import { messageOf, type Redactor } from "../../text";
import { type Holder, MOST, type Opened } from "./holder";
import { halfMade } from "./state-forms";

export type Props = Record<string, unknown>;

/** Inputs of the program, and what comes beside them. */
export interface Given {
  args: Props;
  hidden: Hidden;
}

/** The form in which the engine keeps something. */
type Keep = (value: object) => Props;
/** Whose key the process has. */
type KeyOf = "this run" | "last up";

/** A handler whose answers are plain JSON and whose errors are one line without secrets, for any host. */
export interface Hosted {
  readonly kind: KindName;
  /**
   * @param olds inputs in the state, none for a new object
   * @returns inputs to add, or why these cannot be used
   */
  check(olds: Props | undefined, news: Given): Promise<{ added: Props } | { failure: string }>;
  diff(id: string, olds: Props, news: Given): Promise<Diff>;
  /** @throws UnfinishedError with a state that the engine is to keep */
  create(news: Given): Promise<{ id: string; state: Props }>;
  read(
    id: string,
    olds: Props,
    hidden?: Hidden,
  ): Promise<{ id?: string; state: Props; inputs: Props; drifted: boolean } | undefined>;
  /** @throws UnfinishedError with a state that the engine is to keep */
  update(id: string, olds: Props, news: Given): Promise<Props>;
  delete(id: string, olds: Props, hidden?: Hidden): Promise<void>;
}

/** What stands around a handler whatever the host: the session, names of inputs, secrets, the forms of answers and errors. */
export function hosted<Args extends object, State extends object, S extends Opened>(
  handler: AnyHandler<Args, State, S>,
  holder: Holder<object, S>,
): Hosted {
  const { kind } = handler;
  const [known, secrets] = [inputNames(kind), secretNames(kind)];
  const keepsName = "__boughtAs" in ((KINDS[kind] as Kind).kept ?? {});
  const session = (): S => {
    const opened = holder.open();
    if (!opened) throw new ProviderError("a setting of proxies-sx is not known yet.");
    return opened;
  };
  /** What the engine keeps, without the key, which the vendor may have repeated in any field. */
  const keeping =
    ({ boughtAs, urn }: Hidden): Keep =>
    (value) =>
      plain(keepsName ? { ...value, __boughtAs: boughtAs ?? urn } : value, holder.redactor);
  const shown = (error: unknown, all: (Props | undefined)[], kept: Keep, keyOf: KeyOf = "this run"): Error =>
    presentable(holder.explained(error, keyOf), holder.redactor.and(...secretsIn(all, secrets)), kept);
  const guarded = async <T>(
    all: Props[],
    hidden: Hidden,
    run: (kept: Keep, hidden: Hidden) => Promise<T>,
    keyOf?: KeyOf,
  ): Promise<T> => {
    const boughtAs = all.map((one) => one.__boughtAs).find((one) => typeof one === "string");
    const facts = { ...hidden, ...(boughtAs !== undefined && { boughtAs }) };
    const kept = keeping(facts);
    try {
      return await run(kept, facts);
    } catch (error) {
      throw shown(error, all, kept, keyOf);
    }
  };

  return {
    kind,

    check: async (olds, { args, hidden }) => {
      try {
        checkNames(args, known);
        await holder.begin(stackOf(hidden));
        const opened = holder.open();
        if (!opened) return { added: {} };
        if (olds && hidden.urn) opened.memory.engineHolds(hidden.urn);
        const request = { olds: olds as Partial<Args> | undefined, news: args as Args, hidden, session: opened };
        return { added: { ...(await handler.check(request)) } };
      } catch (error) {
        return { failure: shown(error, [args, olds], keeping(hidden)).message };
      }
    },

    diff: (id, olds, { args, hidden: given }) =>
      guarded([args, olds], given, async (_, hidden) => {
        const opened = holder.open();
        if (!opened) return { changes: true };
        return handler.diff({ id, olds: olds as State, news: args as Args, hidden, session: opened });
      }),

    create: ({ args, hidden: given }) =>
      guarded([args], given, async (kept, hidden) => {
        const { id, state } = await handler.create({ news: args as Args, hidden, session: session() });
        return { id, state: kept(state) };
      }),

    read: (id, olds, given = {}) =>
      guarded(
        [olds],
        given,
        async (_, hidden) => {
          const found = await handler.read({ id, olds: olds as Partial<State>, hidden, session: session() });
          // A refresh alone adds no name: it would show a change.
          const kept = keeping({ boughtAs: hidden.boughtAs });
          return found && { ...found, state: kept(found.state), inputs: plain(found.inputs, holder.redactor) };
        },
        "last up",
      ),

    update: (id, olds, { args, hidden: given }) =>
      guarded([args, olds], given, async (kept, hidden) => {
        const request = { id, olds: olds as State, news: args as Args, hidden, session: session() };
        return kept(await handler.update(request));
      }),

    delete: (id, olds, given = {}) =>
      guarded(
        [olds],
        given,
        (_, hidden) => handler.delete({ id, olds: olds as State, hidden, session: session() }),
        "last up",
      ),
  };
}

/** Only what survives the engine's wire: no undefined, no Date. Anything else would lose an object that was bought. */
export const plain = (value: object, redactor: Redactor): Props =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === "string" ? redactor.cut(one) : one)) as Props;

function presentable(error: unknown, redactor: Redactor, kept: (properties: object) => Props): Error {
  // What holds for a whole run, such as a refused key, is reported once.
  if (isApiError(error) && error.repeated)
    return new ProviderError(`not tried after an earlier call of this run was refused: see its error (${error.code}).`);
  const message = redactor.line(messageOf(error), { max: MOST });
  if (error instanceof UnfinishedError) {
    return new UnfinishedError(error.id, kept(halfMade(error.properties)), new Error(message));
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
