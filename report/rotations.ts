import { type Api, type Port, type RotationRecord } from "../api";
import { natural } from "../text";
import { type Outcomes, type RotationFacts } from "../dashboard/fleet";

const DAY_MS = 86_400_000;
const DAYS = 30;
/** What one call is asked for; older rotations of a port are not counted. */
const RECORDS = 100;
const MOST_FAILING = 20;

export interface RotationQuestion {
  /** Ports to ask about. */
  most: number;
  now: number;
  onProgress?: (done: number, of: number) => void;
}

/** The vendor has one history for each port, so only those that rotated last are asked for. */
export async function rotationFacts(api: Api, live: Port[], question: RotationQuestion): Promise<RotationFacts> {
  const { most, now, onProgress } = question;
  const chosen = [...live].sort((a, b) => lastOf(b) - lastOf(a)).slice(0, most);
  const histories: { id: string; records: RotationRecord[] }[] = [];
  let done = 0;
  let failedPorts = 0;
  let failure: Error | undefined;
  await Promise.all(
    chosen.map(async ({ id }) => {
      try {
        const { rotations } = await api.rotation.history(id, { limit: RECORDS });
        histories.push({ id, records: rotations });
      } catch (error) {
        failure = error as Error;
        failedPorts++;
      }
      onProgress?.(++done, chosen.length);
    }),
  );
  if (failure && histories.length === 0) throw failure;
  return { ports: histories.length, of: live.length, failedPorts, ...tally(histories, now) };
}

const lastOf = ({ rotationSettings }: Port): number => rotationSettings?.lastRotatedAt ?? 0;

type Tally = Pick<RotationFacts, "byDay" | "byTrigger" | "medianMs" | "failing">;

/** @internal */
export function tally(histories: { id: string; records: RotationRecord[] }[], now: number): Tally {
  const byDay = new Map<string, Outcomes>();
  for (let ago = DAYS - 1; ago >= 0; ago--) byDay.set(dayOf(now - ago * DAY_MS), none());
  const byTrigger = new Map<string, Outcomes>();
  const byPort = new Map<string, Outcomes>();
  const lengths: number[] = [];
  for (const { id, records } of histories) {
    for (const { createdAt, success, triggerType, rotationDurationMs } of records) {
      const day = createdAt === undefined ? undefined : byDay.get(dayOf(createdAt));
      if (!day || success === undefined) continue;
      const outcome = success ? "succeeded" : "failed";
      day[outcome]++;
      of(byTrigger, nameOf(triggerType))[outcome]++;
      of(byPort, id)[outcome]++;
      if (success && rotationDurationMs !== undefined) lengths.push(rotationDurationMs);
    }
  }
  return {
    byDay: [...byDay].map(([day, outcomes]) => ({ day, ...outcomes })),
    byTrigger: Object.fromEntries(byTrigger),
    medianMs: lengths.sort((a, b) => a - b)[lengths.length >> 1],
    failing: [...byPort]
      .filter(([, { failed }]) => failed > 0)
      .map(([id, outcomes]) => ({ id, ...outcomes }))
      .sort((a, b) => b.failed - a.failed || natural(a.id, b.id))
      .slice(0, MOST_FAILING),
  };
}

/** A word, or "other": the vendor may write anything. */
const nameOf = (trigger = ""): string => (/^\w{1,20}$/.test(trigger) ? trigger : "other");

const none = (): Outcomes => ({ succeeded: 0, failed: 0 });

function of(outcomes: Map<string, Outcomes>, name: string): Outcomes {
  const found = outcomes.get(name) ?? none();
  outcomes.set(name, found);
  return found;
}

/** "2026-01-15", in UTC. */
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
