/** What a read returned, or why it returned nothing: what is not known is said, and never counted as 0. */
export type Known<T> = { value: T } | { unknown: string };

export const isKnown = <T>(known: Known<T>): known is { value: T } => "value" in known;

export const valueOf = <T>(known: Known<T>): T | undefined => (isKnown(known) ? known.value : undefined);

/** A part of an answer. `what` is named where the answer lacks it. */
export function part<T, P>(known: Known<T>, pick: (value: T) => P | undefined, what: string): Known<P> {
  if (!isKnown(known)) return known;
  const picked = pick(known.value);
  return picked === undefined ? { unknown: `the vendor's answer does not have ${what}` } : { value: picked };
}

/** Both, put together; the first that is not known says why. */
export function both<A, B, T>(a: Known<A>, b: Known<B>, join: (a: A, b: B) => T): Known<T> {
  if (!isKnown(a)) return a;
  return isKnown(b) ? { value: join(a.value, b.value) } : b;
}

export const flat = <T>(known: Known<Known<T>>): Known<T> => (isKnown(known) ? known.value : known);

export function all<T>(many: readonly Known<T>[]): Known<T[]> {
  return many.reduce<Known<T[]>>((sum, one) => both(sum, one, (list, value) => [...list, value]), { value: [] });
}
