import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Project } from "../../tests/engine/project";
import { type Ended, runCli } from "../chaos/cli";
import { strikeDown } from "../chaos/kills";
import { below, endLeftovers, isProvider, type Row, stillRunning } from "../chaos/processes";
import { type Disturbance } from "./disturbances";

const DAY = 86_400;

export interface YearPlan {
  size: number;
  slots: number;
  /** Seconds between two runs. */
  everySeconds: number;
  seed: number;
}

/** Most renewals of a run, by the fleet's bound. */
export const boundOf = ({ size }: YearPlan): number => Math.ceil(size / 8);

/** A fleet whose leases survive two failed runs in a row (docs/renewal.md), protected, with all that may be set. */
function fleetOf(plan: YearPlan): object {
  return {
    args: {
      size: plan.size,
      locations: [{ country: "DE", weight: 3 }, { country: "GB" }],
      lease: {
        expiresIn: "30d",
        renewBefore: 3 * plan.everySeconds + 3_600,
        stagger: 10 * DAY,
        maxRenewalsPerUpdate: boundOf(plan),
        runEvery: plan.everySeconds,
      },
      rotation: { intervalSeconds: 1_800 },
      credentials: { proxyLogin: "team-a", proxyPassword: "a-password-of-the-year" },
      osFingerprint: "windows:1",
    },
    options: { protect: true },
  };
}

/** The fleet's stack, with an emulator whose clock is advanced. */
export class YearFleet {
  private readonly started: Row[] = [];

  private constructor(readonly project: Project) {}

  static async open(plan: YearPlan): Promise<YearFleet> {
    const config = {
      slots: { shared: plan.slots, private: 0 },
      devicesPerCarrier: { shared: 2 * plan.size, private: 0 },
      subscriptionDays: 4_000,
    };
    const project = await Project.open({ seed: plan.seed, config }, join(__dirname, "../../tests/engine/fleet.js"));
    writeFileSync(join(project.program, "fleets.json"), JSON.stringify({ scraper: fleetOf(plan) }));
    return new YearFleet(project);
  }

  async close(): Promise<void> {
    endLeftovers(this.started);
    await this.project.close();
  }

  /** `pulumi up`, and what a person does after one that was broken off. Reports whether the disturbance struck. */
  async up(disturbance?: Disturbance, refresh = false): Promise<Ended & { struck: boolean }> {
    const { control } = this.project.emulator;
    if (disturbance) control.addFault(disturbance.rule);
    let kill = disturbance?.kill;
    const ended = await this.cli(
      ["up", ...(refresh ? ["--refresh", "--run-program"] : []), "--skip-preview"],
      (cli) => {
        if (kill && control.faults()[0]?.struck === 1) kill = this.kill(kill, cli);
      },
    );
    const struck = (control.faults()[0]?.struck ?? 0) > 0;
    control.clearFaults();
    control.clearRequests();
    if (ended.code !== 0) {
      await this.survivorsEnd();
      await this.project.pulumi(["cancel", "--yes"], true);
    }
    for (const kept of ["history", "backups"]) {
      rmSync(join(this.project.folder, "state", ".pulumi", kept), { recursive: true, force: true });
    }
    return { ...ended, struck };
  }

  private async cli(args: string[], tick: (cli: number) => void): Promise<Ended> {
    const rest = ["--yes", "--non-interactive", "--suppress-outputs", "--color", "never", "-s", "dev"];
    const ended = await runCli(this.project, ["pulumi", ...args, ...rest], tick);
    this.started.push(...(ended.stuck ?? []));
    return ended;
  }

  private kill({ who, delayMs }: NonNullable<Disturbance["kill"]>, cli: number): undefined {
    setTimeout(() => {
      this.started.push(...below(cli));
      strikeDown(who, cli);
    }, delayMs);
  }

  /** A provider that outlives its CLI finishes what it has under way: no day passes meanwhile. */
  private async survivorsEnd(): Promise<void> {
    const deadline = Date.now() + 60_000;
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // an order may be on its way
    while (stillRunning(this.started.filter(isProvider)).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 200));
    this.started.length = 0;
  }
}
