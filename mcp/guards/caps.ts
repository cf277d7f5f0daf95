import { isGone } from "../../domain/lease";
import { type Around } from "../around";
import { ToolError } from "../tool";
import { type AuditedCall } from "./audit";

/** What a write is reckoned at: what it cost, or may have cost. */
function spentBy({ cost = 0, end }: AuditedCall): number {
  if (end?.outcome === "failed" || end?.outcome === "undone") return 0;
  return end?.cost ?? cost;
}

const sum = (calls: readonly AuditedCall[]): number => calls.reduce((total, one) => total + spentBy(one), 0);

/**
 * Whether a write fits into the caps with all that were begun before it. Asked once it is written down: of two servers
 * that are each about to take the rest, the second one sees the first.
 *
 * @throws ToolError
 */
export async function requireWithinCaps(
  call: AuditedCall,
  calls: readonly AuditedCall[],
  around: Around,
): Promise<void> {
  const { maxSpend, maxPorts } = around.limits;
  const before = calls.slice(
    0,
    Math.max(
      0,
      calls.findIndex((one) => one.call === call.call),
    ),
  );
  const { cost } = call;
  // Also what is said to cost nothing: it may be taken for more.
  if (cost !== undefined && maxSpend !== undefined && cents(sum(before) + cost) > maxSpend)
    throw new ToolError(
      `refused: it costs ${dollars(cost)}, and of the ${dollars(maxSpend)} of --max-spend ${dollars(sum(before))} are ` +
        "spent or reserved. Nothing was bought. Whoever runs this server can raise --max-spend.",
    );
  if (!call.makesPort || maxPorts === undefined) return;
  const own = await livePorts(before, around);
  if (own >= maxPorts)
    throw new ToolError(
      `refused: agents have ${own} ${own === 1 ? "port" : "ports"} through this server already, and --max-ports is ` +
        `${maxPorts}. Nothing was bought. Delete one first, or ask whoever runs this server to raise --max-ports.`,
    );
}

/** Ports that calls bought and the account still has, and those that they may have bought. */
async function livePorts(calls: readonly AuditedCall[], around: Around): Promise<number> {
  const made = calls.filter(
    ({ makesPort, end }) => makesPort && end?.outcome !== "failed" && end?.outcome !== "undone",
  );
  const ids = new Set(made.flatMap(({ end }) => end?.port ?? []));
  const unknown = made.filter(({ end }) => end?.port === undefined).length;
  if (ids.size === 0) return unknown;
  const listed = await around.api().ports.list();
  return unknown + listed.filter(({ id, status }) => ids.has(id) && !isGone(status)).length;
}

const cents = (usd: number): number => Math.round(usd * 100) / 100;

export const dollars = (usd: number): string => `$${usd.toFixed(2)}`;
