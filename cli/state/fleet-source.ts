import { basename } from "node:path";
import { type Api, type Port } from "../../api";
import { type Holder } from "../../report/port-facts";
import { type Managed, type SnapshotOptions } from "../../report/snapshot";
import { clean } from "../../text";
import { findOrphans } from "./find-orphans";
import { ACCOUNT_HELP, ACCOUNT_OPTIONS, accountArguments, accountOf, openApi } from "./open-api";
import { shownName, type StackState } from "./stack-state";
import { STATE_OPTIONS, stateArguments } from "./state-arguments";
import { readAll, type StateSource, stateSources } from "./state-source";
import { type Terminal } from "../terminal/terminal";
import { walletLeases } from "./wallet-leases";

/** Arguments of every command that looks at a fleet. */
export const FLEET_OPTIONS = {
  ...STATE_OPTIONS,
  ...ACCOUNT_OPTIONS,
  help: { type: "boolean", short: "h" },
} as const;

export const SOURCE_HELP = `  --stack NAME     a stack; its state has names, renewals and orphans. Read with \`pulumi stack export\`
  --state FILE     the same for a state that was exported before; - is standard input
  --cwd DIR        folder of the Pulumi project of --stack (default: this one)
  --api-url URL    API to ask
  --env            take the key and the API from the environment, also with --stack
  --help           this text

${ACCOUNT_HELP}`;

export const FLEET_HELP = `${SOURCE_HELP}
The key needs ports:read; account:read and traffic:read add slots and traffic.`;

export interface FleetArguments {
  stack?: string[];
  state?: string[];
  cwd?: string;
  "api-url"?: string;
  env?: boolean;
}

interface FleetSource extends Pick<SnapshotOptions, "source" | "apiKey" | "managed"> {
  open: () => Api;
}

/**
 * Where a snapshot comes from. The states are read again when ports come or go, or after a minute.
 *
 * @param withLeases asks the vendor, call by call, for the leases of these states that a wallet pays for
 */
export async function fleetSource(
  args: FleetArguments,
  terminal: Terminal,
  { withLeases = false } = {},
): Promise<FleetSource> {
  const states = stateArguments(args);
  const account = await accountOf({ ...states, ...accountArguments(args) }, terminal);
  const sources = stateSources(states, terminal);
  return {
    open: () => openApi(account, terminal),
    source: new URL(account.apiUrl).host,
    apiKey: account.apiKey,
    ...(sources.length > 0 && { managed: comparison(sources, withLeases ? account.apiUrl : undefined) }),
  };
}

const KEEP_MS = 60_000;

/** What compares listed ports with states. */
export function comparison(sources: StateSource[], apiUrl?: string): (listed: Port[]) => Promise<Managed> {
  let last: { ids: string; at: number; states: StackState[] } | undefined;
  return async (listed) => {
    const ids = listed.map(({ id }) => id).join();
    if (last?.ids !== ids || performance.now() - last.at > KEEP_MS) {
      last = { ids, at: performance.now(), states: await readAll(sources) };
    }
    return managedBy(listed, last.states, apiUrl);
  };
}

async function managedBy(listed: Port[], states: StackState[], apiUrl?: string): Promise<Managed> {
  const found = findOrphans(listed, states);
  const shownState = shortNames(states.map(({ name }) => name));
  const resource = ({ urn, state }: { urn: string; state: string }) =>
    states.length === 1 ? shownName(urn) : `${shownName(urn)} in ${shownState(state)}`;
  const holders = new Map<string, Holder>();
  for (const { name, held } of states) {
    for (const [id, { urn, ...times }] of held) {
      const { renewAt, releaseAt } = times;
      holders.set(id, { by: resource({ urn, state: name }), renewAt, releaseAt });
    }
  }
  return {
    holders,
    ...(apiUrl !== undefined && { leases: await walletLeases(states, apiUrl, resource) }),
    facts: {
      states: found.states.map(({ name, holds }) => ({ name: shownState(name), holds })),
      orphans: found.orphans.map(({ id }) => id),
      referenced: found.referenced.map((one) => ({ id: one.port.id, by: resource(one) })),
      missing: found.missing.map((one) => ({ id: clean(one.id), by: resource(one), leaving: one.leaving })),
      pending: found.pending.map(resource),
    },
  };
}

/** Names without their folders, since a report may be passed on, where none of the others has the same. */
function shortNames(names: readonly string[]): (name: string) => string {
  const short = names.map((name) => basename(name));
  return (name) => clean(short.filter((one) => one === basename(name)).length > 1 ? name : basename(name));
}
