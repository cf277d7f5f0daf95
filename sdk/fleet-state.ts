import * as pulumi from "@pulumi/pulumi";
import { type FleetMember, type FleetPlace } from "./fleet-plan";
import { runError } from "./run-error";
import { ExportError, exportStack } from "./stack-export";

/** A member as the stack's state shows it, before this run. */
export interface KnownMember extends FleetMember {
  /** When a run first renews it, ISO 8601; missing where it was never read. */
  renewAt?: string;
  expiresAt?: string;
  slotType?: string;
}

interface StateResource {
  urn: string;
  type: string;
  parent?: string;
  delete?: boolean;
  external?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

const PORT = "proxies-sx:Port";
/** Words for a port that serves no more (source: the vendor's page and its MCP client). */
const IDLE = ["deleted", "expired", "suspended"];

/**
 * The members that a fleet has, by the state of its stack. A program cannot see it, and the engine only compares what
 * the program declares; but which member stays where, and which one leaves, depends on those that there are. So the
 * state is read as `pulumi stack export` shows it, once a run. No secret in it is decrypted.
 *
 * @param parents URNs that the fleet has, or had as its aliases say
 */
export async function membersInState(parents: readonly string[], now: number): Promise<KnownMember[]> {
  const resources = await stateOfStack();
  for (const parent of parents) {
    const found = resources.filter((one) => one.type.endsWith(PORT) && one.parent === parent && !one.delete);
    if (found.length > 0) return found.flatMap((one) => memberOf(one, now));
  }
  return [];
}

function memberOf({ urn, inputs = {}, outputs = {} }: StateResource, now: number): KnownMember[] {
  const number = Number(/-(\d+)$/.exec(urn)?.[1]);
  if (!(number > 0)) return [];
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const given = { carrier: text(inputs.carrier), cityId: text(inputs.cityId), regionId: text(inputs.regionId) };
  const place: FleetPlace = { country: text(inputs.country) ?? "" };
  for (const part of ["carrier", "cityId", "regionId"] as const) if (given[part]) place[part] = given[part];
  const [status, expiresAt] = [text(outputs.status), text(outputs.expiresAt)];
  const serves = !IDLE.includes(status ?? "") && !(expiresAt !== undefined && Date.parse(expiresAt) <= now);
  return [{ number, place, serves, renewAt: text(outputs.renewAt), expiresAt, slotType: text(inputs.slotType) }];
}

let state: Promise<StateResource[]> | undefined;

/** Nothing where there is no engine, as under Pulumi's mocks. */
function stateOfStack(): Promise<StateResource[]> {
  if (!pulumi.runtime.getEngine()) return Promise.resolve([]);
  return (state ??= readState());
}

async function readState(): Promise<StateResource[]> {
  const stack = fullNameOfStack();
  try {
    const text = await exportStack({ stack, cwd: process.cwd(), env: process.env });
    const { deployment } = JSON.parse(text) as { deployment?: { resources?: StateResource[] } | null };
    return deployment?.resources ?? [];
  } catch (error) {
    const why = error instanceof ExportError ? error.explain(stack) : "it is no JSON";
    throw runError(
      `the state of stack ${stack} cannot be read (${why}). It tells which members a ProxyFleet has: without it they ` +
        "could be moved or released by mistake.",
    );
  }
}

/** With its organization, where the backend has any: the CLI would look in the user's default one. */
function fullNameOfStack(): string {
  const organization = pulumi.getOrganization();
  const stack = pulumi.getStack();
  return organization === "organization" ? stack : `${organization}/${pulumi.getProject()}/${stack}`;
}
