import { urnUnder } from "../../domain/urn";
import { Dice } from "./dice";
import { type Step } from "./plan";
import { stateOf } from "./state";
import { urnOf } from "./state-work";
import { type Tally } from "./tally";
import { type ChaosWorld } from "./world";

/** How a run is called, apart from what it does. */
export interface Aim {
  /** Only this port, and with `dependents` its settings too. */
  target?: { name: string; dependents: boolean };
  /** The engine previews it first, as it does for a person. */
  preview?: boolean;
  /** With a key of another account, where the state holds a port: nothing may be bought there. */
  otherKey?: boolean;
}

/** Parts the stream of these throws from the plan's, so that a seed draws all else as it did before there were aims. */
const APART = 0x41_6d00;

export const diceOfAims = (seed: number): Dice => new Dice(seed ^ APART);

export function aimOf(dice: Dice, names: readonly string[], isFirst: boolean): Aim {
  const aim = {
    ...(dice.chance(0.3) && { preview: true }),
    ...(dice.chance(0.15) && names.length > 0 && { target: { name: dice.pick(names), dependents: dice.chance(0.5) } }),
    ...(dice.chance(0.07) && { otherKey: true }),
  };
  return isFirst ? {} : aim;
}

/** Whether such a run may come past a resource that an earlier one left half done, so that the engine forgets of it. */
export const isNarrow = ({ aim }: Step): boolean => aim.target !== undefined || aim.otherKey === true;

/** The arguments that a target takes, each with the names that the CLI has for them. */
export function targetOf(world: ChaosWorld, { aim: { target }, host }: Step, tally: Tally): string[] {
  const urn = target && urnOf(world, target.name);
  if (target === undefined || urn === undefined) return [];
  tally.count("others", "targeted");
  // As the program is about to declare it.
  return ["--target", urnUnder(host, urn), ...(target.dependents ? ["--target-dependents"] : [])];
}

/** The key of a run; gives what to do after it. */
export function useKeyOf(world: ChaosWorld, { aim }: Step, tally: Tally): () => void {
  if (!aim.otherKey || stateOf(world).ports.every(({ leaving }) => leaving)) return () => undefined;
  const { project } = world;
  const key = project.emulator.control.keys.addKey(undefined, OTHER_ACCOUNT);
  world.secrets.add(key);
  project.useKey(key);
  tally.count("others", "with a key of another account");
  return () => project.useKey(project.emulator.apiKey);
}

const OTHER_ACCOUNT = "other";

/** P5: what was bought in an account of which the stack's ports are not. */
export const boughtElsewhere = ({ project }: ChaosWorld): string[] =>
  project.emulator.control
    .purchases()
    .filter(({ account }) => account === OTHER_ACCOUNT)
    .map(({ portId, order }) => `P5: port ${portId} (${JSON.stringify(order)}) was bought with another account's key`);
