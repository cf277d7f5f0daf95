import * as account from "./account";
import * as billing from "./billing";
import { type AnyLookup } from "./lookup";
import * as port from "./port";
import * as checks from "./port-checks";
import * as reference from "./reference";
import * as rotation from "./rotation";
import { TICKETS } from "./tickets";
import * as offer from "./x402-offer";
import * as sessions from "./x402-sessions";

/** All of them: functions of the classes' package in two forms, and of the plugin. */
export const LOOKUPS: readonly AnyLookup[] = [
  reference.COUNTRIES,
  reference.CARRIERS,
  reference.CITIES,
  reference.REGIONS,
  reference.TARIFFS,
  reference.OS_FINGERPRINTS,
  billing.PRICING,
  billing.TRAFFIC_PRICE,
  port.PORTS,
  port.PORT,
  checks.STATUS,
  checks.IP,
  checks.PING,
  checks.SPEED,
  rotation.CAN_ROTATE,
  rotation.HISTORY,
  account.ACCOUNT,
  account.SUMMARY,
  account.USAGE,
  account.BALANCE,
  TICKETS,
  offer.HEALTH,
  offer.INFO,
  offer.PRICING,
  offer.COUNTRIES,
  offer.QUOTE,
  offer.AGENTS,
  sessions.SESSIONS,
  sessions.SESSION,
  sessions.STATUS,
];
