/**
 * So long that one step for each letter takes milliseconds, and one for each pair of letters most of a minute. A longer
 * text shows no more, and takes longer where all is well.
 */
export const LONG = 1 << 17;

/** Of the processor's time, in ms: a busy machine changes nothing. */
const MOST_MS = 4_000;

/** Does a piece of work, and fails where it looks at pairs of letters. */
export async function inLinearTime<T>(name: string, work: () => T): Promise<Awaited<T>> {
  const before = process.cpuUsage();
  const outcome = await work();
  const { user, system } = process.cpuUsage(before);
  const spent = (user + system) / 1_000;
  if (spent > MOST_MS) throw new Error(`${name}: ${Math.round(spent)} ms of the processor's time`);
  return outcome;
}

/** The same, where many texts are refused: whether the work throws is its own affair. */
export const readInLinearTime = (name: string, work: () => unknown): Promise<void> =>
  inLinearTime(name, async () => {
    try {
      await work();
    } catch {
      // refused
    }
  });
