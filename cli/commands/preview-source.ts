import { CliError, runPulumi } from "../../provider/hosts/pulumi-cli";
import { parsePreview, type Preview, PreviewError } from "../../review/preview";
import { type PlanArguments } from "./plan-arguments";
import { checkFolder, cliFault } from "../state/state-source";
import { type Terminal } from "../terminal/terminal";
import { textOfFile } from "../terminal/read-text";

/** A program may take its time: what it asks others for is not ours. */
const DEADLINE_MS = 30 * 60_000;

export async function readPreview(args: PlanArguments, terminal: Terminal): Promise<Preview> {
  if (args.stack !== undefined) return runPreview(args.stack, args, terminal.env);
  if (args.file === "-") return parsePreview(await terminal.input(), "standard input");
  const file = args.file ?? "";
  return parsePreview(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await textOfFile(file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new PreviewError(`the preview ${file} cannot be read (${code}): give a file that is there`);
  }
}

/** A preview that fails still writes what it knows, and why it failed. */
async function runPreview(stack: string, { cwd, refresh }: PlanArguments, env: NodeJS.ProcessEnv): Promise<Preview> {
  checkFolder(cwd);
  const args = ["preview", "--json", "--show-sames", `--stack=${stack}`, ...(refresh ? ["--refresh"] : [])];
  let stdout: string;
  let fault: CliError | undefined;
  try {
    stdout = await runPulumi(args, { cwd, env, deadlineMs: DEADLINE_MS, killSignal: "SIGTERM" });
  } catch (error) {
    if (!(error instanceof CliError) || !error.written.trimStart().startsWith("{")) {
      throw cliFault(error, `preview --stack=${stack}`, env, "give the file of a preview");
    }
    stdout = error.written;
    fault = error;
  }
  const preview = parsePreview(stdout, `what \`pulumi preview --stack=${stack}\` wrote`);
  const errors =
    fault !== undefined && preview.errors.length === 0
      ? [preview.redactor.and(env.PROXIES_API_KEY).line(fault.said)]
      : preview.errors;
  return { ...preview, stack: preview.stack || stack, errors };
}
