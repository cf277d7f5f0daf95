import { type Port } from "../api";
import { InputError } from "./errors";
import { type Handler } from "./handler";
import {
  checkPort,
  goneIsFine,
  isSpared,
  missingPort,
  portGone,
  portOf,
  type PortSettings,
  settingsDiff,
} from "./port-settings";
import { isUnknown } from "./unknown";

/** Inputs of Credentials, as the engine sends them. The class in the SDK documents each. */
export interface CredentialsArgs extends PortSettings {
  proxyLogin: string;
  proxyPassword: string;
}

export interface CredentialsState extends CredentialsArgs {
  /** Where the port answers: the program makes the URLs of it. */
  serverIp?: string;
  httpPort?: number;
  socksPort?: number;
  /** The port's login from before, put back by delete. */
  __found?: { proxyLogin?: string; proxyPassword?: string };
}

const KIND = "Credentials";

/** The login and password that a port asks for. */
export const credentials = {
  type: `pulumi-nodejs:dynamic/proxies-sx:${KIND}`,
  inputs: ["port", "proxyLogin", "proxyPassword"],
  secrets: ["proxyPassword"],

  async check({ news, hidden, session }) {
    checkFilled("proxyLogin", news.proxyLogin);
    checkFilled("proxyPassword", news.proxyPassword);
    checkPort(KIND, news, hidden, session);
  },

  async diff({ olds, news }) {
    return settingsDiff(olds, news, news.proxyLogin !== olds.proxyLogin || news.proxyPassword !== olds.proxyPassword);
  },

  async create({ news, session }) {
    const before = await portOf(news, session);
    const { proxyLogin, proxyPassword } = news;
    if (before.proxyLogin !== proxyLogin || before.proxyPassword !== proxyPassword) {
      await session.api.ports.setCredentials(news.port, { proxyLogin, proxyPassword }).catch(missingPort(news.port));
      session.ports.amend(before, { proxyLogin, proxyPassword });
    }
    const found = { proxyLogin: before.proxyLogin, proxyPassword: before.proxyPassword };
    return { id: news.port, state: { ...state(news, before), __found: found } };
  },

  async read({ id, olds, session }) {
    const port = await session.ports.find(id);
    if (!port) return { state: olds as CredentialsState };
    const now = {
      port: id,
      proxyLogin: port.proxyLogin ?? olds.proxyLogin ?? "",
      proxyPassword: port.proxyPassword ?? olds.proxyPassword ?? "",
    };
    const drifted = now.proxyLogin !== olds.proxyLogin || now.proxyPassword !== olds.proxyPassword;
    const read = { ...(olds as CredentialsState), ...state(now, port, olds) };
    return drifted ? { state: read, inputs: now } : { state: read };
  },

  async update({ id, olds, news, session }) {
    const { proxyLogin, proxyPassword } = news;
    session.ports.wrote(
      id,
      await session.api.ports.setCredentials(id, { proxyLogin, proxyPassword }).catch(missingPort(id)),
    );
    const port = await session.ports.find(id);
    if (!port) throw portGone(id);
    return { ...state(news, port, olds), __found: olds.__found };
  },

  async delete({ id, olds, session }) {
    const { proxyLogin, proxyPassword } = olds.__found ?? {};
    if (isSpared(KIND, id, session) || (proxyLogin === undefined && proxyPassword === undefined)) return;
    if (proxyPassword === undefined) {
      session.notice(
        `port ${id} gets back its login, but keeps the password: the vendor did not tell the one from before.`,
      );
    }
    await session.api.ports.setCredentials(id, { proxyLogin, proxyPassword }).catch(goneIsFine);
    session.ports.wrote(id, undefined);
  },
} satisfies Handler<CredentialsArgs, CredentialsState>;

/** What an answer does not tell stays as it was in `old`. */
function state(args: CredentialsArgs, port: Port, old: Partial<CredentialsState> = {}): CredentialsState {
  const { proxyLogin, proxyPassword } = args;
  return {
    port: args.port,
    proxyLogin,
    proxyPassword,
    serverIp: port.serverIp ?? old.serverIp,
    httpPort: port.httpPort ?? old.httpPort,
    socksPort: port.socksPort ?? old.socksPort,
  };
}

/** No rule for lengths or characters is known (source: none of the vendor's), so only emptiness is refused. */
function checkFilled(property: string, value: unknown): void {
  if (isUnknown(value) || (typeof value === "string" && value.length > 0)) return;
  throw new InputError(
    property,
    `must be a text that is not empty${property === "proxyPassword" ? "; use a generated one" : ""}.`,
  );
}
