import { defaultQuirks, type Quirks } from "./answers/quirks";
import { Faults } from "./control/faults";
import { RequestLog } from "./control/request-log";
import { Clock } from "./world/clock";
import { type ConfigPatch, DEFAULT_CONFIG, mergeConfig } from "./world/config";
import { seedWorld } from "./world/seed";
import { type World } from "./world/world";

/** What one emulator holds: a world that can be replaced, and the ways to disturb it. */
export interface Core {
  world: World;
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
  return {
    world: saved ?? seedWorld(seed, mergeConfig(DEFAULT_CONFIG, config), new Clock(now)),
    quirks: defaultQuirks(),
    faults: new Faults(),
    requests: new RequestLog(),
    url: "http://127.0.0.1",
    closing: new AbortController(),
  };
}
