import * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { logWarning } from "../engine/program-log";
import type * as providerSettings from "../../provider/run/account-settings";
import { keptByRun } from "../engine/kept-by-run";

/** The API client of one account for one run of the program, and what it has told of the vendor's side at large. */
export class Client {
  private readonly known = new Map<string, Promise<unknown>>();

  constructor(readonly api: api.Api) {}

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
  const clients = clientsOfRun();
  const name = `${settings.apiUrl}\n${settings.apiKey}`;
  const open = clients.get(name);
  if (open) return open;
  const client = new Client(createApi({ ...settings, onNotice: (text) => void logWarning(text) }));
  clients.set(name, client);
  return client;
}
