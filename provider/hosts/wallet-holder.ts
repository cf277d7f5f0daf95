import { secretsOfUrl } from "../../api";
import { type ConfigReader } from "../run/account-settings";
import { type Surroundings } from "../run/surroundings";
import { WalletSession } from "../run/wallet-session";
import { readWalletSettings, type WalletSettings } from "../run/wallet-settings";
import { Holder } from "./holder";

/** The session of wallets. */
export class WalletHolder extends Holder<WalletSettings, WalletSession> {
  protected read(config: ConfigReader): WalletSettings | undefined {
    return readWalletSettings(config, process.env);
  }

  protected make(settings: WalletSettings, surroundings: Partial<Surroundings>): WalletSession {
    return new WalletSession(settings, surroundings, (secret) => this.conceal(secret));
  }

  /** A node's URL may hold a key of its own. */
  protected secretsOf({ rpcUrl }: WalletSettings): string[] {
    return rpcUrl === undefined ? [] : secretsOfUrl(rpcUrl);
  }

  isQuiet(): boolean {
    return this.current?.isQuiet() ?? true;
  }
}
