import { ownerIn, splitInputs } from "../../../domain/hidden-inputs";
import { type Kind, type KindName, KINDS, secretNames } from "../../../domain/kinds";
import { hasUnknown } from "../../../domain/unknown";
import { urnUnder } from "../../../domain/urn";
import { UnfinishedError } from "../../errors";
import { type Given, type Hosted, type Props } from "../hosted";
import { asMadeAs, isMove, isOfOther, stateIn } from "../state-forms";
import { changesOf, type PropertyChange } from "./detailed-diff";
import { changedIn, madeIn, URLS, withUrls } from "./outputs";

/** What is known of a resource's change before it is made. */
interface Planned {
  /** Outputs that it changes; undefined: any. */
  touches?: readonly string[];
  /** It only writes a state of the dynamic host anew. */
  isMove: boolean;
}

/** A kind of resource as the engine asks a plugin for it: by URN, with a state that has the URLs, and with previews. */
export class PluginResource {
  private readonly planned = new Map<string, Planned>();

  constructor(private readonly within: Hosted) {}

  get kind(): KindName {
    return this.within.kind;
  }

  /** Names of properties whose values the engine is to keep as secrets. */
  get secrets(): readonly string[] {
    return [...secretNames(this.kind), ...URLS];
  }

  check(urn: string, olds: Props, news: Props): Promise<{ added: Props } | { failure: string }> {
    return this.within.check(Object.keys(olds).length > 0 ? given(urn, olds).args : undefined, given(urn, news));
  }

  /** @param before inputs in the state */
  async diff(
    urn: string,
    { id, olds, before, news }: { id: string; olds: Props; before: Props; news: Props },
  ): Promise<{ changes: PropertyChange[]; replaces: string[]; isChanged: boolean }> {
    const diff = await this.within.diff(id, stateIn(olds), given(urn, news));
    this.planned.set(urn, { touches: diff.touches, isMove: isMove("plugin", olds, diff.changes) });
    return {
      changes: changesOf(this.kind, diff, before, olds, news),
      replaces: diff.replaces ?? [],
      isChanged: diff.changes || isOfOther("plugin", olds),
    };
  }

  async create(urn: string, news: Props, isPreview: boolean): Promise<{ id: string; state: Props }> {
    const { args, hidden } = given(urn, news);
    if (isPreview) return { id: "", state: madeIn(this.kind, args) };
    const { id, state } = await this.telling(this.within.create({ args, hidden }));
    return { id, state: withUrls(this.kind, state) };
  }

  /**
   * @param olds the state; empty for an import, or for one that the program only reads
   * @returns undefined where it is gone
   */
  async read(
    urn: string,
    id: string,
    olds: Props,
    before: Props,
  ): Promise<{ id: string; state: Props; inputs: Props } | undefined> {
    const known = stateIn(olds);
    const found = await this.within.read(id, known, given(urn, before).hidden);
    if (!found) return undefined;
    const told = (state: Props): Props => withUrls(this.kind, state);
    if (Object.keys(known).length > 0)
      return {
        id,
        state: told(asMadeAs(olds, found.state)),
        inputs: found.drifted ? { ...hiddenIn(before), ...found.inputs } : before,
      };
    // As it is managed from now on: what follows from its inputs, such as the time of renewal, is in the state too.
    const managed = (await this.within.read(id, { ...found.state, ...found.inputs })) ?? found;
    return { id: found.id ?? id, state: told(managed.state), inputs: shownInputs(this.kind, found.inputs) };
  }

  async update(
    urn: string,
    { id, olds, news }: { id: string; olds: Props; news: Props },
    isPreview: boolean,
  ): Promise<Props> {
    const { args, hidden } = given(urn, news);
    const planned = this.planned.get(urn);
    const known = stateIn(olds);
    if (planned?.isMove) return withUrls(this.kind, known);
    if (isPreview) return changedIn(this.kind, known, args, hasUnknown(args) ? undefined : planned?.touches);
    return withUrls(this.kind, await this.telling(this.within.update(id, known, { args, hidden })));
  }

  delete(urn: string, id: string, olds: Props): Promise<void> {
    return this.within.delete(id, stateIn(olds), given(urn, {}).hidden);
  }

  /** A half-made object's state is returned as a whole one's. */
  private async telling<T>(call: Promise<T>): Promise<T> {
    return call.catch((error: unknown) => {
      if (!(error instanceof UnfinishedError)) throw error;
      throw new UnfinishedError(error.id, withUrls(this.kind, error.properties as Props), error);
    });
  }
}

/** Inputs as handlers take them. The engine gives the URN, so none that a program sent counts. */
function given(urn: string, inputs: Props): Given {
  const { args, hidden } = splitInputs(inputs);
  return { args, hidden: { ...hidden, owner: ownerIn(inputs), urn: urnUnder("dynamic", urn) } };
}

const hiddenIn = (inputs: Props): Props =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => name.startsWith("__") && name !== "__provider"));

/** Inputs of an import: `pulumi import` writes them into a program, where no secret belongs. */
function shownInputs(kind: KindName, found: Props): Props {
  const { inputs }: Kind = KINDS[kind];
  return Object.fromEntries(Object.entries(found).filter(([name]) => !inputs[name]?.secret));
}
