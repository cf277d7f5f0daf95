import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Project } from "../tests/engine/project";

const HOOK = join(__dirname, "clock-hook.js");

/** The file in which the engine keeps the state of a project's stack. */
export const stateFile = ({ folder }: Project, stack = "dev"): string =>
  join(folder, "state", ".pulumi", "stacks", "test", `${stack}.json`);

/** How far the emulator's clock is ahead of the machine's, in ms. */
const aheadOf = ({ emulator }: Project): number => emulator.control.clock.now().getTime() - Date.now();

/** The environment of a run whose program and provider go by the emulator's clock. */
export const environmentOf = (project: Project): NodeJS.ProcessEnv => ({
  ...project.env,
  NODE_OPTIONS: `--require ${HOOK}`,
  CLOCK_AHEAD_MS: String(aheadOf(project)),
});

/**
 * Sets what the engine wrote into a state since then, by the machine's clock, to the emulator's. A provider compares it
 * with the vendor's times.
 */
export function moveStateTimes(project: Project, since: number): void {
  const ahead = aheadOf(project);
  const file = stateFile(project);
  const moved = readFileSync(file, "utf8").replaceAll(
    /("(?:time|created|modified)": ?")([^"]+)"/g,
    (whole, key: string, time: string) => {
      const at = Date.parse(time);
      const isNew = at >= since - 1_000 && at <= Date.now();
      return isNew ? `${key}${new Date(at + ahead).toISOString()}"` : whole;
    },
  );
  writeFileSync(file, moved);
}
