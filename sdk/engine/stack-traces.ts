/** What {@link suspendStackTraces} found, for {@link resumeStackTraces}. */
export interface StackTraces {
  stackTraceLimit: number;
  prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown;
}

/**
 * Spares the constructor of a resource two things that Pulumi's SDK does with stack traces:
 *
 * - It notes one for each Output that it makes, to name it if the program ends before it is resolved. For a resource
 *   with twenty outputs that is most of what its constructor costs, and the constructor's own line says as much.
 * - It notes where the program makes the resource, and with it the frames of Pulumi's runner, of the module loader and
 *   of ts-node below. The engine writes them into the state of each resource, with paths of the machine: a tenth of
 *   the state of a Port. The program's own frames stay.
 *
 * `npm run bench` shows both. Gives what to hand to {@link resumeStackTraces}, in a `finally`.
 */
export function suspendStackTraces(): StackTraces {
  const { stackTraceLimit, prepareStackTrace } = Error as StackTraces;
  Error.stackTraceLimit = 0;
  // Node maps positions to sources in a formatter that one of ours would replace.
  if (!process.sourceMapsEnabled) {
    const format = prepareStackTrace ?? plainTrace;
    Error.prepareStackTrace = (error, frames): unknown => format(error, frames.slice(0, ownFrames(frames)));
  }
  return { stackTraceLimit, prepareStackTrace };
}

export function resumeStackTraces(before: StackTraces): void {
  Object.assign(Error, before);
}

/** How many frames there are down to the last one of the user's program; all, if none is. */
function ownFrames(frames: NodeJS.CallSite[]): number {
  const last = frames.findLastIndex((frame) => {
    const file = frame.getFileName();
    return typeof file === "string" && !file.startsWith("node:") && !/[\\/]node_modules[\\/]/.test(file);
  });
  return last === -1 ? frames.length : last + 1;
}

const plainTrace = (error: Error, frames: NodeJS.CallSite[]): string =>
  [String(error), ...frames.map((frame) => `    at ${frame as unknown as string}`)].join("\n");
