import { existsSync, readFileSync } from "node:fs";
import { type Host, isKind, kindOfType, PROVIDER_TYPES } from "../../domain/kinds";
import { stateFile } from "../world-clock";
import { isOfFleet } from "./fleet";
import { type ChaosWorld } from "./world";

interface Held {
  urn: string;
  type: string;
  id?: string;
  delete?: boolean;
  external?: boolean;
  protect?: boolean;
  outputs?: { portId?: string; retiring?: { portId: string }[] };
}

interface Checkpoint {
  checkpoint: { latest?: { resources?: Held[]; pending_operations?: { type: string; resource: { urn: string } }[] } };
}

export interface HeldPort {
  name: string;
  /** The vendor's port that serves. */
  id: string;
  leaving: boolean;
  /** Ports of before a renewal. */
  retiring: string[];
}

export interface HeldResource {
  name: string;
  urn: string;
  protected: boolean;
}

export interface HeldState {
  ports: HeldPort[];
  /** All of ours, ports and the passwords of a fleet included. */
  resources: HeldResource[];
  /** What the state knows the beginning of, and not the end. */
  pending: { name: string; type: string }[];
  /** Hosts that have carried out any of it, and whose provider is in the state. */
  hosts: Host[];
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** What the engine's state holds, by its own file. Empty for a stack that is not there. */
export function stateOf(world: ChaosWorld, stack = "dev"): HeldState {
  const file = stateFile(world.project, stack);
  const latest = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Checkpoint).checkpoint.latest : {};
  const { resources = [], pending_operations = [] } = latest ?? {};
  const isOurs = ({ type, urn }: Held) => kindOfType(type) !== undefined || isOfFleet(nameOf(urn));
  const ours = resources.filter((one) => isOurs(one) && !one.external);
  return {
    ports: ours
      .filter(({ type }) => isKind("Port", type))
      .map(({ urn, id, outputs = {}, delete: leaving }) => ({
        name: nameOf(urn),
        id: outputs.portId ?? String(id),
        leaving: leaving === true,
        retiring: (outputs.retiring ?? []).map(({ portId }) => portId),
      })),
    resources: ours.map((one) => ({ name: nameOf(one.urn), urn: one.urn, protected: one.protect === true })),
    pending: pending_operations.map(({ type, resource }) => ({ name: nameOf(resource.urn), type })),
    hosts: (Object.keys(PROVIDER_TYPES) as Host[]).filter((host) =>
      resources.some(({ type }) => type === PROVIDER_TYPES[host]),
    ),
  };
}

/** Every port that a state of these stacks holds, those of before a renewal included. */
export const heldIds = (ports: readonly HeldPort[]): Set<string> =>
  new Set(ports.flatMap(({ id, retiring }) => [id, ...retiring]));
