/**
 * Pulumi's SDK notes a stack trace for each Output that it makes, to name it if the program ends before it is resolved.
 * For a resource with twenty outputs that is most of what its constructor costs (`npm run bench`), and the constructor's
 * own line says as much. The place of the resource in the user's program, which the state holds, is noted all the same.
 *
 * Gives what to hand to {@link resumeStackTraces}, in a `finally`.
 */
export function suspendStackTraces(): number {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  return limit;
}

export function resumeStackTraces(limit: number): void {
  Error.stackTraceLimit = limit;
}
