import { isKind } from "../../domain/kinds";
import { type Declared, type Project, type Run } from "./project";
import { equipped, port } from "./resources";

/** Eight ports, two of them with all their settings. */
export const PORTS = 8;
export const fleet = (args: Record<string, unknown> = {}, suffix = ""): Declared[] => [
  ...equipped(`a${suffix}`, args),
  ...equipped(`b${suffix}`, args),
  ...["c", "d", "e", "f", "g", "h"].map((name) => port(name + suffix, args)),
];

type Control = Project["emulator"]["control"];

/** What the program bought, apart from what others did. */
export const boughtIn = (control: Control): string[] =>
  control
    .purchases()
    .filter(({ boughtBy }) => boughtBy === "api")
    .map(({ portId }) => portId);

export const liveIn = (control: Control): string[] => control.ports().map(({ id }) => id);

/** Ports that serve, and old ones of renewals, as the state has them. */
export async function heldBy(project: Project): Promise<string[]> {
  const ports = (await project.state()).resources.filter(({ type }) => isKind("Port", type));
  return ports.flatMap(({ outputs }) => [outputs, ...((outputs.retiring ?? []) as object[])].map(portIdIn));
}
const portIdIn = (outputs: object): string => (outputs as { portId: string }).portId;

export const answered = (control: Control, status: number): ReturnType<Control["requests"]> =>
  control.requests().filter((request) => request.status === status);

/** What a run says of its resources at its end: before that it shows the same while it goes on. */
export function errorsOf({ code, output }: Run): string[] {
  if (code === 0) throw new Error(`the run did not fail:\n${output}`);
  const lines = output.slice(output.indexOf("Diagnostics:")).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line.startsWith("error: ") && !line.endsWith("error: update failed"));
}

const UNTRIED = /not tried after an earlier call of this run was refused: see its error/;

/** A refusal that holds for the whole run is reported in full by one resource; all others say only that they were not tried. */
export function expectToldOnce(run: Run, inFull: RegExp): void {
  const told = errorsOf(run).filter((line) => !UNTRIED.test(line));
  expect(told).toEqual([expect.stringMatching(inFull)]);
}

export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
