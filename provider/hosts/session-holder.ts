import { type ConfigReader, readSettings, type Settings } from "../run/account-settings";
import { Session } from "../run/session";
import { type Surroundings } from "../run/surroundings";
import { Holder } from "./holder";

/** The session of an account. */
export class SessionHolder extends Holder<Settings, Session> {
  protected read(config: ConfigReader): Settings | undefined {
    return readSettings(config, process.env);
  }

  protected make(settings: Settings, surroundings: Partial<Surroundings>): Session {
    return new Session(settings, surroundings);
  }

  protected secretsOf({ apiKey }: Settings): string[] {
    return [apiKey];
  }

  /** Those of the session, once there is one. */
  get purchases(): Session["purchases"] | undefined {
    return this.current?.purchases;
  }

  get balance(): Session["balance"] | undefined {
    return this.current?.balance;
  }
}
