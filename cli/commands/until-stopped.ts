/** What the work brings, or undefined as soon as it is to stop; nobody waits for the work then. */
export function orStopped<T>(work: Promise<T>, stopped: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    stopped.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => stopped.removeEventListener("abort", stop));
  });
}

/** Ends early where it is to stop. */
export function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stopped.addEventListener("abort", done);
  });
}

/** The first Ctrl-C asks it to end, a second one ends the process at once. A reader that goes away ends it too. */
export function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.stdout.once("error", () => stop.abort());
  return stop.signal;
}
