import { askAccount, noAccount } from "../../review/account";
import { type Limits, LimitsError, parseLimits } from "../../review/limits";
import { planMarkdown } from "../../review/markdown";
import { masked } from "../../review/masked";
import { makePlan, type Plan } from "../../review/plan";
import { type Settings } from "../../provider/run/account-settings";
import { asJson } from "../../text";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { planText } from "./plan-text";
import { accountOf, NoKeyError, openApi } from "../state/open-api";
import { PLAN_HELP, type PlanArguments, readPlanArguments } from "./plan-arguments";
import { readPreview } from "./preview-source";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { textOfFile } from "../terminal/read-text";

/** What the next run does to ports, checked against limits. */
export function planCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "plan", help: PLAN_HELP, read: readPlanArguments, run: report }, argv, terminal);
}

async function report(args: PlanArguments, terminal: Terminal): Promise<number> {
  const plan = await planOf(args, terminal);
  terminal.out(textOf(plan, args.format));
  if (plan.errors.length > 0) return EXIT.failed;
  const blocking = plan.breaches.filter(({ unchecked }) => !(unchecked && args.allowUnchecked));
  return blocking.length > 0 ? EXIT.attention : EXIT.fine;
}

/** The plan, without secrets of the program. */
export async function planOf(args: PlanArguments, terminal: Terminal): Promise<Plan> {
  const limits = await limitsIn(args.limits);
  const settings = await settingsOf(args, terminal);
  const api = settings && openApi(settings, terminal);
  try {
    const preview = await readPreview(args, terminal);
    const account = api ? await askAccount(api) : noAccount("no API key is set");
    return masked(await makePlan(preview, account, limits), preview.redactor.and(settings?.apiKey));
  } finally {
    api?.close();
  }
}

/** Without a key there is still what the preview reports. */
async function settingsOf({ stack, ...args }: PlanArguments, terminal: Terminal): Promise<Settings | undefined> {
  try {
    return await accountOf({ ...args, stacks: stack === undefined ? [] : [stack] }, terminal);
  } catch (error) {
    if (!(error instanceof NoKeyError)) throw error;
    terminal.err(error.message);
    return undefined;
  }
}

async function limitsIn(file: string | undefined): Promise<Limits> {
  if (file === undefined) return {};
  try {
    return parseLimits(await textOfFile(file), file);
  } catch (error) {
    if (error instanceof LimitsError) throw new UsageError(error.message);
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UsageError(`--limits ${file}: it cannot be read (${code}). Give a file that is there.`);
  }
}

function textOf(plan: Plan, format: PlanArguments["format"]): string {
  switch (format) {
    case "text":
      return planText(plan);
    case "markdown":
      return planMarkdown(plan);
    case "json":
      return asJson(plan);
  }
}
