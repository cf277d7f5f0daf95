import { type Hono } from "hono";
import { createApp } from "./app";
import { Control } from "./control/control";
import { createCore } from "./core";
import { type Env } from "./pipeline/env";
import { type Listening, listen } from "./server";
import { Store } from "./store";
import { Clock } from "./world/clock";
import { type ConfigPatch } from "./world/config";
import { EMULATOR_KEY } from "./world/seed";

export interface EmulatorOptions {
  /** @default 0, any free port */
  port?: number;
  /** @default "127.0.0.1" */
  host?: string;
  /** A file that keeps the world over a restart, but for `latencyMs` and `requestsPerSecond`. */
  data?: string;
  /** Same seed, same ids, names and tokens. @default 1 */
  seed?: number;
  config?: ConfigPatch;
  /** Base of the emulator's clock, in epoch milliseconds. @default Date.now */
  now?: () => number;
}

export interface Emulator {
  /** Base URL without /v1, for PROXIES_API_URL; real once it listens. */
  readonly url: string;
  readonly apiKey: string;
  /** For the header X-Emulator-Token, which control calls over a socket need to be shown secrets. */
  readonly token: string;
  /** The emulator without a socket: `app.request("/v1/ports", …)`. */
  readonly app: Hono<Env>;
  readonly control: Control;
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** An emulator that does not listen yet. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const store = options.data === undefined ? undefined : new Store(options.data);
  const core = createCore(options, store?.load(new Clock(options.now), options.seed, options.config));
  store?.take();
  const control = new Control(core);
  const app = createApp(core, control);
  let listening: Listening | undefined;

  const flush = () => store?.save(core.world);
  const release = store ? flushOnSignal(() => store.trySave(core.world)) : () => undefined;
  const unwatch = store?.watch(() => core.world);

  return {
    get url() {
      return core.url;
    },
    apiKey: EMULATOR_KEY,
    token: core.token,
    app,
    control,
    async listen() {
      listening = await listen(app.fetch, core, options.port ?? 0);
      core.url = listening.url;
    },
    async close() {
      await listening?.close();
      listening = undefined;
      unwatch?.();
      release();
      flush();
      store?.leave();
    },
  };
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = createEmulator(options);
  await emulator.listen();
  return emulator;
}

/** Saves ahead of all others who listen for the signal; where nobody does, it is sent again. */
function flushOnSignal(flush: () => void): () => void {
  const signals = ["SIGTERM", "SIGINT"] as const;
  const onSignal = (signal: NodeJS.Signals) => {
    flush();
    release();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = () => signals.forEach((signal) => process.off(signal, onSignal));
  signals.forEach((signal) => process.prependOnceListener(signal, onSignal));
  return release;
}
