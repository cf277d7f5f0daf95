import { spawn } from "node:child_process";
import { Project } from "../../tests/engine/project";
import { type Kill, strikeDown } from "./kills";
import { type Plan, type Step } from "./plan";
import { below, endLeftovers, isProvider, type Row, stillRunning } from "./processes";
import { Secrets } from "./secrets";
import { type Tally } from "./tally";

const TICK = 20;
/** Longer than any command has a reason to take here: the client gives a call up after two minutes. */
const DEADLINE = 180_000;

/** Of an order that is carried out although nobody waits for it any more, in ms. */
const LONGEST_LATENCY = 2_000;

/** A command that did not end in time. */
export class Stuck extends Error {}

/** One run's project, with what the campaign does to it and notes of it. */
export class ChaosWorld {
  readonly secrets: Secrets;
  /** Everything that any CLI has said, in order. */
  readonly outputs: string[] = [];
  /** The step in which each port was first seen in the emulator's ledger. */
  readonly boughtIn = new Map<string, number>();
  private readonly started: Row[] = [];

  private constructor(
    readonly project: Project,
    readonly plan: Plan,
    private readonly tally: Tally,
  ) {
    this.secrets = new Secrets(project, plan.program.passwords);
  }

  static async open(plan: Plan, tally: Tally): Promise<ChaosWorld> {
    const project = await Project.open({
      seed: plan.seed,
      config: { slots: plan.slots, devicesPerCarrier: { shared: 200, private: 100 } },
    });
    project.emulator.control.setQuirks(plan.quirks);
    return new ChaosWorld(project, plan, tally);
  }

  async close(): Promise<void> {
    endLeftovers(this.started);
    await this.project.close();
  }

  async step(step: Step, index: number): Promise<void> {
    const { control } = this.project.emulator;
    this.project.declare(...step.declared);
    if (step.advance) {
      await this.settled();
      control.clock.advance(step.advance);
    }
    if (step.behind) await this.byHand(step.behind);
    if (step.kill) control.addFault(step.kill.rule);
    for (const { rule } of step.faults) control.addFault(rule);
    if (step.foreign && !step.foreign.during) this.buy(step.foreign);
    const before = control.purchases().length;
    let foreign = step.foreign?.during ? step.foreign : undefined;
    let kill = step.kill;
    const run = await this.cli([...step.command, "--yes"], (cli) => {
      if (foreign && control.purchases().length > before) foreign = this.buy(foreign);
      if (kill && this.struck(kill)) kill = this.kill(kill, cli);
    });
    this.mendState();
    this.count(step);
    control.clearFaults();
    this.note(index);
    if (run.code !== 0) await this.cli(["cancel", "--yes"]);
  }

  /** A run of the CLI to whatever end; `tick` sees its number. */
  async cli(args: string[], tick: (cli: number) => void = () => undefined): Promise<{ code: number; output: string }> {
    const all = [...args, "--non-interactive", "--color", "never", "-s", "dev"];
    const { program, env } = this.project;
    const child = spawn("pulumi", all, { cwd: program, env, stdio: ["ignore", "pipe", "pipe"] });
    const pid = child.pid as number;
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const timer = setInterval(() => tick(pid), TICK);
    let stuck = false;
    const deadline = setTimeout(() => {
      stuck = true;
      this.started.push(...below(pid));
      child.kill("SIGKILL");
    }, DEADLINE);
    // Not "close": what outlives a killed CLI holds its pipes.
    const code = await new Promise<number>((resolve) => child.on("exit", (ended) => resolve(ended ?? 137)));
    clearInterval(timer);
    clearTimeout(deadline);
    await new Promise((resolve) => setTimeout(resolve, TICK));
    this.outputs.push(`$ pulumi ${args.join(" ")} (${code})\n${output}`);
    this.secrets.learn();
    if (stuck) throw new Stuck(`pulumi ${args.join(" ")} did not end in ${DEADLINE / 1_000} s:\n${output}`);
    return { code, output };
  }

  /** By the ledger; a purchase that a surviving provider ends later counts for the step that sees it. */
  note(step: number): void {
    for (const { portId } of this.project.emulator.control.purchases())
      if (!this.boughtIn.has(portId)) this.boughtIn.set(portId, step);
  }

  mendState(): void {
    if (this.project.mendState()) this.tally.count("others", "half a state, put back");
  }

  /**
   * Waits for what an earlier kill left under way: a provider that outlives its CLI, an order at the vendor's. Days do not
   * pass while an order is on its way.
   */
  private async settled(): Promise<void> {
    const deadline = Date.now() + DEADLINE;
    await new Promise((resolve) => setTimeout(resolve, LONGEST_LATENCY));
    while (stillRunning(this.started.filter(isProvider)).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 200));
  }

  private buy({ order }: NonNullable<Step["foreign"]>): undefined {
    try {
      this.project.emulator.control.buyPort(order);
      this.tally.count("others", "bought by somebody else");
    } catch {
      this.tally.count("others", "no slot for somebody else");
    }
  }

  private async byHand({ name, edit }: NonNullable<Step["behind"]>): Promise<void> {
    const { control } = this.project.emulator;
    const id = await this.project.id(name).catch(() => undefined);
    if (id === undefined || !control.port(id)) return;
    try {
      if (edit) control.editPort(id, edit);
      else control.removePort(id);
      this.tally.count("others", edit ? "edited by hand" : "deleted by hand");
    } catch {
      this.tally.count("others", "not editable by hand");
    }
  }

  private struck({ rule }: Kill): boolean {
    return this.project.emulator.control.faults()[0]?.struck === 1 && rule.times === 1;
  }

  private kill({ who, moment, delayMs }: Kill, cli: number): undefined {
    setTimeout(() => {
      const rows = below(cli);
      this.started.push(...rows);
      this.secrets.sawArguments(rows.map(({ args }) => args));
      if (strikeDown(who, cli)) this.tally.count("kills", `${who}, ${moment}`);
    }, delayMs);
  }

  private count(step: Step): void {
    const struck = this.project.emulator.control.faults().map((fault) => fault.struck);
    const own = step.kill ? struck.slice(1) : struck;
    for (const [index, times] of own.entries()) this.tally.count("faults", step.faults[index]?.kind ?? "?", times);
  }
}
