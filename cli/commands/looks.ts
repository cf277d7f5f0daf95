import { type Api } from "../../api";
import { type FleetSnapshot } from "../../dashboard/fleet";
import { type SnapshotOptions, takeSnapshot } from "../../report/snapshot";
import { orStopped } from "./until-stopped";

/** What came of one look at the fleet: a snapshot, or why there is none. */
export interface Look {
  fleet?: FleetSnapshot;
  error?: unknown;
  /** The last snapshot before this look. */
  earlier?: FleetSnapshot;
  /** How long it took. */
  seconds: number;
}

/** What ends looking, and what waits until the next look. */
export interface Pace {
  stopped: AbortSignal;
  wait: () => Promise<void>;
}

/** Looks again and again. A client that was refused asks no more, so the look after one that failed has a new client. */
export async function* looks(
  open: () => Api,
  options: SnapshotOptions,
  { stopped, wait }: Pace,
): AsyncGenerator<Look, void> {
  let earlier: FleetSnapshot | undefined;
  let api = open();
  try {
    while (!stopped.aborted) {
      const start = performance.now();
      const outcome = await orStopped(takeSnapshot(api, { ...options, earlier }), stopped).then(
        (fleet) => ({ fleet, isStopped: fleet === undefined }),
        (error: unknown) => ({ error, isStopped: false }),
      );
      const { isStopped, ...look } = outcome;
      if (isStopped) return;
      if ("error" in look) {
        api.close();
        api = open();
      }
      yield { ...look, earlier, seconds: (performance.now() - start) / 1_000 };
      if ("fleet" in look) earlier = look.fleet;
      await wait();
    }
  } finally {
    api.close();
  }
}
