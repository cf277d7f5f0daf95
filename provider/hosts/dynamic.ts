import { receivedUrn, splitInputs } from "../../domain/hidden-inputs";
import { typeOf } from "../../domain/kinds";
import { withoutStop } from "../../text";
import { UnfinishedError } from "../errors";
import { type AnyHandler } from "../handler";
import { type Holder, type Opened } from "./holder";
import { type Given, hosted, type Props } from "./hosted";
import { handedToEngine } from "./said-once";
import { asMadeAs, isMove, isOfOther, stateIn } from "./state-forms";

/** A handler as Pulumi's dynamic-provider process calls it. Its wire names are a permanent contract. */
export interface DynamicProvider {
  configure(request: { config: { get(key: string): string | undefined } }): void;
  check(olds: Props, news: Props): Promise<{ inputs: Props; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Props, news: Props): Promise<{ changes: boolean; replaces?: string[] }>;
  create(news: Props): Promise<{ id: string; outs: Props }>;
  read(id: string, props: Props): Promise<{ id?: string; props?: Props; inputs?: Props }>;
  update(id: string, olds: Props, news: Props): Promise<{ outs: Props }>;
  delete(id: string, props: Props): Promise<void>;
}

/** Puts a handler behind Pulumi's dynamic host: splits hidden inputs off, and keeps the host's own key apart. */
export function dynamicHost<Args extends object, State extends object, S extends Opened>(
  handler: AnyHandler<Args, State, S>,
  holder: Holder<object, S>,
): DynamicProvider {
  const within = hosted(handler, holder);
  const type = typeOf(handler.kind);
  const split = (inputs: Props): Given => {
    const { args, hidden } = splitInputs(inputs);
    return { args, hidden: { ...receivedUrn(inputs, type, process.env.PULUMI_NODEJS_PROJECT ?? ""), ...hidden } };
  };
  /** Resources whose update only writes a state of the plugin's anew, as the comparison before it found. */
  const moves = new Set<string>();
  /** @param props what the engine sent: a half-made object needs its `__provider` */
  const guarded = async <T>({ __provider }: Props, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof UnfinishedError)) throw handedToEngine(error as Error);
      throw handedToEngine(new UnfinishedError(error.id, { ...error.properties, __provider }, error));
    }
  };

  return {
    configure: ({ config }) => holder.configure((key) => config.get(key)),

    check: async (olds, news) => {
      const old = Object.keys(olds).length > 0 ? split(olds).args : undefined;
      const checked = await within.check(old, split(news));
      // A failure with a property's name would print its value, a secret's too.
      if ("failure" in checked) return { inputs: news, failures: [{ property: "", reason: checked.failure }] };
      return { inputs: { ...news, ...checked.added }, failures: [] };
    },

    diff: (id, olds, news) =>
      guarded(news, async () => {
        // This host has no way to show it.
        const given = split(news);
        const { touches, ...diff } = await within.diff(id, stateIn(olds), given);
        moves[isMove("dynamic", olds, diff.changes) ? "add" : "delete"](keyOf(id, given));
        return { ...diff, changes: diff.changes || isOfOther("dynamic", olds) };
      }),

    create: (news) =>
      guarded(news, async () => {
        const { id, state } = await within.create(split(news));
        return { id, outs: state };
      }),

    read: (id, props) =>
      guarded(props, async () => {
        const found = await within.read(id, stateIn(props));
        if (!found) return {};
        // Returned inputs take the place of all that the state has, the hidden ones too.
        return { id, props: asMadeAs(props, found.state), ...(found.drifted && { inputs: found.inputs }) };
      }),

    update: (id, olds, news) =>
      guarded(news, async () => {
        const [state, given] = [stateIn(olds), split(news)];
        if (moves.has(keyOf(id, given))) return { outs: state };
        const updated = within.update(id, state, given);
        return { outs: await (isOfOther("dynamic", olds) ? updated.catch(halfMoved) : updated) };
      }),

    delete: (id, props) => guarded(props, () => within.delete(id, stateIn(props))),
  };
}

/** The engine keeps the inputs that the plugin left, which name no provider: Pulumi's refresh ends in words of its own. */
function halfMoved(error: unknown): never {
  if (!(error instanceof UnfinishedError)) throw error;
  const next = "The next run must be `pulumi up` without a refresh: Pulumi cannot refresh what has moved by half.";
  throw new UnfinishedError(error.id, error.properties, new Error(`${withoutStop(error.message)}. ${next}`));
}

/** Several resources of a program may have one id. */
const keyOf = (id: string, { hidden }: Given): string => hidden.urn ?? id;
