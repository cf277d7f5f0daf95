import * as pulumi from "@pulumi/pulumi";
import { ExportError, exportStack } from "./stack-export";

/** A resource of the stack's state, as before this run. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  parent?: string;
  delete?: boolean;
  external?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export const isOfType = ({ type }: StateResource, kind: string): boolean => type.endsWith(`proxies-sx:${kind}`);

/** By run: programs of Pulumi's Automation API are several in one process, each with a stack object of its own. */
const states = new WeakMap<object, Promise<StateResource[]>>();
const NO_RUN = {};

/**
 * The state of the program's own stack, as `pulumi stack export` shows it, once a run: a program cannot see it
 * otherwise. No secret in it is decrypted. Nothing where there is no engine, as under Pulumi's mocks.
 *
 * @throws Error in one line, where it cannot be read
 */
export function stateOfStack(): Promise<StateResource[]> {
  if (!pulumi.runtime.getEngine()) return Promise.resolve([]);
  const run = pulumi.runtime.getStackResource() ?? NO_RUN;
  const state = states.get(run) ?? readState();
  states.set(run, state);
  return state;
}

/** The engine saves the state while it is read, and Pulumi's file backend writes in place: half a state is read again. */
const TRIES = 4;
const WAIT_MS = 250;

async function readState(triesLeft = TRIES - 1): Promise<StateResource[]> {
  const stack = fullNameOfStack();
  try {
    const text = await exportStack({ stack, cwd: process.cwd(), env: process.env });
    const { deployment } = JSON.parse(text) as { deployment?: { resources?: StateResource[] } | null };
    return deployment?.resources ?? [];
  } catch (error) {
    if (triesLeft > 0 && !(error instanceof ExportError && error.reason !== "refused")) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      return readState(triesLeft - 1);
    }
    const why = error instanceof ExportError ? error.explain(stack) : "it is no JSON";
    throw new Error(`the state of stack ${stack} cannot be read (${why}).`, { cause: error });
  }
}

/** With its organization, where the backend has any: the CLI would look in the user's default one. */
function fullNameOfStack(): string {
  const organization = pulumi.getOrganization();
  const stack = pulumi.getStack();
  return organization === "organization" ? stack : `${organization}/${pulumi.getProject()}/${stack}`;
}
