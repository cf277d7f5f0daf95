import { randomBytes } from "node:crypto";
import { defaultQuirks, type Quirks } from "./answers/quirks";
import { Faults } from "./control/faults";
import { SEED } from "./control/requests";
import { RequestLog } from "./control/request-log";
import { Clock } from "./world/clock";
import { type ConfigPatch, DEFAULT_CONFIG, mergeConfig, type WorldConfig } from "./world/config";
import { seedWorld } from "./world/seed";
import { validate } from "./world/validate";
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
  /** Name or address that it was started to listen on. */
  readonly host: string;
  /** Opens what shows secrets to callers over a socket; another one for each emulator. */
  readonly token: string;
  /** Aborted on close: lets hanging and slow answers go. */
  readonly closing: AbortController;
}

export interface CoreOptions {
  host?: string;
  seed?: number;
  config?: ConfigPatch;
  now?: () => number;
}

const DEFAULT_SEED = 1;
const DEFAULT_HOST = "127.0.0.1";

export function createCore(
  { host = DEFAULT_HOST, seed = DEFAULT_SEED, config, now }: CoreOptions,
  saved?: World,
): Core {
  validate(SEED, { seed }, "");
  const startConfig = mergeConfig(DEFAULT_CONFIG, config);
  return {
    world: saved ?? seedWorld(seed, startConfig, new Clock(now)),
    startConfig,
    quirks: defaultQuirks(),
    faults: new Faults(),
    requests: new RequestLog(),
    url: "http://127.0.0.1",
    host: host.toLowerCase(),
    token: randomBytes(24).toString("base64url"),
    closing: new AbortController(),
  };
}
