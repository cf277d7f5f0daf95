import { type WirePort } from "../../emulator";
import { orphansCommand } from "../../cli/commands/orphans";
import { heldIds, type HeldPort, stateOf } from "./state";
import { boughtElsewhere } from "./aims";
import { FLEET, fleetIn, isForFleet, isMember } from "./fleet";
import { OTHER } from "./state-work";
import { type Tally } from "./tally";
import { type ChaosWorld } from "./world";

/** Compares the emulator's ledger with the states, once all is over. Gives what is broken of P1, P2 and P3. */
export async function broken(world: ChaosWorld, tally: Tally): Promise<string[]> {
  const { ports } = stateOf(world);
  const moved = stateOf(world, OTHER).ports;
  const held = [...ports, ...moved];
  const ids = heldIds(held);
  const live = world.project.emulator.control.ports();
  const orphans = await orphansOf(world, moved.length > 0 ? ["dev", OTHER] : ["dev"]);
  return [
    ...declaredOnce(world, ports, live),
    ...heldOnce(held),
    ...boughtOnce(world, ids, live, tally),
    ...live
      .filter(({ id }) => !ids.has(id) && !orphans.named.includes(id))
      .map(({ id }) => `P2: live port ${id} is in no state, and orphans does not name it:\n${orphans.output}`),
    ...foreignHeld(world, held, live, tally),
    ...boughtElsewhere(world),
    ...world.secrets.leaks([...world.outputs, `$ proxies-sx orphans\n${orphans.output}`]),
  ];
}

/** Each declared Port holds a live port of its own, and nothing else is held. */
function declaredOnce({ plan }: ChaosWorld, held: HeldPort[], live: WirePort[]): string[] {
  const declared = plan.steps.at(-1)?.declared ?? [];
  const members = held.filter(({ name }) => isMember(name)).map(({ name }) => name);
  const names = [...declared.filter(({ type }) => type === "Port").map(({ name }) => name), ...new Set(members)];
  const found: string[] = [];
  const size = fleetIn(declared)?.size ?? 0;
  if (members.length !== size) found.push(`P1: the state holds ${members.length} members of a fleet of ${size}`);
  for (const name of names) {
    const own = held.filter((port) => port.name === name);
    if (own.length !== 1) found.push(`P1: the state holds ${own.length} ports for ${name}`);
    for (const { id } of own) if (!live.some((port) => port.id === id)) found.push(`P4: ${name} holds ${id}, not live`);
  }
  const strange = held.filter(({ name }) => !names.includes(name));
  return [
    ...found,
    ...strange.map(({ name, id }) => `P4: the state holds ${id} for ${name}, which is declared no more`),
  ];
}

/** No port serves two resources, or serves one and retires for another. */
function heldOnce(held: readonly HeldPort[]): string[] {
  const owners = new Map<string, string>();
  return held.flatMap(({ name, id, retiring }) =>
    [id, ...retiring].flatMap((one) => {
      const other = owners.get(one);
      owners.set(one, name);
      return other === undefined ? [] : [`P1: port ${one} is held for ${name} and for ${other}`];
    }),
  );
}

/**
 * What we bought, serves still and no state holds, unless its Port was changed since so that it is wanted no more. A
 * lease that ended before the run that could take it up is no second port. On another machine only what the state holds
 * of can be taken up: a provider that is killed alone leaves nothing there.
 */
function boughtOnce(world: ChaosWorld, held: Set<string>, live: WirePort[], tally: Tally): string[] {
  const { plan, boughtIn, project } = world;
  const { control } = project.emulator;
  const serving = live.filter(({ expiresAt }) => expiresAt > control.clock.now().getTime());
  const ours = control
    .purchases()
    .filter(({ boughtBy, portId }) => boughtBy === "api" && serving.some(({ id }) => id === portId));
  return ours.flatMap(({ portId, order }) => {
    if (held.has(portId)) return [];
    const step = boughtIn.get(portId) ?? 0;
    const name = isForFleet(order.leaseSeconds) ? FLEET : plan.program.names.get(order.leaseSeconds);
    if (name !== undefined && plan.undone.some((one) => one.name === name && one.step >= step)) {
      tally.count("others", "orphan of a Port that was changed since");
      return [];
    }
    const loss = world.losses.find((one) => one.step >= step);
    if (loss && (name === undefined || !loss.pending.includes(name))) {
      tally.count("others", "orphan of a lost journal, of which the state has nothing");
      return [];
    }
    return [`P1: port ${portId} (${JSON.stringify(order)}, bought in step ${step} for ${name ?? "?"}) is held by none`];
  });
}

/** A port of somebody else in our state: broken where the order would have distinguished them. */
function foreignHeld({ plan, project }: ChaosWorld, held: HeldPort[], live: WirePort[], tally: Tally): string[] {
  const declared = plan.steps.at(-1)?.declared ?? [];
  return project.emulator.control
    .purchases()
    .filter(({ boughtBy, portId }) => boughtBy === "control" && held.some(({ id }) => id === portId))
    .map(({ portId, order }) => {
      tally.count("others", "port of somebody else in our state");
      const { name } = held.find(({ id }) => id === portId) as HeldPort;
      const own = declared.find((resource) => resource.name === name)?.args;
      const port = live.find(({ id }) => id === portId);
      return `P2: ${name} (${JSON.stringify(own)}) holds ${portId}, which somebody else bought: ${JSON.stringify(order)}, made ${port?.createdAt}`;
    });
}

/** In which a person calls `proxies-sx`. */
export const commandEnvironment = ({ emulator, env }: ChaosWorld["project"]): NodeJS.ProcessEnv => ({
  ...env,
  PROXIES_API_KEY: emulator.apiKey,
  PROXIES_API_URL: emulator.url,
});

async function orphansOf({ project }: ChaosWorld, stacks: string[]): Promise<{ output: string; named: string[] }> {
  let output = "";
  let report = "";
  const said = (text: string) => (output += `${text}\n`);
  await orphansCommand(
    [...stacks.flatMap((stack) => ["--stack", stack]), "--cwd", project.program, "--env", "--json"],
    {
      env: commandEnvironment(project),
      out: (text) => (said(text), (report += text)),
      err: said,
      hide: () => undefined,
      input: async () => "",
    },
  );
  const { orphans, referenced } = JSON.parse(report || '{"orphans":[],"referenced":[]}') as Record<
    "orphans" | "referenced",
    { id: string }[]
  >;
  return { output, named: [...orphans, ...referenced].map(({ id }) => id) };
}
