import { InputError, ProviderError } from "../../errors";
import { LOOKUPS } from "../../lookups";
import { answerOf } from "../../lookups/answer";
import { Client } from "../../lookups/client";
import { type AnyLookup } from "../../lookups/lookup";
import { type Holder, type Opened as Session } from "../holder";
import { plain, type Props } from "../hosted";
import { type SessionHolder } from "../session-holder";
import { type WalletHolder } from "../wallet-holder";
import { type Opened } from "./wire";

const PREFIX = "proxies-sx:index:";
const BY_TOKEN = new Map(LOOKUPS.map((lookup) => [PREFIX + lookup.name, lookup]));

/** What programs ask the vendor by the plugin: the functions of the SDK, with the account of the plugin's provider. */
export class Lookups {
  /** By their API clients, which a session keeps. */
  private readonly clients = new WeakMap<object, unknown>();

  constructor(
    private readonly account: SessionHolder,
    private readonly wallets: WalletHolder,
  ) {}

  /**
   * The answer, secret as a whole where it holds secrets or an argument is one; or why an argument cannot be used.
   *
   * @throws ProviderError in one line without a secret
   */
  async ask(token: string, args: Opened): Promise<{ answer: Props; isSecret: boolean } | { failure: string }> {
    const lookup = BY_TOKEN.get(token);
    if (!lookup) throw new ProviderError("there is no such function in proxies-sx.");
    const holder: Holder<object, Session> = lookup.keyless ? this.wallets : this.account;
    try {
      const told = await this.answer(lookup, args.props);
      const answer = plain(lookup.list === undefined ? (told as object) : { [lookup.list]: told }, holder.redactor);
      return { answer, isSecret: (lookup.secret ?? false) || args.secrets.size > 0 };
    } catch (error) {
      const message = holder.lineOf(holder.explained(error, "this run"), secretsOf(args));
      if (error instanceof InputError) return { failure: message };
      throw new ProviderError(message);
    }
  }

  private answer(lookup: AnyLookup, args: Props): Promise<unknown> {
    return lookup.keyless
      ? answerOf(lookup, this.clientOf(this.wallets), args)
      : answerOf(lookup, this.clientOf(this.account), args);
  }

  private clientOf<A extends object>(holder: Holder<object, Session & { api: A }>): Client<A> {
    const session = holder.open();
    if (!session) throw new ProviderError("a setting of proxies-sx is not known yet.");
    const client = (this.clients.get(session.api) as Client<A> | undefined) ?? new Client(session.api);
    this.clients.set(session.api, client);
    return client;
  }
}

const secretsOf = ({ props, secrets }: Opened): string[] =>
  [...secrets].map((name) => props[name]).filter((value) => typeof value === "string");
