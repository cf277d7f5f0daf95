import { isKind } from "../../domain/kinds";
import { type Project } from "./project";

interface PortOutputs {
  portId: string;
  status: string;
  retiring?: { portId: string }[];
}

/**
 * What must hold after each run, whatever it was: each port that the states hold is live at the vendor, and each live
 * one is in exactly one place of one state. A retiring port may have been released early, for the purchase of another
 * resource: its own, which was done by then, forgets it in the next run.
 *
 * @param projects stacks of one emulator
 * @param kept ports that a program asked the engine to leave at the vendor
 * @returns the ports that serve, by the name of their resource
 */
export async function expectTruth(projects: Project[], kept: string[] = []): Promise<Record<string, string>> {
  const states = await Promise.all(projects.map((project) => project.state()));
  const ports = states
    .flatMap(({ resources = [] }) => resources)
    .filter(({ type }) => isKind("Port", type))
    .map(({ urn, outputs }) => ({ ...(outputs as unknown as PortOutputs), name: nameOf(urn) }));
  const serving = ports.filter(({ status }) => status !== "deleted" && status !== "renewing");
  const live = (projects[0]?.emulator.control.ports() ?? []).map(({ id }) => id);
  const retiring = ports.flatMap((one) => one.retiring ?? []).filter(({ portId }) => live.includes(portId));
  const held = [...serving, ...retiring].map(({ portId }) => portId);
  expect([...held, ...kept].sort()).toEqual(live.sort());
  return Object.fromEntries(serving.map(({ name, portId }) => [name, portId]));
}

/** Each of these ports has what `equipped` and `fleet` set. */
export function expectEquipped(project: Project, ports: Record<string, string>): void {
  const set = {
    proxyLogin: "team-a",
    proxyPassword: "a-password-of-tests",
    osFingerprint: "windows:1",
    rotationSettings: { enabled: true, intervalSeconds: 1800, matchCarrier: true },
  };
  for (const id of Object.values(ports)) expect(project.emulator.control.port(id)).toMatchObject(set);
}

/** Names of what the state protects. */
export async function protectedIn(project: Project): Promise<string[]> {
  const { resources } = await project.state();
  return resources.filter(({ protect }) => protect).map(({ urn }) => nameOf(urn));
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
