import { type ChaosWorld } from "./world";

interface Exported {
  resources?: {
    urn: string;
    type: string;
    id?: string;
    delete?: boolean;
    external?: boolean;
    outputs?: Record<string, unknown>;
  }[];
  pending_operations?: unknown[];
}

export interface HeldPort {
  name: string;
  id: string;
  leaving: boolean;
}

/** What the engine's state holds. */
export async function stateOf(world: ChaosWorld): Promise<{ ports: HeldPort[]; pending: number }> {
  world.mendState();
  const { output } = await world.project.pulumi(["stack", "export"]);
  const { resources = [], pending_operations = [] } = (JSON.parse(output) as { deployment: Exported }).deployment;
  const ports = resources
    .filter(({ type, external }) => type.endsWith("proxies-sx:Port") && !external)
    .map(({ urn, id, outputs, delete: leaving }) => ({
      name: urn.slice(urn.lastIndexOf("::") + 2),
      id: id || String(outputs?.portId),
      leaving: leaving === true,
    }));
  return { ports, pending: pending_operations.length };
}
