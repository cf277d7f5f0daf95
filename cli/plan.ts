import { readFile } from "node:fs/promises";
import { askAccount, noAccount } from "../review/account";
import { type Limits, LimitsError, parseLimits } from "../review/limits";
import { planMarkdown } from "../review/markdown";
import { masked } from "../review/masked";
import { makePlan, type Plan } from "../review/plan";
import { asJson } from "../text";
import { planText } from "./plan-text";
import { openApi } from "./open-api";
import { PLAN_HELP, type PlanArguments, readPlanArguments } from "./plan-arguments";
import { readPreview } from "./preview-source";
import { processTerminal, type Terminal } from "./terminal";

const EXIT = { fine: 0, failed: 1, blocked: 2 } as const;

/** What the next run does to ports, held against limits. */
export async function planCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const args = readPlanArguments(argv);
    if (args === "help") {
      terminal.out(PLAN_HELP);
      return EXIT.fine;
    }
    return await report(args, terminal);
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split("\n");
    for (const line of lines) terminal.err(`proxies-sx plan: ${line}`);
    return EXIT.failed;
  }
}

async function report(args: PlanArguments, terminal: Terminal): Promise<number> {
  const { PROXIES_API_KEY: apiKey = "" } = terminal.env;
  const limits = await limitsIn(args.limits);
  const api = apiKey === "" ? undefined : openApi(args.apiUrl, terminal);
  try {
    const preview = await readPreview(args, terminal);
    const account = api ? await askAccount(api) : noAccount("PROXIES_API_KEY is not set");
    const plan = masked(await makePlan(preview, account, limits), preview.redactor.and(apiKey));
    terminal.out(textOf(plan, args.format));
    if (plan.errors.length > 0) return EXIT.failed;
    const blocking = plan.breaches.filter(({ unchecked }) => !(unchecked && args.allowUnchecked));
    return blocking.length > 0 ? EXIT.blocked : EXIT.fine;
  } finally {
    api?.close();
  }
}

async function limitsIn(file: string | undefined): Promise<Limits> {
  if (file === undefined) return {};
  try {
    return parseLimits(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof LimitsError) throw error;
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new LimitsError(`--limits ${file}: it cannot be read (${code}). Give a file that is there.`);
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
