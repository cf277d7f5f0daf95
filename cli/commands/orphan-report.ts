import { type Port } from "../../api";
import { redactorOf } from "../../report/port-facts";
import { type Findings } from "../state/find-orphans";
import { timeText } from "../../review/section";
import { shownName } from "../state/stack-state";
import { table } from "../terminal/table";
import { isoTime } from "../../domain/lease";

const HEADS = ["ID", "NAME", "COUNTRY", "CARRIER", "SLOT TYPE", "STATUS", "EXPIRES IN", "CREATED"];

/** For a person. `now` is the vendor's time, epoch ms. */
export function reportText(found: Findings, now: number): string {
  const { live, orphans, referenced, retiring, missing, pending, states } = found;
  const parts = [
    `Live ports: ${live}. In no state: ${orphans.length}. States: ${states.map(({ name }) => name).join(", ")}.`,
  ];
  if (retiring.length > 0) {
    parts.push(
      `${count(retiring.length, "port")} retiring after a renewal: a run of the stack releases ${retiring.length === 1 ? "it" : "them"}.`,
    );
    const rows = retiring.map(({ id, state, urn, releaseAt }) => [
      id,
      `${shownName(urn)} in ${state}`,
      releaseAt <= now ? "next run" : `first run after ${timeText(releaseAt)}`,
    ]);
    parts.push(table(["ID", "OLD PORT OF", "RELEASED BY"], rows));
  }
  const row = (port: Port) => cells(port, now);
  if (orphans.length > 0) parts.push(table(HEADS, orphans.map(row)));
  if (referenced.length > 0) {
    parts.push(
      `${count(referenced.length, "port")} only named by a state, not managed by it. Never deleted from here.`,
    );
    const rows = referenced.map(({ port, state, urn }) => [...row(port), `${shownName(urn)} in ${state}`]);
    parts.push(table([...HEADS, "NAMED BY"], rows));
  }
  if (missing.length > 0) {
    parts.push(
      `${count(missing.length, "port")} held by a state, but not in this account: gone, or another account's.`,
    );
    const rows = missing.map(({ id, state, urn, leaving }) => [
      id,
      `${shownName(urn)} in ${state}${leaving ? ", to be deleted" : ""}`,
    ]);
    parts.push(table(["ID", "HELD BY"], rows));
  }
  for (const { name } of states.filter(({ holds }) => holds === 0)) {
    parts.push(`The state of ${name} holds no live port of this account: is it the right stack, and the right key?`);
  }
  if (pending.length > 0) parts.push(pendingText(pending));
  return parts.join("\n\n");
}

/** What to do about purchases whose end no state has seen. */
export function pendingText(pending: Findings["pending"]): string {
  const which = pending.map(({ state, urn }) => `${shownName(urn)} in ${state}`).join(", ");
  return (
    `Purchases or renewals under way, or broken off: ${which}. A port that no state holds may be of one. Let a running \`pulumi up\` end; ` +
    "after a killed one run `pulumi up` again, then `pulumi refresh --clear-pending-creates`."
  );
}

/** For a program. Times are ISO 8601 in UTC. */
export function reportJson(found: Findings, now: number): Record<string, unknown> & { orphans: PortFacts[] } {
  return {
    orphans: found.orphans.map((port) => factsOf(port, now)),
    referenced: found.referenced.map(({ port, state, urn }) => ({ ...factsOf(port, now), by: { state, urn } })),
    retiring: found.retiring.map(({ id, state, urn, releaseAt }) => ({
      id,
      releaseAt: isoTime(releaseAt),
      by: { state, urn },
    })),
    missing: found.missing,
    pendingCreates: found.pending,
    states: found.states,
    livePorts: found.live,
  };
}

interface PortFacts {
  id: string;
  displayName?: string;
  country?: string;
  carrier?: string;
  slotType?: string;
  status?: string;
  expiresAt?: string;
  expiresInSeconds?: number;
  createdAt?: string;
}

/** A port for a program. Named one by one: a port has secrets too. */
export function factsOf(port: Port, now: number) {
  const { id, displayName, country, carrier, slotType, status, expiresAt, createdAt } = port;
  const redactor = redactorOf(port);
  const said = (text: string | undefined) => (text === undefined ? undefined : redactor.line(text));
  const facts: PortFacts = {
    id: redactor.line(id),
    displayName: said(displayName),
    country: said(country?.code ?? country?.name),
    carrier: said(carrier?.brand ?? carrier?.name),
    slotType: said(slotType),
    status: said(status),
    expiresAt: isoTime(expiresAt),
    ...(expiresAt !== undefined && { expiresInSeconds: Math.round((expiresAt - now) / 1_000) }),
    createdAt: isoTime(createdAt),
  };
  return facts;
}

function cells(port: Port, now: number): string[] {
  const { id, displayName, country, carrier, slotType, status, expiresInSeconds, createdAt } = factsOf(port, now);
  const left = expiresInSeconds === undefined ? undefined : timeLeft(expiresInSeconds);
  const created = createdAt?.replace(/:\d\d\.\d+Z$/, "Z");
  return [id, displayName, country, carrier, slotType, status, left, created].map((text) => text ?? "-");
}

/** "29 d 23 h", "5 h 0 min", "12 min", "over". */
function timeLeft(seconds: number): string {
  if (seconds <= 0) return "over";
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

/** "1 port is", "2 ports are" */
const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? " is" : "s are"}`;
