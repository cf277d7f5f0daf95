import * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { logWarning } from "../engine/program-log";
import type * as providerSettings from "../../provider/run/account-settings";
import { keptByRun } from "../engine/kept-by-run";
import { runError } from "../engine/run-error";

/** The API client of one account for one run of the program, and what it has learned about the vendor as a whole. */
export class Client<A = api.Api> {
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(readonly api: A) {}

  /**
   * Reference data: asked once a run, by all that want it at the same time together. Each gets a copy of its own. What
   * failed is asked again.
   */
  async once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.known.get(question) as Promise<T> | undefined;
    const answer = known ?? ask();
    this.known.set(question, answer);
    try {
      return copyOf(await answer);
    } catch (error) {
      if (this.known.get(question) === answer) this.known.delete(question);
      throw error;
    }
  }
}

/** Answers are plain JSON. Not structuredClone: under Jest its arrays are none to Pulumi's SDK. */
const copyOf = <T>(answer: T): T => JSON.parse(JSON.stringify(answer)) as T;

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
