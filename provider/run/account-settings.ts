import { checkApiKey, DEFAULT_API_URL, normaliseApiUrl } from "../../api";
import { ProviderError } from "../errors";
import { isUnknown } from "../../domain/unknown";
import { withoutStop } from "../../text";

/** Which account and which server a process talks to. */
export interface Settings {
  apiKey: string;
  apiUrl: string;
}

/** Reads one value of the stack's configuration: `proxies-sx:apiKey`. */
export type ConfigReader = (key: string) => string | undefined;

const HOW_TO_SET_KEY = "run `pulumi config set --secret proxies-sx:apiKey`, which asks for it, or set PROXIES_API_KEY";

/**
 * Configuration wins over the environment, as in other Pulumi providers. Gives undefined while a value is unknown,
 * in a preview that has not made it yet.
 *
 * @throws ProviderError in one line, without the value, where the key is missing or malformed or the URL is refused.
 */
export function readSettings(config: ConfigReader, env: NodeJS.ProcessEnv): Settings | undefined {
  const apiKey = config("proxies-sx:apiKey") || env.PROXIES_API_KEY;
  const apiUrl = config("proxies-sx:apiUrl") || env.PROXIES_API_URL || DEFAULT_API_URL;
  if (isUnknown(apiKey) || isUnknown(apiUrl)) return undefined;
  if (!apiKey) throw new ProviderError(`proxies-sx:apiKey is not set: ${HOW_TO_SET_KEY}.`);
  const fault = checkApiKey(apiKey);
  if (fault) throw new ProviderError(`proxies-sx:apiKey is malformed: ${withoutStop(fault)}; ${HOW_TO_SET_KEY}.`);
  try {
    return { apiKey, apiUrl: normaliseApiUrl(apiUrl) };
  } catch (error) {
    throw new ProviderError(`proxies-sx:apiUrl: ${(error as Error).message}`);
  }
}
