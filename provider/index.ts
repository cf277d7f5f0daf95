/**
 * What Pulumi's engine loads to carry out an operation. The names of these exports stand in every state file, as the
 * `__provider` text of each resource: they never change.
 */
import { isBuying } from "./billing/buy-once";
import { countryChoice as countryChoiceHandler } from "./country-choice/handler";
import { credentials as credentialsHandler } from "./credentials";
import { dynamicHost } from "./hosts/dynamic";
import { endWithEngine, engineAddress } from "./hosts/engine-alive";
import { RunEnd } from "./hosts/run-end";
import { sayOnce } from "./hosts/said-once";
import { SessionHolder } from "./hosts/session-holder";
import { WalletHolder } from "./hosts/wallet-holder";
import { osFingerprint as osFingerprintHandler } from "./os-fingerprint";
import { port as portHandler } from "./port/handler";
import { rotation as rotationHandler } from "./rotation";
import { rotationSettings as rotationSettingsHandler } from "./rotation-settings";
import { trafficPurchase as trafficPurchaseHandler } from "./traffic-purchase";
import { x402Lease as x402LeaseHandler } from "./x402-lease/handler";

const holder = new SessionHolder();
const wallets = new WalletHolder();
endWithEngine(() => (holder.purchases?.isQuiet() ?? true) && !isBuying() && wallets.isQuiet());
if (engineAddress() !== undefined) sayOnce();
const runEnd = new RunEnd(
  () => holder.purchases,
  () => holder.balance,
);
runEnd.listen();

export const port = dynamicHost(runEnd.follow(portHandler), holder);
export const rotationSettings = dynamicHost(rotationSettingsHandler, holder);
export const credentials = dynamicHost(credentialsHandler, holder);
export const osFingerprint = dynamicHost(osFingerprintHandler, holder);
export const rotation = dynamicHost(rotationHandler, holder);
export const countryChoice = dynamicHost(countryChoiceHandler, holder);
export const trafficPurchase = dynamicHost(runEnd.follow(trafficPurchaseHandler), holder);
export const x402Lease = dynamicHost(x402LeaseHandler, wallets);
