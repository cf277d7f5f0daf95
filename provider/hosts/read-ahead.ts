import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { backend } from "../purchase/owner-key";
import { type Deployment, deploymentIn, leaveFirst, savedAt } from "../run/stack-state";
import { forReading } from "./pulumi-cli";
import { cliAbove, exportStack, runBegan, runName } from "./stack-export";
import { leaveWord, wordOf } from "./word";

const DEADLINE_MS = 20_000;
const MOST_BYTES = 256 << 20;
const PENDING = '"pending_operations"';

/**
 * For a program's own process, before it registers anything: an update drops what it knows of a renewal that did not end
 * when it first saves the state, which may be before any Port is compared. So the state is read here, and what did not
 * end is left to the providers of this run. A preview saves nothing, and its providers read it.
 *
 * @param stack its full name
 */
export function readAhead(stack: string, isPreview: boolean): void {
  if (runName() === undefined) return;
  if (isPreview) return leaveWord(alreadyRead(stack), "");
  if (wordOf(alreadyRead(stack)) !== undefined) return;
  const read = stateFileOf(stack) ?? exported(stack);
  if (read === undefined) return;
  const state = openIn(read);
  if (state) leaveFirst(stack, state, leaveWord);
  leaveWord(alreadyRead(stack), "");
}

/**
 * The same for a provider's process, before it answers the engine for the first time: programs of other languages do not
 * read it, nor do inline ones, which Pulumi's Automation API runs without a preview. The first process does it for all.
 */
export async function readFirst(stack: string): Promise<void> {
  if (runName() === undefined || wordOf(alreadyRead(stack)) !== undefined) return;
  const read = stateFileOf(stack) ?? (await exportStack(stack));
  const state = openIn(typeof read === "string" ? read : undefined);
  if (state && !(savedAt(state) >= runBegan())) leaveFirst(stack, state, leaveWord);
  leaveWord(alreadyRead(stack), "");
}

const alreadyRead = (stack: string): string => `read ${stack}`;

/** A state that may name what did not end. */
const openIn = (text: string | undefined): Deployment | undefined =>
  text?.includes(PENDING) ? deploymentIn(text) : undefined;

/** Of a backend that is a folder: the CLI would take a third of a second. */
function stateFileOf(stack: string): string | undefined {
  const [, path] = /^file:\/\/(.*)$/.exec(backend()) ?? [];
  const [, project, name] = stack.split("/");
  if (path === undefined || project === undefined || name === undefined) return undefined;
  const folder = path.startsWith("~") ? join(homedir(), path.slice(1)) : path;
  try {
    return readFileSync(join(folder, ".pulumi", "stacks", project, `${name}.json`), "utf8");
  } catch {
    return undefined;
  }
}

function exported(stack: string): string | undefined {
  try {
    return execFileSync(
      cliAbove()?.file ?? "pulumi",
      ["stack", "export", `--stack=${stack}`, "--non-interactive", "--color=never"],
      {
        env: { ...forReading(process.env), PULUMI_SKIP_UPDATE_CHECK: "1" },
        stdio: ["ignore", "pipe", "ignore"],
        timeout: DEADLINE_MS,
        killSignal: "SIGKILL",
        maxBuffer: MOST_BYTES,
        encoding: "utf8",
      },
    );
  } catch {
    return undefined; // a Port that needs it says so
  }
}
