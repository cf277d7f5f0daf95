import { type Tool } from "../tool";
import { accountTools } from "./account";
import { billingTools } from "./billing";
import { checkTools } from "./checks";
import { clientTools } from "./clients";
import { fleetTools } from "./fleet";
import { paymentTools } from "./payments";
import { portTools } from "./ports";
import { rotationTools } from "./rotation";
import { sessionTools } from "./sessions";
import { supportTools } from "./support";
import { walletTools } from "./wallet";

/** All tools: the 42 of the vendor's own server by its names and arguments, and what knows programs. */
export const TOOLS: readonly Tool[] = [
  ...accountTools,
  ...billingTools,
  ...portTools,
  ...rotationTools,
  ...checkTools,
  ...paymentTools,
  ...clientTools,
  ...supportTools,
  ...sessionTools,
  ...walletTools,
  ...fleetTools,
];
