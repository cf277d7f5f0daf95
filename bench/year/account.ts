import { type Purchase, type WirePort } from "../../emulator";
import { gaps, mostAtOnce, served, type Span } from "./ledger";
import { type Member } from "./members";

/** A gap of one update's seconds. */
const MINUTE = 60_000;

/** One run: when, by the emulator's clock, whether something was done to it, and how it ended. */
export interface Run extends Span {
  disturbed: boolean;
  code: number;
}

export interface Promised {
  size: number;
  slots: number;
  /** Most renewals of a run. */
  bound: number;
  /** A lease that ends within this many ms is renewed whatever the bound says. */
  holdMs: number;
}

/** The year's books: what each run left in the state, against what the vendor's ledger says. */
export class Account {
  readonly runs: Run[] = [];
  private readonly owners = new Map<string, string>();
  private readonly serving = new Map<string, string>();
  private renewals = 0;
  private last: Member[] = [];

  constructor(private readonly promised: Promised) {}

  ran(run: Run, members: Member[]): void {
    this.runs.push(run);
    this.last = members;
    for (const { name, portId, retiring } of members) {
      for (const { portId: old } of retiring) if (!this.owners.has(old)) this.owners.set(old, name);
      if (this.serving.get(name) === portId) continue;
      if (this.serving.has(name)) this.renewals += 1;
      this.serving.set(name, portId);
      this.owners.set(portId, name);
    }
  }

  /** Members whose port, as the state has it for clients, serves no more. */
  without(live: readonly WirePort[], now: number): string[] {
    const serving = new Set(live.filter(({ expiresAt }) => expiresAt > now).map(({ id }) => id));
    return this.last.filter(({ portId }) => !serving.has(portId)).map(({ name }) => name);
  }

  /** Rows of the final table, and what is broken. */
  close(purchases: readonly Purchase[], live: readonly WirePort[]): { rows: string[][]; broken: string[] } {
    const { size, slots, bound } = this.promised;
    const end = this.runs.at(-1)?.to ?? 0;
    const all = [...this.serving.keys()].flatMap((name) => {
      const own = purchases.filter(({ portId }) => this.owners.get(portId) === name);
      return gaps(own.map(served), end).map((gap) => ({ name, ...gap }));
    });
    const isShort = ({ from, to }: Span): boolean => to - from < MINUTE;
    const long = all.filter((gap) => !isShort(gap));
    const bad = slots > size ? long : long.filter((gap) => !this.isExcused(gap));
    const churn = this.churn(purchases);
    const most = mostAtOnce(purchases);
    const nobodys = purchases.filter(({ portId }) => !this.owners.has(portId));
    const held = new Set(this.last.flatMap(({ portId, retiring }) => [portId, ...retiring.map((one) => one.portId)]));
    const orphans = live.filter(({ id }) => !held.has(id));
    const longest = (of: Span[]): string => span(Math.max(0, ...of.map(({ from, to }) => to - from)));
    return {
      rows: [
        ["runs", String(this.runs.length)],
        ["of them disturbed", String(this.runs.filter(({ disturbed }) => disturbed).length)],
        ["of them failed", String(this.runs.filter(({ code }) => code !== 0).length)],
        ["purchases", String(purchases.length)],
        ["renewals", String(this.renewals)],
        ["most live ports, of slots", `${most} of ${slots}`],
        ["most renewals of a run, of the bound", `${churn.most} of ${bound}, ${churn.urgent} urgent ones apart`],
        ["gaps of less than a minute", `${all.length - long.length}, the longest ${longest(all.filter(isShort))}`],
        ["gaps that broken runs left", `${long.length - bad.length}, the longest ${longest(long)}`],
      ],
      broken: [
        ...bad.map(({ name, from, to }) => `${name} had no port for ${span(to - from)} from ${iso(from)} on`),
        ...(most > slots ? [`${most} live ports with ${slots} slots`] : []),
        ...(churn.most > bound ? [`${churn.most} renewals in one run, of at most ${bound}`] : []),
        ...nobodys.map(({ portId, boughtAt }) => `port ${portId}, bought at ${boughtAt}, was in no state`),
        ...(purchases.length === size + this.renewals
          ? []
          : [`${purchases.length} purchases are not ${size} first ones and ${this.renewals} renewals`]),
        ...orphans.map(({ id }) => `port ${id} lives and is in no state`),
      ],
    };
  }

  /** Without a free slot a run that is broken off between release and purchase leaves a gap to the next good one. */
  private isExcused({ from, to }: Span): boolean {
    const index = this.runs.findIndex((run) => run.from <= from && from <= run.to);
    const repair = this.runs.slice(index + 1).find(({ disturbed }) => !disturbed);
    return this.runs[index]?.disturbed === true && to <= (repair?.to ?? Infinity);
  }

  /** Most renewals of a run, those of leases that could not wait apart. */
  private churn(purchases: readonly Purchase[]): { most: number; urgent: number } {
    const counts = new Map<Run, number>();
    let urgent = 0;
    for (const { portId, boughtAt } of purchases) {
      const at = Date.parse(boughtAt);
      const run = [...this.runs].reverse().find(({ from }) => from <= at);
      if (!run || run === this.runs[0]) continue;
      const name = this.owners.get(portId);
      const before = purchases.filter((one) => this.owners.get(one.portId) === name && Date.parse(one.boughtAt) < at);
      const ends = Math.max(...before.map((one) => Date.parse(one.boughtAt) + one.order.leaseSeconds * 1_000));
      if (ends - at <= this.promised.holdMs) urgent += 1;
      else counts.set(run, (counts.get(run) ?? 0) + 1);
    }
    return { most: Math.max(0, ...counts.values()), urgent };
  }
}

const iso = (at: number): string => new Date(at).toISOString();

/** "3.2 s", "1 d 2.0 h" */
function span(ms: number): string {
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  const hours = ms / 3_600_000;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}
