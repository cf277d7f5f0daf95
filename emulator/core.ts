import { defaultQuirks, type Quirks } from "./answers/quirks";
import { Faults } from "./control/faults";
import { RequestLog } from "./control/request-log";
import { Clock } from "./world/clock";
import { type ConfigPatch, DEFAULT_CONFIG, mergeConfig, type WorldConfig } from "./world/config";
import { seedWorld } from "./world/seed";
import { type World } from "./world/world";

/** What one emulator holds: a world that can be replaced, and the ways to disturb it. */
export interface Core {
  world: World;
  /** What a reset goes back to. */
  readonly startConfig: WorldConfig;
  quirks: Quirks;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Base of links in answers, known once it listens. */
  url: string;
  /** Aborted on close: lets hanging and slow answers go. */
  readonly closing: AbortController;
}

export interface CoreOptions {
  seed?: number;
  config?: ConfigPatch;
  now?: () => number;
}

const DEFAULT_SEED = 1;

export function createCore({ seed = DEFAULT_SEED, config, now }: CoreOptions, saved?: World): Core {
  const startConfig = mergeConfig(DEFAULT_CONFIG, config);
  return {
    world: saved ?? seedWorld(seed, startConfig, new Clock(now)),
    startConfig,
    quirks: defaultQuirks(),
    faults: new Faults(),
    requests: new RequestLog(),
    url: "http://127.0.0.1",
    closing: new AbortController(),
  };
}
