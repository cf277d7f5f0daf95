import { type Declared } from "../../tests/engine/project";
import { type Host } from "../../domain/kinds";
import { type PortEdit, type Quirks } from "../../emulator";
import { type Aim, aimOf, diceOfAims } from "./aims";
import { Dice } from "./dice";
import { type Fault, randomFault } from "./faults";
import { Fleet, FLEET } from "./fleet";
import { hostsOf } from "./hosts";
import { type Kill, randomKill } from "./kills";
import { FINGERPRINTS, otherOrder, Program } from "./program";

/** What one step does: all of it follows from the seed. */
export interface Step {
  told: string[];
  declared: Declared[];
  advance?: string;
  /** Somebody else buys: before the command, or as soon as it has bought something. */
  foreign?: { order: ReturnType<typeof otherOrder>; during: boolean };
  /** A port of the program changed or deleted by hand. */
  behind?: { name: string; edit?: PortEdit };
  /** `pulumi state rename`, of the port and its settings. */
  rename?: { from: string; to: string };
  /** `pulumi state move` to another stack; the program goes on declaring it. */
  move?: string;
  /** Tainted, or named to `--replace`. */
  forced?: { name: string; how: "taint" | "replace" };
  /** Another machine: what this one knew of purchases is not there. */
  losesJournal?: boolean;
  /** The account has no slot free. */
  full?: boolean;
  faults: Fault[];
  kill?: Kill;
  /** Arguments of the CLI, or of the Automation API's `up` for an inline program. */
  command: string[];
  inline: boolean;
  host: Host;
  aim: Aim;
}

export interface Plan {
  seed: number;
  slots: { shared: number; private: number };
  quirks: Partial<Quirks>;
  program: Program;
  steps: Step[];
  /** With which the last runs end all. */
  lastHost: Host;
  /** Steps in which a port changed so that an earlier purchase for it may be wanted no more. */
  undone: { name: string; step: number }[];
}

export const BY_HAND = "chaos-by-hand-password";

/** @param only the host of all steps; without it each draws its own */
export function makePlan(seed: number, count: number, only?: Host): Plan {
  const hosts = hostsOf(seed, count + 1, only);
  const dice = new Dice(seed);
  const aims = diceOfAims(seed);
  const fleet = new Fleet(seed);
  const program = new Program(dice, dice.chance(0.7));
  const undone: Plan["undone"] = [];
  const steps: Step[] = [];
  const ports = dice.integer(3, 12);
  for (let step = 0; step < count; step += 1) {
    const told: string[] = [];
    if (step === 0) for (let made = 0; made < ports; made += 1) told.push(`add ${program.add()}`);
    else
      for (let changes = dice.integer(0, 4); changes > 0; changes -= 1) {
        const change = program.change();
        told.push(change.told);
        if (change.undone !== undefined) undone.push({ name: change.undone, step });
      }
    if (step > 0) {
      const { told: ofFleet, undone: smaller } = fleet.change();
      told.push(...ofFleet);
      if (smaller) undone.push({ name: FLEET, step });
    }
    const rename = step > 0 && program.uniqueLeases && dice.chance(0.2) ? renamed(dice, program) : undefined;
    for (const one of undone) if (one.name === rename?.from) one.name = rename.to;
    const names = [...program.ports.keys()];
    const state = step > 0 && names.length > 0 ? stateEvents(dice, program) : {};
    if (state.forced) program.letReplace(state.forced.name);
    const declared = [...structuredClone(program.declared()), ...fleet.declared()];
    for (const name of [state.move, state.forced?.name]) if (name !== undefined) undone.push({ name, step: step - 1 });
    const [host, aim] = [hosts[step] as Host, aimOf(aims, [...names, ...fleet.members], step === 0)];
    steps.push({ told, declared, ...(rename && { rename }), ...state, ...events(dice, names, step), host, aim });
  }
  const tight = dice.chance(0.3);
  return {
    seed,
    slots: tight ? { shared: ports + 1, private: 4 } : { shared: 60, private: 40 },
    quirks: {
      sparseCreate: dice.chance(0.4),
      listPaged: dice.chance(0.3),
      createWrapped: dice.chance(0.2),
      deletedVisible: dice.chance(0.2),
      deleteEmpty: dice.chance(0.2),
    },
    program,
    steps,
    lastHost: hosts[count] as Host,
    undone,
  };
}

function renamed(dice: Dice, program: Program): Step["rename"] {
  const names = [...program.ports.keys()];
  if (names.length === 0) return undefined;
  const from = dice.pick(names);
  return { from, to: program.rename(from) };
}

/** What a person does to the state. */
function stateEvents(dice: Dice, program: Program): Pick<Step, "move" | "forced"> {
  const names = [...program.ports.keys()];
  const how = dice.pick(["taint", "replace"] as const);
  return {
    ...(dice.chance(0.12) && { move: dice.pick(names) }),
    ...(dice.chance(0.25) && { forced: { name: dice.pick(names), how } }),
  };
}

function events(
  dice: Dice,
  names: string[],
  step: number,
): Omit<Step, "told" | "declared" | "rename" | "move" | "forced" | "host" | "aim"> {
  const later = step > 0;
  const first = ["up", "--skip-preview"];
  const command = dice.pick([
    first,
    first,
    first,
    ["up", "--refresh", "--skip-preview"],
    ["refresh", "--skip-preview"],
  ]);
  return {
    ...(later && dice.chance(0.5) && { advance: dice.pick(["55m", "7h", "22h", "6d16h", "28d", "40d"]) }),
    ...(dice.chance(0.25) && { foreign: { order: otherOrder(dice), during: dice.chance(0.6) } }),
    ...(later && names.length > 0 && dice.chance(0.25) && { behind: byHand(dice, dice.pick(names)) }),
    ...(later && dice.chance(0.2) && { losesJournal: true }),
    ...(later && dice.chance(0.15) && { full: true }),
    faults: Array.from({ length: dice.integer(0, 4) }, () => randomFault(dice)),
    ...(dice.chance(0.45) && { kill: randomKill(dice) }),
    command: later ? command : first,
    inline: dice.chance(0.25),
  };
}

function byHand(dice: Dice, name: string): Step["behind"] {
  const edits: (PortEdit | undefined)[] = [
    undefined,
    { country: dice.pick(["DE", "GB"]) },
    { proxyPassword: BY_HAND },
    { osFingerprint: dice.pick(FINGERPRINTS) },
    { rotationSettings: { enabled: false, intervalSeconds: 7_200 } },
  ];
  const edit = dice.pick(edits);
  return { name, ...(edit && { edit }) };
}
