import { type Api, type Port } from "../../api";
import { Reference } from "../../provider/run/reference";
import { asJson, clean } from "../../text";
import { type Adoption, adoptCode } from "./adopt-code";
import { checkDeletable, type Deletion, deleteOrphans } from "./delete-orphans";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { type Findings, findOrphans } from "../state/find-orphans";
import { reportJson, reportText } from "./orphan-report";
import { ORPHANS_HELP, type OrphansArguments, readArguments } from "./orphans-arguments";
import { withApi } from "../state/open-api";
import { type StackState } from "../state/stack-state";
import { readAll, type StateSource, stateSources } from "../state/state-source";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

/** Live ports that no state holds: reported, adopted as code, or deleted. */
export function orphansCommand(argv: string[], terminal = processTerminal()): Promise<number> {
  return runCommand(
    {
      name: "orphans",
      help: ORPHANS_HELP,
      read: readArguments,
      run: async (args) => {
        if (args.action === "delete" && !args.yes && (args.json || !terminal.ask)) {
          throw new UsageError(
            `--delete asks on a terminal first: ${args.json ? "with --json" : "without one"} add --yes`,
          );
        }
        return withApi({ ...args, changes: args.action === "delete" }, terminal, (api) => run(args, api, terminal));
      },
    },
    argv,
    terminal,
  );
}

async function run(args: OrphansArguments, api: Api, terminal: Terminal): Promise<number> {
  const sources = stateSources(args, terminal);
  const listed = await api.ports.list(); // before the states are read: see findOrphans
  const states = await readAll(sources);
  const found = findOrphans(listed, states);
  const now = api.serverNow() ?? Date.now();
  switch (args.action) {
    case "report":
      terminal.out(args.json ? asJson(reportJson(found, now)) : reportText(found, now));
      return found.orphans.length > 0 ? EXIT.attention : EXIT.fine;
    case "adopt":
      return adopt(args, found, states, api, now, terminal);
    case "delete":
      return remove(args, found, sources, api, now, terminal);
  }
}

/** Only code goes to standard output, so that it can be appended to a program. */
async function adopt(
  args: OrphansArguments,
  found: Findings,
  states: StackState[],
  api: Api,
  now: number,
  terminal: Terminal,
): Promise<number> {
  const taken = new Set(states.flatMap(({ names }) => [...names]));
  const adoptions = await adoptCode(found.orphans, taken, new Reference(api), now);
  if (args.json) terminal.out(asJson(withCode(reportJson(found, now), adoptions)));
  else {
    terminal.err(reportText(found, now));
    if (adoptions.length > 0) terminal.out(adoptions.map(({ code }) => code).join("\n"));
  }
  return adoptions.length > 0 ? EXIT.attention : EXIT.fine;
}

function withCode(report: ReturnType<typeof reportJson>, adoptions: Adoption[]) {
  return { ...report, orphans: report.orphans.map((port, index) => ({ ...port, code: adoptions[index]?.code })) };
}

async function remove(
  args: OrphansArguments,
  found: Findings,
  sources: StateSource[],
  api: Api,
  now: number,
  terminal: Terminal,
): Promise<number> {
  if (!args.json) terminal.out(reportText(found, now));
  if (found.orphans.length > 0) {
    checkDeletable(found, args.holdsNone);
    if (!args.yes && !(await agreed(found.orphans, terminal))) {
      terminal.err("Nothing is deleted.");
      return EXIT.attention;
    }
  }
  const deletions = await deleteOrphans(found.orphans, sources, api, (deletion) => {
    if (!args.json) terminal.out(deletionText(deletion));
  });
  if (args.json) terminal.out(asJson({ ...reportJson(found, now), deletions }));
  return deletions.some(({ result }) => result === "failed" || result === "not tried") ? EXIT.attention : EXIT.fine;
}

async function agreed(orphans: Port[], { err, ask }: Terminal): Promise<boolean> {
  err("\nDeleted ports cannot be restored.");
  const answer = await ask?.(`Type the number of orphans (${orphans.length}) to delete them: `);
  return answer?.trim() === String(orphans.length);
}

const deletionText = ({ id, result, reason }: Deletion): string =>
  `${clean(id)}  ${result}${reason === undefined ? "" : `: ${clean(reason, { max: 2_000 })}`}`;
