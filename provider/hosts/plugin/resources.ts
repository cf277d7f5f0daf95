import { type KindName, kindOfType } from "../../../domain/kinds";
import { qualifiedTypeOf } from "../../../domain/urn";
import { countryChoice } from "../../country-choice/handler";
import { credentials } from "../../credentials";
import { ProviderError } from "../../errors";
import { osFingerprint } from "../../os-fingerprint";
import { port } from "../../port/handler";
import { rotation } from "../../rotation";
import { rotationSettings } from "../../rotation-settings";
import { trafficPurchase } from "../../traffic-purchase";
import { x402Lease } from "../../x402-lease/handler";
import { hosted } from "../hosted";
import { type RunEnd } from "../run-end";
import { type SessionHolder } from "../session-holder";
import { type WalletHolder } from "../wallet-holder";
import { PluginResource } from "./resource";

/** Each kind of resource behind this host. */
export function resourcesOf(
  account: SessionHolder,
  wallets: WalletHolder,
  runEnd: RunEnd,
): Readonly<Record<KindName, PluginResource>> {
  return {
    Port: new PluginResource(hosted(runEnd.follow(port), account)),
    RotationSettings: new PluginResource(hosted(rotationSettings, account)),
    Credentials: new PluginResource(hosted(credentials, account)),
    OsFingerprint: new PluginResource(hosted(osFingerprint, account)),
    Rotation: new PluginResource(hosted(rotation, account)),
    CountryChoice: new PluginResource(hosted(countryChoice, account)),
    TrafficPurchase: new PluginResource(hosted(runEnd.follow(trafficPurchase), account)),
    X402Lease: new PluginResource(hosted(x402Lease, wallets)),
  };
}

/** The one that a URN is of. */
export function resourceAt(urn: string, resources: Readonly<Record<KindName, PluginResource>>): PluginResource {
  const kind = kindOfType(qualifiedTypeOf(urn));
  if (kind) return resources[kind];
  throw new ProviderError("there is no such type of resource in proxies-sx.");
}
