import { type Purchase } from "../../emulator";

/** From and to, epoch ms by the emulator's clock. */
export interface Span {
  from: number;
  to: number;
}

/** When a port that was bought served: until it was released, or until its lease ended. */
export function served({ boughtAt, deletedAt, order }: Purchase): Span {
  const from = Date.parse(boughtAt);
  return { from, to: Math.min(from + order.leaseSeconds * 1_000, deletedAt ? Date.parse(deletedAt) : Infinity) };
}

/** When none of these serves, from the first one on until `end`. */
export function gaps(spans: readonly Span[], end: number): Span[] {
  const found: Span[] = [];
  let until = Infinity;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from > until) found.push({ from: until, to: from });
    until = until === Infinity ? to : Math.max(until, to);
  }
  if (until < end) found.push({ from: until, to: end });
  return found;
}

/** Most ports that were there at once: one whose lease has ended holds its slot until it is deleted. */
export function mostAtOnce(purchases: readonly Purchase[]): number {
  const changes = purchases.flatMap(({ boughtAt, deletedAt }) => [
    { at: Date.parse(boughtAt), by: 1 },
    ...(deletedAt ? [{ at: Date.parse(deletedAt), by: -1 }] : []),
  ]);
  let [now, most] = [0, 0];
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) most = Math.max(most, (now += by));
  return most;
}
