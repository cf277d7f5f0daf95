import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Redactor } from "../text";
import { parsePreview, type Preview, PreviewError } from "../review/preview";
import { type PlanArguments } from "./plan-arguments";
import { type Terminal } from "./terminal";

/** A program may take its time: what it asks others for is not ours. */
const DEADLINE_MS = 30 * 60_000;
const MOST_BYTES = 256 << 20;

export async function readPreview(args: PlanArguments, terminal: Terminal): Promise<Preview> {
  if (args.stack !== undefined) return runPreview(args.stack, args, terminal.env);
  if (args.file === "-") return parsePreview(await terminal.input(), "standard input");
  const file = args.file ?? "";
  return parsePreview(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new PreviewError(`the preview ${file} cannot be read (${code}): give a file that is there`);
  }
}

/** A preview that fails still writes what it knows, and why it failed. */
async function runPreview(stack: string, { cwd, refresh }: PlanArguments, env: NodeJS.ProcessEnv): Promise<Preview> {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) throw new PreviewError(`--cwd ${cwd} is no folder`);
  const args = ["preview", "--json", "--show-sames", `--stack=${stack}`, "--non-interactive", "--color=never"];
  const { stdout, fault } = await run([...args, ...(refresh ? ["--refresh"] : [])], cwd, env);
  if (fault !== undefined && !stdout.trimStart().startsWith("{")) {
    throw new PreviewError(
      `\`pulumi preview --stack=${stack}\` failed: ${new Redactor([env.PROXIES_API_KEY]).line(fault)}`,
    );
  }
  const preview = parsePreview(stdout, `what \`pulumi preview --stack=${stack}\` wrote`);
  const errors =
    fault !== undefined && preview.errors.length === 0
      ? [preview.redactor.and(env.PROXIES_API_KEY).line(fault)]
      : preview.errors;
  return { ...preview, stack: preview.stack || stack, errors };
}

function run(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<{ stdout: string; fault?: string }> {
  const options = {
    cwd,
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    timeout: DEADLINE_MS,
    maxBuffer: MOST_BYTES,
  };
  return new Promise((resolve) => {
    const child = execFile("pulumi", args, options, (error, stdout, stderr) =>
      resolve(error ? { stdout, fault: faultOf(error, stderr) } : { stdout }),
    );
    child.stdin?.on("error", () => undefined).end();
  });
}

function faultOf(error: Error & { code?: string | number | null; killed?: boolean }, stderr: string): string {
  if (error.code === "ENOENT") return "pulumi is not on the PATH: install it, or give the file of a preview";
  if (error.killed) return `it did not end within ${DEADLINE_MS / 60_000} minutes`;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((one) => one.startsWith("error:")) ?? lines.at(-1);
  return (line ?? `exit code ${error.code}`).replace(/^error: /, "");
}
