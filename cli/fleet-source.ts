import { basename } from "node:path";
import { type Port } from "../api";
import { printable } from "../api/redact";
import { nameOf } from "../provider/urn";
import { type Holder } from "../report/port-facts";
import { type Managed, type SnapshotOptions } from "../report/snapshot";
import { findOrphans } from "./find-orphans";
import { accountOf } from "./open-api";
import { type StackState } from "./stack-state";
import { STATE_OPTIONS, stateArguments } from "./state-arguments";
import { readAll, type StateSource, stateSources } from "./state-source";
import { type Terminal } from "./terminal";

/** Arguments of every command that looks at a fleet. */
export const FLEET_OPTIONS = {
  ...STATE_OPTIONS,
  "api-url": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export const FLEET_HELP = `  --stack NAME     a stack; its state tells names, renewals and orphans, and is read with \`pulumi stack export\`
  --state FILE     the same for a state that was exported before; - is standard input
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask (default: PROXIES_API_URL, else https://api.proxies.sx)
  --help           this text

The key is read from PROXIES_API_KEY only. It needs ports:read; account:read and traffic:read tell more.`;

export interface FleetArguments {
  stack?: string[];
  state?: string[];
  cwd?: string;
  "api-url"?: string;
}

/** Where a snapshot comes from. The states are read again when ports come or go, or after a minute. */
export function fleetSource(
  args: FleetArguments,
  terminal: Terminal,
): Pick<SnapshotOptions, "source" | "apiKey" | "managed"> {
  const { apiKey, apiUrl } = accountOf(args["api-url"], terminal.env);
  const sources = stateSources(stateArguments(args), terminal);
  const source = new URL(apiUrl).host;
  return { source, apiKey, ...(sources.length > 0 && { managed: comparison(sources) }) };
}

const KEEP_MS = 60_000;

function comparison(sources: StateSource[]): (listed: Port[]) => Promise<Managed> {
  let last: { ids: string; at: number; states: StackState[] } | undefined;
  return async (listed) => {
    const ids = listed.map(({ id }) => id).join();
    if (last?.ids !== ids || performance.now() - last.at > KEEP_MS) {
      last = { ids, at: performance.now(), states: await readAll(sources) };
    }
    return managedBy(listed, last.states);
  };
}

function managedBy(listed: Port[], states: StackState[]): Managed {
  const found = findOrphans(listed, states);
  const resource = ({ urn, state }: { urn: string; state: string }) =>
    printable(states.length === 1 ? nameOf(urn) : `${nameOf(urn)} in ${shownName(state)}`, []);
  const holders = new Map<string, Holder>();
  for (const { name, held } of states) {
    for (const [id, { urn, renewAt }] of held) holders.set(id, { by: resource({ urn, state: name }), renewAt });
  }
  return {
    holders,
    facts: {
      states: found.states.map(({ name, holds }) => ({ name: shownName(name), holds })),
      orphans: found.orphans.map(({ id }) => id),
      referenced: found.referenced.map((one) => ({ id: one.port.id, by: resource(one) })),
      missing: found.missing.map((one) => ({ id: one.id, by: resource(one), leaving: one.leaving })),
      pending: found.pending.map(resource),
    },
  };
}

/** A file without its folders: a report may be passed on. */
const shownName = (state: string): string => basename(state);
