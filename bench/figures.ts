import { type Job } from "./case";
import { median } from "./median";
import { ROLES, type Usage } from "./usage";

/** One job of one contender. */
export interface Figures extends Usage {
  seconds: number;
  /** The quickest and the slowest round. */
  range?: [number, number];
  /** By route: `{ "POST /v1/ports": 100 }`. */
  requests: Record<string, number>;
  /** Bytes of the stack's state afterwards, or of the journal that was sent. */
  stateBytes?: number;
  /** It did not end well. */
  failed: boolean;
}

export type Life = Partial<Record<Job, Figures>>;

/** Medians of several lives. Requests are those of the last, a failure is one of any. */
export function medianLife(lives: Life[]): Life {
  const last = lives.at(-1) ?? {};
  return Object.fromEntries(
    (Object.keys(last) as Job[]).map((job) => [job, medianFigures(lives.flatMap((life) => life[job] ?? []))]),
  );
}

function medianFigures(all: Figures[]): Figures {
  const last = all.at(-1) as Figures;
  const of = (pick: (one: Figures) => number): number => median(all.map(pick));
  const byRole = (pick: (one: Figures) => Usage["cpu"]): Usage["cpu"] =>
    Object.fromEntries(ROLES.map((role) => [role, of((one) => pick(one)[role])])) as Usage["cpu"];
  return {
    ...last,
    failed: all.some(({ failed }) => failed),
    seconds: of(({ seconds }) => seconds),
    range: [Math.min(...all.map(({ seconds }) => seconds)), Math.max(...all.map(({ seconds }) => seconds))],
    cpu: byRole(({ cpu }) => cpu),
    memory: byRole(({ memory }) => memory),
  };
}

export const countOf = ({ requests }: Figures): number =>
  Object.values(requests).reduce((total, count) => total + count, 0);
