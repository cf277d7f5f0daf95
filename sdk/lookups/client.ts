import * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { logWarning } from "../engine/program-log";
import { Client } from "../../provider/lookups/client";
import type * as providerSettings from "../../provider/run/account-settings";
import { keptByRun } from "../engine/kept-by-run";
import { runError } from "../engine/run-error";

const clientsOfRun = keptByRun(() => new Map<string, Client>());
const keylessOfRun = keptByRun(() => new Map<string, Client<api.X402Api>>());

/**
 * The client of an account, of which a run has one. It is not closed: Node lets a process end while connections are
 * kept alive that nobody uses, and calls in flight must come to their end.
 *
 * @throws ProviderError in one line, without the key, where key or URL cannot be used.
 */
export function clientOf(account: { apiKey?: string; apiUrl?: string }): Client {
  // Loaded here: a program that looks nothing up is spared axios and zod.
  const { createApi } = require("../../api") as typeof api;
  const { readSettings } = require("../../provider/run/account-settings") as typeof providerSettings;
  const config: Record<string, string | undefined> = {
    "proxies-sx:apiKey": account.apiKey,
    "proxies-sx:apiUrl": account.apiUrl,
  };
  const settings = readSettings((name) => config[name], process.env);
  if (!settings) throw new pulumi.RunError("proxies-sx:apiKey or proxies-sx:apiUrl is not known yet.");
  return kept(clientsOfRun(), `${settings.apiUrl}\n${settings.apiKey}`, () =>
    createApi({ ...settings, onNotice: (text) => void logWarning(text) }),
  );
}

/**
 * The client for wallets of the same server, which knows no key: one a run.
 *
 * @throws RunError in one line where the URL cannot be used.
 */
export function keylessClientOf({ apiUrl }: { apiUrl?: string }): Client<api.X402Api> {
  const { createX402Api, DEFAULT_API_URL, normaliseApiUrl } = require("../../api") as typeof api;
  let url: string;
  try {
    url = normaliseApiUrl(apiUrl || process.env.PROXIES_API_URL || DEFAULT_API_URL);
  } catch (error) {
    throw runError(`proxies-sx:apiUrl: ${(error as Error).message}`);
  }
  return kept(keylessOfRun(), url, () => createX402Api({ apiUrl: url, onNotice: (text) => void logWarning(text) }));
}

function kept<A>(clients: Map<string, Client<A>>, name: string, make: () => A): Client<A> {
  const client = clients.get(name) ?? new Client(make());
  clients.set(name, client);
  return client;
}
