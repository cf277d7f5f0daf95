import { accountRoutes } from "./account";
import { billingRoutes } from "./billing";
import { coingateRoutes } from "./coingate";
import { credentialsRoutes } from "./credentials";
import { loginRoutes } from "./login";
import { osFingerprintRoutes } from "./os-fingerprint";
import { portCheckRoutes } from "./port-checks";
import { portRoutes } from "./ports";
import { referenceRoutes } from "./reference";
import { rotationRoutes } from "./rotation";
import { rotationSettingsRoutes } from "./rotation-settings";
import { type Route } from "./route";
import { x402Routes } from "../x402/routes";
import { ticketRoutes } from "./tickets";

/** Everything the emulator serves outside /_emulator/. */
export const ROUTES: readonly Route[] = [
  ...loginRoutes,
  ...referenceRoutes,
  ...portRoutes,
  ...credentialsRoutes,
  ...osFingerprintRoutes,
  ...rotationSettingsRoutes,
  ...rotationRoutes,
  ...portCheckRoutes,
  ...accountRoutes,
  ...billingRoutes,
  ...coingateRoutes,
  ...ticketRoutes,
  ...x402Routes,
];
