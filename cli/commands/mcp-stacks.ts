import { type Api } from "../../api";
import { type Claim, type Stacks, type States, ToolError } from "../../mcp";
import { clean } from "../../text";
import { claimOn, findOrphans } from "../state/find-orphans";
import { shownName, type StackState } from "../state/stack-state";
import { readAll, type StateSource } from "../state/state-source";
import { type Terminal } from "../terminal/terminal";
import { type McpArguments } from "./mcp-arguments";
import { reportJson, reportText } from "./orphan-report";
import { planOf } from "./plan";
import { planText } from "./plan-text";

/** The stacks that a server was started with, as its tools ask them. */
export function stacksOf(args: McpArguments, sources: StateSource[], terminal: Terminal): Stacks {
  const { stacks, cwd } = args.states;
  return {
    names: sources.map(({ name }) => name),
    read: async () => statesOf(await readAll(sources)),
    orphans: async (api: Api) => {
      const listed = await api.ports.list(); // before the states are read: see findOrphans
      const found = findOrphans(listed, await readAll(sources));
      const now = api.serverNow() ?? Date.now();
      return { text: reportText(found, now), data: reportJson(found, now) };
    },
    plan: async (wanted, refresh) => {
      const stack = wanted ?? (stacks.length === 1 ? stacks[0] : undefined);
      if (stack === undefined || !stacks.includes(stack))
        throw new ToolError(
          stacks.length === 0
            ? "there is no stack to plan: this server was started without --stack NAME."
            : `name one of the stacks of this server: ${stacks.join(", ")}.`,
        );
      const { limits, apiUrl, onlyEnv } = args;
      const plan = await planOf(
        { stack, refresh, cwd, limits, apiUrl, onlyEnv, allowUnchecked: false, format: "json" },
        terminal,
      );
      return { text: planText(plan), data: { ...plan } };
    },
  };
}

function statesOf(states: StackState[]): States {
  return {
    claimOn: (id) => {
      const claim = claimOn(id, states);
      return claim && claimIn(claim, states.find(({ name }) => name === claim.state)?.held.get(id));
    },
    buying: states.filter(({ pendingPurchases }) => pendingPurchases.length > 0).map(({ name }) => name),
  };
}

function claimIn(
  { state: stack, urn }: { state: string; urn: string },
  held: { leaving: boolean; renewAt?: number; releaseAt?: number } | undefined,
): Claim {
  const { leaving = false, renewAt, releaseAt } = held ?? {};
  const as = !held ? "named" : leaving ? "leaving" : releaseAt === undefined ? "serving" : "retiring";
  return {
    stack,
    urn: clean(urn, { max: 500 }),
    name: shownName(urn),
    as,
    ...(renewAt !== undefined && { renewAt }),
    ...(releaseAt !== undefined && { releaseAt }),
  };
}
