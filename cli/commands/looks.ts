import { type Api } from "../../api";
import { orStopped } from "./until-stopped";

/** What came of one look: a value, or why there is none. */
export interface Look<T> {
  value?: T;
  error?: unknown;
  /** What the last look brought that was not in vain. */
  earlier?: T;
  /** How long it took. */
  seconds: number;
}

/** What ends looking, and what waits until the next look. */
export interface Pace {
  stopped: AbortSignal;
  wait: () => Promise<void>;
}

/** Looks again and again. A client that was refused asks no more, so the look after one that failed has a new client. */
export async function* looks<T>(
  open: () => Api,
  look: (api: Api, earlier: T | undefined) => Promise<T>,
  { stopped, wait }: Pace,
): AsyncGenerator<Look<T>, void> {
  let earlier: T | undefined;
  let api = open();
  try {
    while (!stopped.aborted) {
      const start = performance.now();
      const outcome = await orStopped(look(api, earlier), stopped).then(
        (value) => ({ value, isStopped: value === undefined }),
        (error: unknown) => ({ error, isStopped: false }),
      );
      const { isStopped, ...found } = outcome;
      if (isStopped) return;
      if ("error" in found) {
        api.close();
        api = open();
      }
      yield { ...found, earlier, seconds: (performance.now() - start) / 1_000 };
      if ("value" in found) earlier = found.value;
      await wait();
    }
  } finally {
    api.close();
  }
}
