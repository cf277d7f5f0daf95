import { type Declared } from "../../tests/engine/project";
import { type PortEdit, type Quirks } from "../../emulator";
import { Dice } from "./dice";
import { type Fault, randomFault } from "./faults";
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
  faults: Fault[];
  kill?: Kill;
  command: string[];
}

export interface Plan {
  seed: number;
  slots: { shared: number; private: number };
  quirks: Partial<Quirks>;
  program: Program;
  steps: Step[];
  /** Steps in which a port changed so that an earlier purchase for it may be wanted no more. */
  undone: { name: string; step: number }[];
}

export const BY_HAND = "chaos-by-hand-password";

export function makePlan(seed: number, count: number): Plan {
  const dice = new Dice(seed);
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
    const declared = structuredClone(program.declared());
    steps.push({ told, declared, ...events(dice, [...program.ports.keys()], step) });
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
    undone,
  };
}

function events(dice: Dice, names: string[], step: number): Omit<Step, "told" | "declared"> {
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
    ...(later && dice.chance(0.5) && { advance: dice.pick(["2h", "20h", "3d", "8d", "40d"]) }),
    ...(dice.chance(0.25) && { foreign: { order: otherOrder(dice), during: dice.chance(0.6) } }),
    ...(later && names.length > 0 && dice.chance(0.25) && { behind: byHand(dice, dice.pick(names)) }),
    faults: Array.from({ length: dice.integer(0, 4) }, () => randomFault(dice)),
    ...(dice.chance(0.45) && { kill: randomKill(dice) }),
    command: later ? command : first,
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
