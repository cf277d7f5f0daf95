import { type Api, checkApiKey, createApi, DEFAULT_API_URL, normaliseApiUrl } from "../api";
import { type Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** The account that a command is about. The key comes from the environment only: arguments are seen by others. */
export function accountOf(apiUrl: string | undefined, env: NodeJS.ProcessEnv): { apiKey: string; apiUrl: string } {
  const apiKey = env.PROXIES_API_KEY ?? "";
  const fault = checkApiKey(apiKey);
  if (fault) throw new UsageError(`PROXIES_API_KEY: ${fault}`);
  try {
    return { apiKey, apiUrl: normaliseApiUrl(apiUrl ?? (env.PROXIES_API_URL || DEFAULT_API_URL)) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

export function openApi(apiUrl: string | undefined, { env, err }: Terminal): Api {
  return createApi({ ...accountOf(apiUrl, env), onNotice: (text) => err(`note: ${text}`) });
}
