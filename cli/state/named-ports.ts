import { isPortId, samePortId } from "../../domain/port-id";
import { nameOf } from "../../domain/urn";
import { clean } from "../../text";
import { type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, type AccountArguments, accountArguments } from "./open-api";
import { type StackState } from "./stack-state";
import { STATE_OPTIONS, stateArguments, type StateArguments } from "./state-arguments";
import { readAll, stateSources } from "./state-source";

/** Options of every command about some ports, for parseArguments. */
export const NAMED_PORTS_OPTIONS = {
  ...STATE_OPTIONS,
  ...ACCOUNT_OPTIONS,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export const NAMED_PORTS_HELP = `  --stack NAME     a stack; its Ports can be named as its program names them. Read with \`pulumi stack export\`
  --state FILE     the same for a state that was exported before; - is standard input
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask
  --env            take the key and the API from the environment, also with --stack
  --json           JSON on a terminal too; in a pipe it is the default
  --help           this text

${ACCOUNT_HELP}`;

export interface NamedPortsArguments extends AccountArguments {
  /** Ids, or names where states are given. Each once. */
  ports: string[];
  states: StateArguments;
  json: boolean;
}

interface Values {
  stack?: string[];
  state?: string[];
  cwd?: string;
  "api-url"?: string;
  env?: boolean;
  json?: boolean;
}

/** @throws UsageError that does not repeat what is no id: it may be a key. */
export function namedPortsArguments(command: string, values: Values, ports: string[]): NamedPortsArguments {
  const states = stateArguments(values);
  if (ports.length === 0) throw new UsageError(`name the ports: proxies-sx ${command} PORT...`);
  if (states.stacks.length + states.files.length === 0 && !ports.every(isPortId))
    throw new UsageError("an id of a port is 24 hexadecimal digits; names need --stack NAME or --state FILE");
  const { json = false } = values;
  return { ...accountArguments(values), ...states, states, ports: [...new Set(ports.map(samePortId))], json };
}

/** A port that a user named. */
export interface NamedPort {
  id: string;
  /** The name that was given for it. */
  name?: string;
  /** Name of the Account that it belongs to, where that is not the stack's own. */
  account?: string;
}

/** Why the vendor does not know a port. With `--env` the key may be that of any account, so it is asked first. */
export const whyUnknown = ({ account }: NamedPort): string =>
  account === undefined ? "the account has no such port" : `it belongs to the account ${account} of the program`;

/** The vendor's ports. States are read for names alone. */
export async function portsNamed({ ports, states }: NamedPortsArguments, terminal: Terminal): Promise<NamedPort[]> {
  if (ports.every(isPortId)) return ports.map((id) => ({ id }));
  const read = await readAll(stateSources(states, terminal));
  const found = ports.map((text, at): NamedPort => {
    if (isPortId(text)) return { id: text };
    return portCalled(text, read, { shown: shownText(text, at + 1), lists: `proxies-sx ports${optionsOf(states)}` });
  });
  return [...new Map(found.map((port) => [port.id, port])).values()];
}

/** As messages have a name. One that may be a key is not repeated. */
function shownText(name: string, place: number): string {
  return /^psx_|[0-9a-f]{24}/i.test(name) ? `name ${place}` : `"${clean(name, { max: 60 })}"`;
}

const optionsOf = ({ stacks, files, cwd }: StateArguments): string =>
  [
    ...stacks.map((name) => ` --stack ${clean(name)}`),
    ...files.map((file) => ` --state ${clean(file)}`),
    ...(cwd === "." ? [] : [` --cwd ${clean(cwd)}`]),
  ].join("");

/** The port that serves for a resource. @throws UsageError */
function portCalled(name: string, states: StackState[], { shown, lists }: { shown: string; lists: string }): NamedPort {
  const found = new Map(
    states.flatMap(({ held }) =>
      [...held].filter(
        ([, { urn, leaving, releaseAt }]) => nameOf(urn) === name && !leaving && releaseAt === undefined,
      ),
    ),
  );
  const [first] = found;
  if (first === undefined) throw new UsageError(`no given state has a port for ${shown}: \`${lists}\` lists the names`);
  if (found.size > 1) throw new UsageError(`${shown} is the name of ${found.size} Ports: give the id of one`);
  const [id, { account }] = first;
  return { id, name, ...(account !== undefined && { account }) };
}
