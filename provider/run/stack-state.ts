import { accountIn } from "../../domain/account-in-state";
import { isKind, kindOfType } from "../../domain/kinds";
import { urnUnder } from "../../domain/urn";
import { SILENT, type Surroundings } from "./surroundings";

/** The engine saves the state while it is read, and Pulumi's file backend writes in place: half a state is read again. */
const TRIES = 4;
const WAIT_MS = 250;

/** A resource as `pulumi stack export` shows it. Secrets in it are encrypted. */
export interface StateResource {
  /** As the dynamic host knows it, whichever host wrote the state. */
  urn: string;
  /** Names of before; one that has just got another name has no id. */
  aliases?: string[];
  type: string;
  id?: string;
  /** Whether it was replaced, and is to be deleted. */
  delete?: boolean;
  /** Whether a person asked for its replacement: `pulumi state taint`. */
  taint?: boolean;
  /** Whether it was deleted, and its replacement is to be made. */
  pendingReplacement?: boolean;
  /** The option, another value of which replaces the resource. */
  replacementTrigger?: unknown;
  provider?: string;
  /** The key of its account, whichever host wrote the state; undefined for the account of the stack's configuration. */
  account?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** When the engine last changed it, in ISO form. */
  modified?: string;
}

/** An operation that the state knows the beginning of, and not the end. */
export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: StateResource;
}

/** What a state holds, as the engine writes it. */
export interface Deployment {
  manifest?: { time?: string };
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

/** What a state said before a run saved it, for the processes that read it later. */
interface FirstReading extends Deployment {
  /** When it was read, epoch ms. */
  at: number;
}

/** A history has whole seconds, rounded down, and a run saves its state before it ends: ms. */
const SECOND = 1_000;

/**
 * What is known of the run that saved a state last: it was killed, or it worked on all resources and went well, or it
 * was another one, either after such a run, from when to when, epoch ms, or before there was any.
 */
export type SavedBy =
  "a killed run" | "a whole run" | "none that was whole" | { began: number; ended: number } | undefined;

/** What a state holds. */
export interface StackFacts {
  /** In the engine's order. */
  resources: readonly StateResource[];
  pending: readonly PendingOperation[];
  /** When the state was saved last, epoch ms. */
  saved: number | undefined;
  /** When the state was last saved before a time, epoch ms. Two machines are taken to agree on it by seconds. */
  savedBefore(time: number): number | undefined;
}

/** Ports of the vendor's that a state holds, old ones of renewals and those that are to be released with them. */
export const portsIn = ({ resources }: Pick<StackFacts, "resources">): string[] =>
  resources
    .filter(({ type }) => isKind("Port", type))
    .flatMap(({ id, outputs: { portId, retiring } = {} }) => {
      const old = Array.isArray(retiring) ? (retiring as { portId?: unknown }[]) : [];
      return [id, portId, ...old.map((one) => one.portId)].filter((one) => typeof one === "string");
    });

/**
 * The states of stacks that this process works for, by their full names: what one was before this run, with what this
 * run has saved by the time of the first question. Read once a process, and only where somebody asks.
 */
export class StackState {
  private readonly read = new Map<string, Promise<StackFacts | { why: string }>>();
  private readonly savers = new Map<string, Promise<SavedBy>>();
  private readonly warned = new Set<string>();

  private readonly around: Surroundings;

  constructor(around: Partial<Surroundings>) {
    this.around = { ...SILENT, ...around };
  }

  /** Undefined where there is no stack, or where its state cannot be read: one warning says so, unless it may be. */
  async of(stack: string | undefined, mayBeUnread = false): Promise<StackFacts | undefined> {
    if (stack === undefined) return undefined;
    const known = this.read.get(stack) ?? this.around.shared(() => this.load(stack));
    this.read.set(stack, known);
    const state = await known;
    if (!("why" in state)) return state;
    if (!mayBeUnread) this.warnOnce(stack, state.why);
    return undefined;
  }

  /** Asked once, and only where a state has something open: it takes a command of its own. */
  savedBy(stack: string): Promise<SavedBy> {
    const known = this.savers.get(stack) ?? this.around.shared(() => this.saverOf(stack));
    this.savers.set(stack, known);
    return known;
  }

  private async saverOf(stack: string): Promise<SavedBy> {
    const { saved } = (await this.of(stack, true)) ?? {};
    // This run may have saved it by then.
    if (saved === undefined || saved >= this.around.runBegan()) return undefined;
    const last = await this.around.lastRun(stack);
    if (!last) return undefined;
    if (saved > last.at + SECOND) return "a killed run";
    if (last.isWhole) return "a whole run";
    return last.followsWhole ? { began: last.began, ended: last.at + SECOND } : "none that was whole";
  }

  private warnOnce(stack: string, why: string): void {
    if (this.warned.has(stack)) return;
    this.warned.add(stack);
    this.around.notice(
      `the state of stack ${stack} cannot be read (${why}), so what an earlier run left in it is not known.`,
    );
  }

  private async load(name: string): Promise<StackFacts | { why: string }> {
    let why = "";
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await this.around.sleep(WAIT_MS);
      const text = await this.around.exportStack(name);
      if (typeof text !== "string") {
        why = text.why;
        if (!text.mayPass) break;
        continue;
      }
      const deployment = deploymentIn(text);
      if (deployment) return factsIn(await this.asItWas(name, deployment));
      why = "it is no JSON";
    }
    return { why };
  }

  /**
   * The first time that a run saves a state, the engine drops the updates that did not end, and the time of the save
   * before. Each Account has a process of its own, and resources of other vendors are none of ours: so the first that
   * reads such a state, in the preview where there is one, leaves word for the others.
   */
  private async asItWas(stack: string, now: Deployment): Promise<Deployment> {
    const { leaveWord, wordOf, runBegan, lastRun } = this.around;
    if (!(savedAt(now) >= runBegan())) {
      leaveFirst(stack, now, leaveWord);
      return now;
    }
    const word = wordOf(`state ${stack}`);
    if (word === undefined) return now;
    const first = JSON.parse(word) as FirstReading;
    // Another run, while somebody looked at this one's preview, has dealt with it.
    if (((await lastRun(stack))?.at ?? 0) > first.at) return now;
    const known = first.pending_operations ?? [];
    const isKnown = ({ type, resource }: PendingOperation): boolean =>
      known.some((one) => one.type === type && one.resource.urn === resource.urn);
    return {
      ...now,
      manifest: first.manifest,
      pending_operations: [...known, ...(now.pending_operations ?? []).filter((one) => !isKnown(one))],
    };
  }
}

/** Leaves what did not end of ours in a state that this run has not saved yet. */
export function leaveFirst(stack: string, state: Deployment, leaveWord: Surroundings["leaveWord"]): void {
  const { manifest, pending_operations: all = [] } = state;
  const begun = all.filter(({ resource }) => kindOfType(resource.type) !== undefined);
  if (begun.length === 0) return;
  const first: FirstReading = { at: Date.now(), manifest, pending_operations: begun };
  leaveWord(`state ${stack}`, JSON.stringify(first));
}

/** Of an export, or of a backend's file. Undefined where the text is half a state. */
export function deploymentIn(text: string): Deployment | undefined {
  try {
    const state = JSON.parse(text) as { deployment?: Deployment | null; checkpoint?: { latest?: Deployment | null } };
    return state.deployment ?? state.checkpoint?.latest ?? {};
  } catch {
    return undefined;
  }
}

/** When it was saved, epoch ms; NaN where it does not say so. */
export const savedAt = ({ manifest }: Deployment): number => Date.parse(manifest?.time ?? "");

function factsIn({ manifest, resources: all = [], pending_operations: begun = [] }: Deployment): StackFacts {
  const resources = all.map(named);
  const pending = begun.map((one) => ({ ...one, resource: named(one.resource) }));
  const told = [manifest?.time, ...resources.map(({ modified }) => modified)].map((iso) => Date.parse(iso ?? ""));
  return {
    resources,
    pending,
    saved: told[0] !== undefined && told[0] > 0 ? told[0] : undefined,
    savedBefore: (time) => {
      const times = told.filter((one) => one < time);
      return times.length > 0 ? Math.max(...times) : undefined;
    },
  };
}

const named = (resource: StateResource): StateResource => ({
  ...resource,
  urn: urnUnder("dynamic", resource.urn),
  ...(resource.aliases && { aliases: resource.aliases.map((urn) => urnUnder("dynamic", urn)) }),
  account: accountIn(resource.provider)?.key,
});
