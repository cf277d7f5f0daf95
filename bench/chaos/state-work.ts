import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stateFile } from "../world-clock";
import { isNarrow } from "./aims";
import { FLEET, isOfFleet } from "./fleet";
import { type Step } from "./plan";
import { type HeldResource, stateOf } from "./state";
import { type Tally } from "./tally";
import { type ChaosWorld } from "./world";

const SETTINGS = ["", "-rotation", "-login", "-os"];
/** The stack to which resources are moved. It never runs. */
export const OTHER = "other";

/** What a person does to the state before a run, and what befalls this machine. */
export async function workOnState(world: ChaosWorld, step: Step, index: number, tally: Tally): Promise<void> {
  if (step.rename) await rename(world, step.rename, index, tally);
  if (step.move !== undefined) await move(world, step.move, tally);
  await unprotect(world, step);
  if (step.forced?.how === "taint") {
    const urn = urnOf(world, step.forced.name);
    if (urn !== undefined) await done(world, tally, "tainted", ["state", "taint", urn, "--yes", "-s", "dev"]);
  }
  if (step.losesJournal) {
    world.losses.push({ step: index, pending: isNarrow(step) ? [] : pendingIn(world, step) });
    rmSync(join(world.project.folder, "state", "journal"), { recursive: true, force: true });
    tally.count("others", "journal lost");
  }
}

/**
 * Names of what the step's run can still see of the runs before. The first run with a host makes its provider, and with
 * that the engine forgets of what it was updating, unless a refresh goes before (docs/hosts.md).
 */
function pendingIn(world: ChaosWorld, { host, command }: Step): string[] {
  const { pending, hosts } = stateOf(world);
  const forgets = command[0] === "up" && !command.includes("--refresh") && !hosts.includes(host);
  return pending.filter(({ type }) => !forgets || type === "creating").map(({ name }) => name);
}

export const urnOf = (world: ChaosWorld, name: string): string | undefined => of(world, name)[0]?.urn;

/** A port's own resources, the port first. */
function of(world: ChaosWorld, name: string): HeldResource[] {
  const { resources } = stateOf(world);
  return SETTINGS.flatMap((suffix) => resources.filter((one) => one.name === `${name}${suffix}`));
}

async function rename(
  world: ChaosWorld,
  { from, to }: NonNullable<Step["rename"]>,
  index: number,
  tally: Tally,
): Promise<void> {
  const held = of(world, from);
  // What a run that was broken off bought under the old name is nobody's now (docs/guides/rename.md).
  if (held[0]?.name !== from || !world.endedWell) {
    await world.settled();
    world.note(index - 1);
    world.plan.undone.push({ name: to, step: index - 1 });
  }
  for (const { urn, name } of held) {
    const renamed = name.replace(from, to);
    await done(world, tally, "renamed", ["state", "rename", urn, renamed, "--yes", "-s", "dev"]);
  }
}

/** What a run that was broken off had bought must settle first: the next one would take a port up that has been moved. */
async function move(world: ChaosWorld, name: string, tally: Tally): Promise<void> {
  const urns = of(world, name).map(({ urn }) => urn);
  if (urns.length === 0 || !world.endedWell) return;
  if (!existsSync(stateFile(world.project, OTHER))) await world.project.pulumi(["stack", "init", OTHER]);
  await done(world, tally, "moved", ["state", "move", "--source", "dev", "--dest", OTHER, "--yes", ...urns]);
}

/** The engine deletes and replaces nothing that is protected: what the program does not protect now is set free. */
async function unprotect(world: ChaosWorld, { declared }: Step): Promise<void> {
  const kept = new Set(declared.filter(({ options }) => options?.protect).map(({ name }) => name));
  const urns = stateOf(world)
    .resources.filter(({ name, protected: is }) => is && !kept.has(isOfFleet(name) ? FLEET : name))
    .map(({ urn }) => urn);
  if (urns.length > 0) await world.pulumi(["state", "unprotect", ...urns, "--yes", "-s", "dev"]);
}

async function done(world: ChaosWorld, tally: Tally, kind: string, args: string[]): Promise<void> {
  const { code } = await world.pulumi(args);
  tally.count("others", code === 0 ? kind : `not ${kind}`);
}
