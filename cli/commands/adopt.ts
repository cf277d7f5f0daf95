import { isGone } from "../../domain/lease";
import { type Api, type Port } from "../../api";
import { Reference } from "../../provider/run/reference";
import { listed } from "../../review/section";
import { asJson, clean } from "../../text";
import { type AdoptArguments, ADOPT_HELP, readArguments } from "./adopt-arguments";
import { type Adoption, adoptCode } from "./adopt-code";
import { importAdvice, importFile } from "./adopt-import";
import { adoptProgram } from "./adopt-program";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { type Named } from "../state/find-orphans";
import { factsOf, pendingText } from "./orphan-report";
import { withApi } from "../state/open-api";
import { writeOutput } from "../terminal/output-file";
import { shownName, type StackState, StateError } from "../state/stack-state";
import { readAll, stateSources } from "../state/state-source";
import { processTerminal, type Terminal } from "../terminal/terminal";

/** Ports that exist, as a program. */
export function adoptCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const run = (args: AdoptArguments): Promise<number> =>
    withApi({ ...args, ...args.states }, terminal, (api) => adopt(args, api, terminal));
  return runCommand({ name: "adopt", help: ADOPT_HELP, read: readArguments, run }, argv, terminal);
}

async function adopt(args: AdoptArguments, api: Api, terminal: Terminal): Promise<number> {
  const listed = await api.ports.list(); // before the states are read: see findOrphans
  const states = await readAll(stateSources(args.states, terminal));
  const wanted = wantedOf(args.ids, listed);
  const held = wanted.flatMap(({ id }) => holderOf(id, states) ?? []);
  const ports = wanted.filter(({ id }) => !holderOf(id, states));
  const taken = new Set(states.flatMap(({ names }) => [...names]));
  const now = api.serverNow() ?? Date.now();
  const adoptions = await adoptCode(ports, taken, new Reference(api), now);
  const program = adoptions.some(({ isAdoptable }) => isAdoptable) ? adoptProgram(args.language, adoptions) : undefined;
  if (args.output !== undefined && program !== undefined) {
    if (args.isImport) writeOutput(args.output, `${importFile(adoptions)}\n`, { ...args, option: "import-file" });
    else writeOutput(args.output, `${program}\n`, args);
  }
  if (args.json) {
    const each = ports.map((port, index) => ({ ...factsOf(port, now), ...adoptions[index] }));
    terminal.out(asJson({ ports: each, managed: held, program }));
  } else if (args.output === undefined && program !== undefined) terminal.out(program);
  terminal.err(advice(args, wanted, held, adoptions, states).join("\n"));
  return program === undefined ? EXIT.attention : EXIT.fine;
}

function wantedOf(ids: string[], listed: Port[]): Port[] {
  const live = listed.filter(({ status }) => !isGone(status));
  if (ids.length === 0) return live;
  return ids.map((id) => {
    const port = live.find((one) => one.id === id);
    if (!port) throw new StateError(`the account has no live port ${id}`);
    return port;
  });
}

/** `retiring`: an old port of a renewal, which the stack releases. */
type Held = Named & { id: string; retiring?: true };

function holderOf(id: string, states: StackState[]): Held | undefined {
  const state = states.find(({ held }) => held.has(id));
  const held = state?.held.get(id);
  if (!state || !held) return undefined;
  return { id, state: state.name, urn: held.urn, ...(held.releaseAt !== undefined && { retiring: true }) };
}

const holderText = ({ urn, state, retiring }: Held): string =>
  `${retiring ? "old port of " : ""}${shownName(urn)} in ${state}`;

/** `--json` has all of them. */
const MOST_HELD = 10;

/** What a person has to know, and to do next. */
function advice(
  args: AdoptArguments,
  wanted: Port[],
  held: Held[],
  adoptions: Adoption[],
  states: StackState[],
): string[] {
  const lines: string[] = [];
  const adopted = adoptions.filter(({ isAdoptable }) => isAdoptable).length;
  if (wanted.length === 0) lines.push("The account has no live port.");
  if (held.length > 0) {
    const which = held.map((one) => `${clean(one.id)} (${holderText(one)})`);
    lines.push(`Managed already, so left out: ${listed(which, MOST_HELD)}.`);
  }
  if (adopted < adoptions.length) {
    lines.push("Not to be adopted:", ...adoptions.filter(({ isAdoptable }) => !isAdoptable).map(({ code }) => code));
  }
  const pending = states.flatMap(({ name, pendingPurchases }) => pendingPurchases.map((urn) => ({ state: name, urn })));
  if (pending.length > 0) lines.push(pendingText(pending));
  if (adopted === 0) return [...lines, "There is nothing to adopt."];
  if (states.length === 0) {
    lines.push("No state was compared: if a stack manages some of these ports, leave them out with --stack NAME.");
  }
  const count = adopted === 1 ? "1 port" : `${adopted} ports`;
  if (args.isImport) return [...lines, importAdvice(count, args.output ?? "")];
  return [
    ...lines,
    `${count}. Look through ${args.output ?? "the program"}, put it in a Pulumi project with proxies-sx:apiKey set, and ` +
      "run `pulumi up`: the plan shows each port as one to create, and it is taken over without buying.",
  ];
}
