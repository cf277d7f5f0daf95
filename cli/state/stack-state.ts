import { accountIn } from "../../domain/account-in-state";
import { servingPortIn } from "../../domain/hidden-inputs";
import { isKind, kindOfType, KINDS } from "../../domain/kinds";
import { z } from "zod";
import { timeOf } from "../../domain/lease";
import { samePortId } from "../../domain/port-id";
import { nameOf } from "../../domain/urn";
import { hasNoPort } from "../../review/renewals";
import { retiringIn } from "../../review/retiring";
import { clean } from "../../text";

/** The engine's own record of a program's exports: what stands there is no use of a port. */
const STACK = "pulumi:pulumi:Stack";

/** What one state says of the vendor's ports. Of its secrets nothing is taken. */
export interface StackState {
  /** As the user named it. */
  name: string;
  /** Ports that it manages, by the vendor's id, also those that the next run deletes and old ones of renewals. */
  held: Map<string, HeldPort>;
  /** Resources of the stack's own account that have no port, as their state knows, by the id of the one that they had. */
  lost: Map<string, string>;
  /** Everything else that its resources name, by what may be the id of a port: the URN of the first that does. */
  mentioned: Map<string, string>;
  /** URNs of Ports whose purchase, or an update that may have been a renewal, had begun and not recorded its end. */
  pendingPurchases: string[];
  /** Names of its resources. */
  names: Set<string>;
  /** Leases that a wallet pays for, by their URN: what they have put out. */
  leases: Map<string, Readonly<Record<string, unknown>>>;
}

export interface HeldPort {
  urn: string;
  /** The port is to be deleted, or was: it may be gone already. */
  leaving: boolean;
  /** Name of the Account that has the port, where that is not the stack's own. */
  account?: string;
  /** When a run first renews it, epoch ms. */
  renewAt?: number;
  /** An old port of a renewal: from when on a run releases it, epoch ms. */
  releaseAt?: number;
}

/** The name in a URN, to be shown. */
export const shownName = (urn: string): string => clean(nameOf(urn));

/** A state that cannot be read whole. One line, without the state's contents. */
export class StateError extends Error {}

const properties = z.record(z.string(), z.unknown()).nullish();
const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().nullish(),
  parent: z.string().nullish(),
  provider: z.string().nullish(),
  external: z.boolean().nullish(),
  delete: z.boolean().nullish(),
  pendingReplacement: z.boolean().nullish(),
  inputs: properties,
  outputs: properties,
});
export type Resource = z.output<typeof resource>;

const exported = z.object({
  version: z.literal([3, 4]),
  deployment: z.object({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.object({ type: z.string(), resource })).nullish(),
  }),
});

/**
 * Reads what `pulumi stack export` wrote. A deployment without resources is a whole state: that of a new stack.
 *
 * @throws StateError for anything else, since a port would look unmanaged that is only unread.
 */
export function parseState(name: string, text: string): StackState {
  const deployment = readExport(name, text);
  const state: StackState = {
    name,
    held: new Map(),
    lost: new Map(),
    mentioned: new Map(),
    pendingPurchases: [],
    names: new Set(),
    leases: new Map(),
  };
  for (const one of deployment.resources ?? []) take(state, one);
  for (const { type, resource: one } of deployment.pending_operations ?? []) {
    if (PURCHASES.includes(type) && isKind("Port", one.type)) state.pendingPurchases.push(one.urn);
    take(state, one);
  }
  return state;
}

/** Operations of the engine that may buy a port: an update renews a lease. */
const PURCHASES = ["creating", "updating"];

/**
 * What the engine keeps, of what `pulumi stack export` wrote.
 *
 * @throws StateError
 */
export function readExport(name: string, text: string): z.output<typeof exported>["deployment"] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new StateError(`the state of ${name} is ${text.trim() === "" ? "empty" : "no JSON, or cut off"}`);
  }
  const result = exported.safeParse(body);
  if (result.success) return result.data.deployment;
  if (typeof body === "object" && body !== null && "checkpoint" in body) {
    throw new StateError(
      `the state of ${name} is a file of Pulumi's backend: give what \`pulumi stack export\` writes`,
    );
  }
  const where = result.error.issues[0]?.path.join(".") || "its whole";
  throw new StateError(`the state of ${name} is not what \`pulumi stack export\` writes (${where} is not as expected)`);
}

function take(state: StackState, { urn, type, id, inputs, outputs, ...marks }: Resource): void {
  state.names.add(nameOf(urn));
  if (isKind("X402Lease", type) && !marks.delete && !marks.pendingReplacement) state.leases.set(urn, outputs ?? {});
  const mention = (token: string) => {
    const named = samePortId(token);
    return state.mentioned.has(named) || state.mentioned.set(named, urn);
  };
  if (isKind("Port", type) && !marks.external) {
    const leaving = Boolean(marks.delete || marks.pendingReplacement);
    const account = accountIn(marks.provider ?? "")?.name;
    const mark = { leaving, ...(account !== undefined && { account: clean(account) }) };
    for (const [each, more] of portsOf({ id, inputs, outputs })) {
      const held = samePortId(each);
      const before = state.held.get(held);
      if (!before || before.leaving) state.held.set(held, { urn, ...mark, ...more });
    }
    const had = outputs?.portId;
    const isLost = outputs && hasNoPort(outputs) && !leaving && account === undefined;
    if (isLost && typeof had === "string") state.lost.set(samePortId(had), urn);
    return mentionAll(tokensOf(inputs), mention);
  }
  // Settings of a port that was renewed keep its first id: what they are set for is the port that serves now.
  const serving = servingPortIn(outputs) ?? servingPortIn(inputs);
  if (isOfPort(type) && typeof serving === "string") return void mention(serving);
  if (id) mention(id);
  if (typeof outputs?.port === "string") mention(outputs.port);
  if (type !== STACK) mentionAll(tokensOf(inputs), mention);
}

const mentionAll = (tokens: string[], mention: (token: string) => unknown): void => tokens.forEach(mention);

/** Settings of a port, and what is done to one. */
function isOfPort(type: string): boolean {
  const kind = kindOfType(type);
  return kind !== undefined && "port" in KINDS[kind].inputs;
}

type Held = Pick<HeldPort, "renewAt" | "releaseAt">;

/**
 * The vendor's ports of a Port: the one that serves, and old ones of its renewals. Its `id` is that of its first port,
 * which counts where nothing else is known.
 */
function portsOf({ id, inputs, outputs }: Pick<Resource, "id" | "inputs" | "outputs">): [string, Held][] {
  const old = retiringIn(outputs ?? {}, outputs?.overlap ?? inputs?.overlap);
  const serving = outputs && hasNoPort(outputs) ? undefined : (outputs?.portId ?? id);
  const renewAt = timeOf(outputs?.renewAt);
  return [
    ...(typeof serving === "string" && serving !== ""
      ? [[serving, renewAt === undefined ? {} : { renewAt }] satisfies [string, Held]]
      : []),
    ...old.map(({ portId, releaseAt }): [string, Held] => [portId, { releaseAt }]),
  ];
}

/**
 * Whatever could be an id, wherever it stands: alone, within a URL, or as the plaintext of a secret. What a state
 * holds encrypted cannot be seen; settings of a port have its id as their own, which never is.
 */
function tokensOf(inputs: Resource["inputs"]): string[] {
  return JSON.stringify(inputs ?? {}).match(/[A-Za-z0-9_-]{1,64}/g) ?? [];
}
