import { credentialsRoutes } from "./credentials";
import { osFingerprintRoutes } from "./os-fingerprint";
import { portRoutes } from "./ports";
import { referenceRoutes } from "./reference";
import { rotationRoutes } from "./rotation";
import { rotationSettingsRoutes } from "./rotation-settings";
import { type Route } from "./route";

/** Everything the emulator serves outside /_emulator/. */
export const ROUTES: readonly Route[] = [
  ...referenceRoutes,
  ...portRoutes,
  ...credentialsRoutes,
  ...osFingerprintRoutes,
  ...rotationSettingsRoutes,
  ...rotationRoutes,
];
