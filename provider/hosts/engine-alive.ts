import { connect } from "node:net";

/** How long the engine may take to accept a connection on this machine, in ms. */
const DEADLINE = 2_000;
/** How often a provider looks after the engine, in ms. */
const EVERY = 3_000;

let attached: string | undefined;

/** This process works for an engine that did not start it. */
export function attachTo(address: string): void {
  attached = address;
}

/**
 * The engine's address: the last argument of this process, unless it was given. Flags stand before it, as of
 * `--logflow -v=3` and `--tracing`. None where the process is no provider, as in a test.
 */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  const address = attached ?? argv.slice(2).at(-1);
  return address && /^127\.0\.0\.1:\d+$/.test(address) ? address : undefined;
}

/** Whether the engine is there. A CLI that was killed leaves its provider behind, and with it what waits in there. */
export function isEngineAlive(address = engineAddress()): Promise<boolean> {
  if (address === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(address.split(":")[1]), timeout: DEADLINE });
    const end = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    // Only a refusal proves that nobody listens.
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(true));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code !== "ECONNREFUSED"));
  });
}

let seen: { at: number; isThere: Promise<boolean> } | undefined;

/** The same for this process's engine, by a poll of the last tenth of a second: each of thousands of writes asks. */
export function isEngineThere(): Promise<boolean> {
  const now = performance.now();
  if (!seen || now - seen.at >= 100) seen = { at: now, isThere: isEngineAlive() };
  return seen.isThere;
}

/**
 * Ends this process once the engine is gone and no order is under way. Otherwise an orphaned provider would stay for
 * good, and the next run would wait for it.
 */
export function endWithEngine(isQuiet: () => boolean): void {
  const address = engineAddress();
  if (address === undefined) return;
  let missed = 0;
  const look = async (): Promise<void> => {
    missed = (await isEngineAlive(address)) ? 0 : missed + 1;
    if (missed >= 2 && isQuiet()) process.exit(1);
  };
  setInterval(() => void look(), EVERY).unref();
}
