import { type Host } from "../../domain/kinds";
import { urnUnder } from "../../domain/urn";
import { useHost } from "../../tests/engine/hosts";
import { Dice } from "./dice";
import { stateOf } from "./state";
import { type Tally } from "./tally";
import { type ChaosWorld } from "./world";

/** Parts the stream of these throws from the plan's, so that a seed draws all else as it did before there were two hosts. */
const APART = 0x2b05_7000;

/**
 * Which host each of so many commands is run with: in a quarter of the runs the one, in a quarter the other, and in the
 * rest any, so that stacks move between steps in both directions.
 *
 * @param only no throw: this one
 */
export function hostsOf(seed: number, count: number, only?: Host): Host[] {
  const dice = new Dice(seed ^ APART);
  const among = dice.pick<Host[]>([["dynamic"], ["plugin"], ["dynamic", "plugin"], ["dynamic", "plugin"]]);
  const drawn = Array.from({ length: count }, () => dice.pick(among));
  return only === undefined ? drawn : drawn.map(() => only);
}

/** From now on this host carries out what the program declares; the other one stays installed. */
export function settle(world: ChaosWorld, host: Host, tally: Tally): void {
  useHost(world.project, host);
  tally.count("others", `step by the host ${host}`);
  if (!stateOf(world).resources.some(({ urn }) => urn !== urnUnder(host, urn))) return;
  tally.count("others", `to move to the host ${host}${world.endedWell ? "" : ", after a run that was broken off"}`);
}
