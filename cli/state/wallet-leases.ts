import { createX402Api, type Session } from "../../api";
import { present } from "../../api/reading";
import { type WalletLease } from "../../dashboard/fleet";
import { timeOf } from "../../domain/lease";
import { sumOf } from "../../review/leases";
import { clean } from "../../text";
import { type StackState } from "./stack-state";

/** Sessions whose traffic is asked for, one call each, without a key. */
const MOST_ASKED = 50;

type Outputs = Readonly<Record<string, unknown>>;

/** What states hold of leases that a wallet pays for, with the traffic that the vendor tells of each. */
export async function walletLeases(
  states: StackState[],
  apiUrl: string,
  nameOf: (one: { urn: string; state: string }) => string,
): Promise<WalletLease[]> {
  const all = states.flatMap(({ name, leases }) =>
    [...leases].map(([urn, outputs]) => ({ urn, state: name, outputs })),
  );
  if (all.length === 0) return [];
  const x402 = createX402Api({ apiUrl });
  try {
    const asked = all.map(async ({ outputs, ...one }, at) => {
      const id = text(outputs.sessionId);
      const told = id === undefined || at >= MOST_ASKED ? undefined : x402.sessions.status(id);
      return leaseFacts(nameOf(one), outputs, await told?.catch(() => undefined));
    });
    return await Promise.all(asked);
  } finally {
    x402.close();
  }
}

/** Whoever knows a session's id or a payment's transaction may be told its login: neither is among these. */
function leaseFacts(name: string, outputs: Outputs, told: Partial<Session> = {}): WalletLease {
  const receipts = Array.isArray(outputs.receipts) ? (outputs.receipts as { amount?: unknown }[]) : [];
  return present<WalletLease>({
    name,
    session: text(outputs.sessionId)?.slice(-SHOWN),
    country: text(outputs.countryCode) ?? text(outputs.country),
    tier: text(outputs.tier),
    network: text(outputs.network),
    status: told.status === undefined ? text(outputs.status) : clean(told.status),
    expiresAt: told.expiresAt ?? timeOf(outputs.expiresAt),
    renewAt: timeOf(outputs.renewAt),
    allocatedGB: told.allocatedGB ?? gigabytes(outputs.trafficAllocatedGB),
    remainingGB: told.remainingGB,
    paidUSDC: sumOf(receipts.map(({ amount }) => amount)),
    payments: receipts.length,
  });
}

/** Characters of an id that tell it from others, and nobody what it is. */
const SHOWN = 6;

const text = (value: unknown): string | undefined => (typeof value === "string" ? clean(value) : undefined);
const gigabytes = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
