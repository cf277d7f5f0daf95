/** Lines around a change that tell where it is. */
const CONTEXT = 3;

/**
 * A unified diff of one change, as `patch -p1` and `git apply --unidiff-zero` take it: the context may be short.
 *
 * @param mayShow whether a line may be told: context ends before one that may not
 * @returns undefined where a changed line may not be told
 */
export function unifiedDiff(
  file: string,
  before: string,
  after: string,
  mayShow: (line: string) => boolean,
): string | undefined {
  const [old, now] = [linesOf(before), linesOf(after)];
  const least = Math.min(old.length, now.length);
  let first = 0;
  while (first < least && old[first] === now[first]) first++;
  let same = 0;
  while (same < least - first && old.at(-1 - same) === now.at(-1 - same)) same++;
  const gone = old.slice(first, old.length - same);
  const come = now.slice(first, now.length - same);
  if (![...gone, ...come].every(mayShow)) return undefined;
  const above = shown(old.slice(Math.max(0, first - CONTEXT), first).reverse(), mayShow).reverse();
  const below = shown(old.slice(old.length - same, old.length - same + CONTEXT), mayShow);
  const count = above.length + below.length;
  const start = first - above.length + 1;
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${start},${gone.length + count} +${start},${come.length + count} @@`,
    ...above.map((line) => ` ${line}`),
    ...gone.map((line) => `-${line}`),
    ...come.map((line) => `+${line}`),
    ...below.map((line) => ` ${line}`),
    "",
  ].join("\n");
}

/** The text is taken to end with a line end: change.ts sees to it. */
const linesOf = (text: string): string[] => text.replace(/\n$/, "").split("\n");

function shown(lines: string[], mayShow: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !mayShow(line));
  return end < 0 ? lines : lines.slice(0, end);
}
