import { z } from "zod";
import { nameOf } from "../provider/urn";

export const PORT = "pulumi-nodejs:dynamic/proxies-sx:Port";
/** The engine's own record of a program's exports: what stands there is no use of a port. */
const STACK = "pulumi:pulumi:Stack";

/** What one state says of the vendor's ports. Of its secrets nothing is taken. */
export interface StackState {
  /** As the user named it. */
  name: string;
  /** Ports that it manages, by id, also those that the next run deletes. */
  held: Map<string, HeldPort>;
  /** Everything else that its resources name, by what may be the id of a port: the URN of the first that does. */
  mentioned: Map<string, string>;
  /** URNs of Ports whose purchase had begun and was not recorded as ended. */
  pendingCreates: string[];
  /** Names of its resources. */
  names: Set<string>;
}

export interface HeldPort {
  urn: string;
  /** The port is to be deleted, or was: it may be gone already. */
  leaving: boolean;
  /** When a run first renews it, epoch ms. */
  renewAt?: number;
}

/** A state that cannot be read whole. One line, without the state's contents. */
export class StateError extends Error {}

const properties = z.record(z.string(), z.unknown()).nullish();
const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().nullish(),
  parent: z.string().nullish(),
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
    mentioned: new Map(),
    pendingCreates: [],
    names: new Set(),
  };
  for (const one of deployment.resources ?? []) take(state, one);
  for (const { type, resource: one } of deployment.pending_operations ?? []) {
    if (type === "creating" && one.type === PORT) state.pendingCreates.push(one.urn);
    take(state, one);
  }
  return state;
}

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
  const mention = (token: string) => state.mentioned.has(token) || state.mentioned.set(token, urn);
  if (type === PORT && !marks.external) {
    const leaving = Boolean(marks.delete || marks.pendingReplacement);
    for (const held of [id, outputs?.portId]) {
      if (typeof held !== "string" || held === "") continue;
      const before = state.held.get(held);
      if (!before || before.leaving) state.held.set(held, { urn, leaving, ...renewalIn(outputs) });
    }
  } else if (id) mention(id);
  if (typeof outputs?.port === "string") mention(outputs.port);
  if (type !== STACK) for (const token of tokensOf(inputs)) mention(token);
}

function renewalIn(outputs: Resource["outputs"]): Pick<HeldPort, "renewAt"> {
  const renewAt = typeof outputs?.renewAt === "string" ? Date.parse(outputs.renewAt) : NaN;
  return Number.isNaN(renewAt) ? {} : { renewAt };
}

/**
 * Whatever could be an id, wherever it stands: alone, within a URL, or as the plaintext of a secret. What a state
 * holds encrypted cannot be seen; settings of a port have its id as their own, which never is.
 */
function tokensOf(inputs: Resource["inputs"]): string[] {
  return JSON.stringify(inputs ?? {}).match(/[A-Za-z0-9_-]{1,64}/g) ?? [];
}
