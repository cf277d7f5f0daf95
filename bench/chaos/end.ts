import { Dice } from "./dice";
import { type Kill, VICTIMS } from "./kills";
import { heldIds, stateOf } from "./state";
import { type ChaosWorld } from "./world";

/** Parts the stream of these throws from the plan's. */
const APART = 0x0e_4d00;

/** P6: a destroy, also one that is killed and repeated, releases each port that the stack holds, and no other. */
export async function destroyed(world: ChaosWorld): Promise<string[]> {
  const { control } = world.project.emulator;
  const live = (): string[] => control.ports().map(({ id }) => id);
  const held = heldIds(stateOf(world).ports);
  const others = live().filter((id) => !held.has(id));
  await world.pulumi(["state", "unprotect", "--all", "--yes", "-s", "dev"]);
  const kill = killIn(world.plan.seed);
  if (kill) {
    control.addFault(kill.rule);
    await world.cli(["destroy", "--skip-preview"], world.striker(kill));
    control.clearFaults();
    await world.settled();
    await world.cli(["cancel"]);
  }
  const { code, output } = await world.cli(["destroy", "--skip-preview"]);
  if (code !== 0) return [`P6: the stack is not destroyed:\n${output}`];
  const left = live();
  return [
    ...left.filter((id) => held.has(id)).map((id) => `P6: port ${id} is still there after the destroy:\n${output}`),
    ...others.filter((id) => !left.includes(id)).map((id) => `P6: port ${id} went with a stack that did not hold it`),
  ];
}

function killIn(seed: number): Kill | undefined {
  const dice = new Dice(seed ^ APART);
  const who = dice.pick(VICTIMS);
  const rule = { method: "DELETE", path: "/ports/*", after: dice.integer(0, 3), times: 1, latencyMs: 1_500 };
  return dice.chance(0.5) ? { who, moment: "slow", rule, delayMs: dice.integer(0, 50) } : undefined;
}
