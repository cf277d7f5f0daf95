import { checkApiKey } from "../../../api";
import { HOST_SETTING, OF_ENGINE, PROVIDER_SETTINGS } from "../../../domain/provider-settings";
import { isUnknown } from "../../../domain/unknown";
import { unknownName } from "../../input-names";
import { type ConfigReader } from "../../run/account-settings";
import { KEY_IN_STACK, walletFault } from "../../run/wallet-settings";
import { type Props } from "../hosted";

const NAMES = Object.keys(PROVIDER_SETTINGS);

/** Settings whose values the engine keeps as secrets, whether they were given as such or not. */
export const SECRET_SETTINGS: readonly string[] = Object.entries(PROVIDER_SETTINGS).flatMap(([name, setting]) =>
  "secret" in setting ? [name] : [],
);

/** What the engine itself gives a provider, and what the classes of the SDK read in the same configuration. */
const OF_OTHERS = new RegExp(`^(__.*|${[...OF_ENGINE, HOST_SETTING].join("|")})$`);

/** Why a provider's settings cannot be used, in one line without a value. */
export function settingsFault(props: Props): string | undefined {
  const own = Object.fromEntries(Object.entries(props).filter(([name]) => !OF_OTHERS.test(name)));
  if (own.walletKey !== undefined) return KEY_IN_STACK;
  const misspelt = unknownName(own, NAMES);
  if (misspelt) return `${misspelt.property}: ${misspelt.reason}`;
  const odd = NAMES.find((name) => own[name] !== undefined && typeof own[name] !== "string");
  if (odd !== undefined) return `${odd}: is not a text.`;
  return keyFault(own.apiKey) ?? walletFault(readerOf(own));
}

function keyFault(apiKey: unknown): string | undefined {
  if (apiKey === undefined || apiKey === "" || isUnknown(apiKey)) return undefined;
  const fault = checkApiKey(apiKey);
  return fault && `apiKey: is malformed: ${fault}`;
}

/** A provider's settings as they are read: by their names in a stack's configuration. */
export const readerOf =
  (props: Props): ConfigReader =>
  (key) => {
    const value = props[key.replace(/^proxies-sx:/, "")];
    return typeof value === "string" ? value : undefined;
  };
