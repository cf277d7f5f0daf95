import { z } from "zod";
import { figuresOf } from "../../dashboard/figures";
import { leftOutOf, had, whyNot } from "../../dashboard/fleet";
import { takeSnapshot } from "../../report/snapshot";
import { portId } from "../arguments";
import { claimText } from "../guards/declared";
import { proposeChange } from "../propose/change";
import { shortly } from "../ports";
import { type Tool, tool, ToolError } from "../tool";

const NO_STACK = "this server was started without --stack NAME or --state FILE, so it knows of no program.";

/** What programs declare, and what the account has. Nothing here changes anything. */
export const fleetTools: readonly Tool[] = [
  tool({
    name: "plan",
    does: "What the next `pulumi up` of a stack does to ports, what it costs, and which limits it breaks. Runs `pulumi preview`.",
    group: "read",
    input: {
      stack: z.string().min(1).max(200).optional().describe("One of the server's stacks. Its only one by default."),
      refresh: z.boolean().optional().describe("Reads all ports at the vendor first."),
    },
    run: async ({ stack, refresh = false }, { stacks }) => {
      const { text, data } = await stacks.plan(stack, refresh);
      return { said: text, data };
    },
  }),
  tool({
    name: "fleet_report",
    does: "The fleet in figures: places, health, leases, renewals, slots, traffic, rotations, orphans; and each port in short.",
    group: "read",
    input: {
      histories: z
        .number()
        .int()
        .min(0)
        .max(100)
        .optional()
        .describe("Ports whose past rotations are asked for, a call each. 10 by default."),
    },
    run: async ({ histories = 10 }, { api, snapshot }) => {
      const fleet = await takeSnapshot(api(), { ...snapshot, histories });
      const { live, due, orphans, health } = figuresOf(fleet);
      const known = orphans === undefined ? "" : `, ${orphans} of them in no stack`;
      const told = `${live} live ports${known}: ${health.healthy} healthy, ${health.offline} offline, ${due} due for renewal.`;
      const why = whyNot(fleet.ports);
      return {
        said: why === undefined ? told : `The ports are not known: ${why}`,
        data: { figures: figuresOf(fleet), ports: had(fleet.ports) ?? [], leftOut: leftOutOf(fleet) },
      };
    },
  }),
  tool({
    name: "orphans",
    does: "Live ports of the account that no stack of this server holds. They cost slots and nobody renews them.",
    group: "read",
    input: {},
    run: async (_, { api, stacks }) => {
      if (stacks.names.length === 0) throw new ToolError(`orphans cannot be found: ${NO_STACK}`);
      const { text, data } = await stacks.orphans(api());
      return { said: text, data };
    },
  }),
  tool({
    name: "explain_port",
    does: "Which stack and resource declare a port, when its lease ends, and when a run renews or releases it.",
    group: "read",
    input: { portId },
    run: async ({ portId: id }, { api, stacks }) => {
      const port = await api().ports.get(id);
      const claim = stacks.names.length === 0 ? undefined : (await stacks.read()).claimOn(id);
      if (!port && !claim) throw new ToolError(`neither the account nor a stack has a port ${id.slice(0, 64)}.`);
      const { displayName, status, slotType, createdAt, expiresAt, country, carrier } = port ?? {};
      const who = claim
        ? sentence(claimText(id, claim))
        : stacks.names.length === 0
          ? sentence(NO_STACK)
          : "No stack of this server declares it.";
      const when = [
        ["The lease ends", expiresAt],
        ["A run renews it from", claim?.renewAt],
        ["A run releases it from", claim?.releaseAt],
      ].flatMap(([what, at]) => (typeof at === "number" ? `${what} ${new Date(at).toISOString()}.` : []));
      return {
        said: [`${port ? shortly(port) : `Port ${id} is not in the account`}.`, who, ...when].join(" "),
        data: {
          portId: id,
          ...(claim && { declaredBy: claim }),
          ...(port && { port: { displayName, status, slotType, createdAt, expiresAt, country, carrier } }),
        },
      };
    },
  }),
  tool({
    name: "propose_change",
    does:
      "A diff of a TypeScript or JavaScript program that changes one input of one resource, such as the size of a " +
      "ProxyFleet or the country of a Port. Nothing is written and nobody is called: a person applies the diff and runs `pulumi up`.",
    group: "read",
    input: {
      file: z.string().min(1).max(500).describe("The program's file, below the server's --cwd, such as index.ts."),
      resource: z.string().min(1).max(200).describe("The resource's name: the first argument of its class."),
      input: z.string().min(1).max(100).describe("The input, such as country, size or lease.expiresIn."),
      value: z.json().optional().describe("Its new value. Without it the input is taken away."),
    },
    run: async (change, { programs, limits }) => {
      const { diff, said, ...data } = proposeChange(change, programs, limits.showSecrets);
      return { said: `${said}\n\n${diff}`, data: { ...data, diff } };
    },
  }),
];

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
