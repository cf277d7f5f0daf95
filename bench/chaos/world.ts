import { join } from "node:path";
import { urnUnder } from "../../domain/urn";
import { Project } from "../../tests/engine/project";
import { targetOf, useKeyOf } from "./aims";
import { DEADLINE, type Ended, runCli } from "./cli";
import { settle } from "./hosts";
import { type Kill, strikeDown } from "./kills";
import { type Plan, type Step } from "./plan";
import { below, endLeftovers, isProvider, type Row, stillRunning } from "./processes";
import { Secrets } from "./secrets";
import { stateOf } from "./state";
import { urnOf, workOnState } from "./state-work";
import { type Tally } from "./tally";

/** Of an order that is carried out although nobody waits for it any more, in ms. */
const LONGEST_LATENCY = 2_000;

/**
 * How long what a kill left may take to end, in ms. One of Pulumi's processes that was not asked anything yet, and so
 * has loaded nothing of ours, never ends by itself.
 */
const SETTLES = 90_000;

/** A command that did not end in time. */
export class Stuck extends Error {}

/** One run's project, with what the campaign does to it and notes of it. */
export class ChaosWorld {
  readonly secrets: Secrets;
  /** Everything that any CLI has said, in order. */
  readonly outputs: string[] = [];
  /** The step in which each port was first seen in the emulator's ledger. */
  readonly boughtIn = new Map<string, number>();
  /** When what this machine knew of purchases was lost, and for which resources the state still had one. */
  readonly losses: { step: number; pending: string[] }[] = [];
  /** Whether the last run did. */
  endedWell = false;
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
    settle(this, step.host, this.tally);
    if (step.advance ?? step.losesJournal) await this.settled();
    if (step.advance) control.clock.advance(step.advance);
    await workOnState(this, step, index, this.tally);
    if (step.behind) this.byHand(step.behind);
    if (step.full) this.fill();
    if (step.kill) control.addFault(step.kill.rule);
    for (const { rule } of step.faults) control.addFault(rule);
    if (step.foreign && !step.foreign.during) this.buy(step.foreign);
    const before = control.purchases().length;
    let foreign = step.foreign?.during ? step.foreign : undefined;
    const strike = this.striker(step.kill);
    const keyAsBefore = useKeyOf(this, step, this.tally);
    const run = await this.run(this.commandOf(step), (cli) => {
      if (foreign && control.purchases().length > before) foreign = this.buy(foreign);
      strike(cli);
    });
    keyAsBefore();
    this.count(step);
    control.clearFaults();
    if (step.full) control.configure({ slots: this.plan.slots });
    this.note(index);
    this.endedWell = run.code === 0;
    if (run.code !== 0) await this.cli(["cancel"]);
  }

  private commandOf(step: Step): string[] {
    const { command, inline, forced, host, aim } = step;
    const [verb, ...options] = command.filter((one) => one !== "--skip-preview");
    const urn = verb === "up" && forced?.how === "replace" ? urnOf(this, forced.name) : undefined;
    // As the program is about to declare it.
    const aimed = [
      ...targetOf(this, step, this.tally),
      ...(urn === undefined ? [] : ["--replace", urnUnder(host, urn)]),
    ];
    if (urn !== undefined) this.tally.count("others", "replaced by --replace");
    if (inline && verb === "up") {
      this.tally.count("others", "inline program");
      return ["node", join(__dirname, "inline.js"), ...options, ...aimed];
    }
    const preview = aim.preview ? [] : ["--skip-preview"];
    const always = ["--yes", "--non-interactive", "--color", "never", "-s", "dev"];
    return ["pulumi", verb as string, ...options, ...preview, ...aimed, ...always];
  }

  /** A run of the CLI on the stack, to whatever end; `tick` sees its process. */
  cli(args: string[], tick?: (pid: number) => void): Promise<Ended> {
    const yes = args[0] === "preview" ? [] : ["--yes"];
    return this.pulumi([...args, ...yes, "-s", "dev"], tick);
  }

  /** Any command of the CLI. */
  pulumi(args: string[], tick?: (pid: number) => void): Promise<Ended> {
    return this.run(["pulumi", ...args, "--non-interactive", "--color", "never"], tick);
  }

  private async run(command: string[], tick?: (pid: number) => void): Promise<Ended> {
    const ended = await runCli(this.project, command, tick);
    const { code, output, stuck, halfState } = ended;
    if (halfState) this.tally.count("others", "half a state, put back");
    this.outputs.push(`$ ${command.join(" ")} (${code})\n${output}`);
    this.secrets.learn();
    if (!stuck) return ended;
    this.started.push(...stuck);
    throw new Stuck(`${command.join(" ")} did not end in ${DEADLINE / 1_000} s:\n${output}`);
  }

  /** By the ledger; a purchase that a surviving provider ends later counts for the step that sees it. */
  note(step: number): void {
    for (const { portId } of this.project.emulator.control.purchases())
      if (!this.boughtIn.has(portId)) this.boughtIn.set(portId, step);
  }

  /**
   * Waits for what an earlier kill left under way: a provider that outlives its CLI, an order at the vendor's. Days do not
   * pass while an order is on its way.
   */
  async settled(): Promise<void> {
    const deadline = Date.now() + SETTLES;
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

  /** No slot is free, until the step is over. */
  private fill(): void {
    const { control } = this.project.emulator;
    const used = (slotType: string): number => control.ports().filter((port) => port.slotType === slotType).length;
    control.configure({ slots: { shared: used("shared"), private: used("private") } });
    this.tally.count("others", "account full");
  }

  private byHand({ name, edit }: NonNullable<Step["behind"]>): void {
    const { control } = this.project.emulator;
    const id = stateOf(this).ports.find((port) => port.name === name)?.id;
    if (id === undefined || !control.port(id)) return;
    try {
      if (edit) control.editPort(id, edit);
      else control.removePort(id);
      this.tally.count("others", edit ? "edited by hand" : "deleted by hand");
    } catch {
      this.tally.count("others", "not editable by hand");
    }
  }

  /** Kills once the first fault of the emulator has struck, which is the kill's own; is called again and again. */
  striker(kill: Kill | undefined): (cli: number) => void {
    let left = kill;
    return (cli) => {
      if (left && this.struck(left)) left = this.kill(left, cli);
    };
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
