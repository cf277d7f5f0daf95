import { readFileSync } from "node:fs";
import { type Project } from "../../tests/engine/project";
import { stateFile } from "../world-clock";

/** A member of the fleet, as the state holds it. */
export interface Member {
  name: string;
  /** The vendor's port that serves. */
  portId: string;
  status: string;
  retiring: { portId: string }[];
}

interface Checkpoint {
  checkpoint: { latest: { resources?: { urn: string; type: string; outputs: Omit<Member, "name"> }[] } };
}

/** Read from the engine's file, since an export for each run would take as long as some runs. */
export function membersOf(project: Project): Member[] {
  const { checkpoint } = JSON.parse(readFileSync(stateFile(project), "utf8")) as Checkpoint;
  return (checkpoint.latest.resources ?? [])
    .filter(({ type }) => type.endsWith("proxies-sx:Port"))
    .map(({ urn, outputs: { portId, status, retiring = [] } }) => ({
      name: urn.slice(urn.lastIndexOf("::") + 2),
      portId,
      status,
      retiring,
    }));
}
