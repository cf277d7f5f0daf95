import { disownCommand } from "../../cli/commands/disown";
import { type Ended } from "./cli";
import { fleetIn } from "./fleet";
import { settle } from "./hosts";
import { commandEnvironment } from "./promises";
import { stateOf } from "./state";
import { type Tally } from "./tally";
import { type ChaosWorld } from "./world";

/** Runs that a fleet may need after the first, where it renews its members in turn. */
const MOST_IN_TURN = 7;
/**
 * A refresh takes the key of the state, which may be one of another account: so the error says. And Pulumi cannot refresh
 * what has moved by half to the dynamic host, as the failed run has said.
 */
const NO_REFRESH = /run `pulumi up` first, without a refresh|code must be a string, not undefined/;
const ROOM = { slots: { shared: 200, private: 100 } };

/** P4: ends the faults and runs as a person would. Gives what is broken. */
export async function converge(world: ChaosWorld, tally: Tally): Promise<string[]> {
  const { control } = world.project.emulator;
  control.clearFaults();
  control.configure(ROOM);
  await world.cli(["cancel"]);
  settle(world, world.plan.lastHost, tally);
  const ups: string[] = [];
  for (let up = 1; up <= 3; up += 1) {
    let { code, output } = await world.cli(["up", "--refresh", "--skip-preview"]);
    if (NO_REFRESH.test(output)) {
      await world.cli(["up", "--skip-preview"]);
      ({ code, output } = await world.cli(["up", "--refresh", "--skip-preview"]));
    }
    world.note(world.plan.steps.length);
    ups.push(output);
    if (code !== 0) await world.cli(["cancel"]);
    if (code === 0) {
      const { pending, ports } = stateOf(world);
      if (pending.length > 0) await world.cli(["refresh", "--clear-pending-creates", "--skip-preview"]);
      // Ports of before a renewal are released by the run after it, and a fleet renews some at a time.
      const due = ports.some(({ retiring }) => retiring.length > 0);
      let preview: Ended | undefined;
      for (let more = due ? 1 : 0; ; more += 1) {
        if (more > 0) await world.cli(["up", "--skip-preview"]);
        preview = await world.cli(["preview", "--refresh", "--expect-no-changes", "--diff"]);
        if (preview.code === 0) return [];
        if (!fleetIn(world.plan.steps.at(-1)?.declared ?? []) || more > MOST_IN_TURN) break;
      }
      ups.push(preview.output);
    }
    // A third is for those who have followed the advice of an error.
    const followed = up > 1 && (await follow(world, output, tally));
    if (up > 1 && !followed) break;
  }
  return [`P4: not converged after two ups:\n${ups.join("\n--\n")}`];
}

/**
 * Where an error names ports that fit, a person knows which are theirs: here the ledger does. Only with unique leases
 * it says for which Port each was bought. Returns whether there was something to do.
 */
async function follow(world: ChaosWorld, output: string, tally: Tally): Promise<boolean> {
  if (!/new ports? fit/.test(output)) return false;
  const adopted = await adopt(world, output);
  const disowned = await disown(world, output);
  if (adopted) tally.count("others", "adopted as an error advised");
  if (disowned) tally.count("others", "disowned as an error advised");
  return adopted || disowned;
}

async function adopt(world: ChaosWorld, output: string): Promise<boolean> {
  const { plan, project } = world;
  const held = stateOf(world).ports.map(({ name }) => name);
  const purchases = project.emulator.control.purchases();
  let adopted = false;
  const declared = (plan.steps.at(-1)?.declared ?? []).map((resource) => {
    if (resource.type !== "Port" || held.includes(resource.name)) return resource;
    const bought = purchases.find(
      ({ boughtBy, deletedAt, portId, order }) =>
        boughtBy === "api" &&
        deletedAt === undefined &&
        output.includes(portId) &&
        order.leaseSeconds === resource.args.expiresIn,
    );
    if (!bought) return resource;
    adopted = true;
    return { ...resource, options: { import: bought.portId } };
  });
  if (adopted) project.declare(...declared);
  return adopted;
}

/** By the command that the error names, for the ports that somebody else bought. */
async function disown({ project, outputs }: ChaosWorld, output: string): Promise<boolean> {
  const named = new Set(
    [...output.matchAll(/npx proxies-sx disown ([0-9a-f ]+)/g)].flatMap(([, ids]) => ids?.split(" ")),
  );
  const theirs = project.emulator.control
    .purchases()
    .filter(({ boughtBy, portId }) => boughtBy === "control" && named.has(portId));
  if (theirs.length === 0) return false;
  const said = (text: string): void => void outputs.push(text);
  const code = await disownCommand(
    theirs.map(({ portId }) => portId),
    { env: commandEnvironment(project), out: said, err: said, hide: () => undefined, input: async () => "" },
  );
  return code === 0;
}
