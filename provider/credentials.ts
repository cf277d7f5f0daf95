import { inputNames, outputNames } from "../domain/kinds";
import { type Port } from "../api";
import { InputError } from "./errors";
import { type Handler } from "./handler";
import {
  checkPort,
  goneIsFine,
  isSpared,
  keepingFound,
  knownTarget,
  madeFor,
  missingPort,
  portGone,
  portOf,
  type PortSettings,
  settingsDiff,
  type SettingsTarget,
  targetState,
  unread,
} from "./port-settings";
import { type Session } from "./run/session";
import { isUnknown } from "../domain/unknown";
import { loginFault } from "../domain/proxy-login";

/** Inputs of Credentials, as the engine sends them. The class in the SDK documents each. */
export interface CredentialsArgs extends PortSettings {
  proxyLogin: string;
  proxyPassword: string;
}

export interface CredentialsState extends CredentialsArgs, SettingsTarget {
  /** Where the port answers: the program makes the URLs of it. */
  serverIp?: string;
  httpPort?: number;
  socksPort?: number;
  /** The port's login from before, put back by delete. */
  __found?: { proxyLogin?: string; proxyPassword?: string };
}

const KIND = "Credentials";
const INPUTS = inputNames(KIND);

/** The login and password that a port asks for. */
export const credentials = {
  kind: KIND,

  async check({ news, hidden, session }) {
    checkFilled("proxyLogin", news.proxyLogin);
    const fault = loginFault(news.proxyLogin);
    if (fault !== undefined) throw new InputError("proxyLogin", fault);
    checkFilled("proxyPassword", news.proxyPassword);
    checkPort(KIND, news, hidden, session);
  },

  async diff(request) {
    const { olds, news } = request;
    const changed = news.proxyLogin !== olds.proxyLogin || news.proxyPassword !== olds.proxyPassword;
    return settingsDiff(request, changed, outputNames(KIND));
  },

  async create({ news, hidden, session }) {
    return { id: news.port, state: await make(news, knownTarget(news, hidden, undefined, session), session) };
  },

  async read({ id, olds, session }) {
    const port = await session.ports.find(madeFor(id, olds));
    if (!port) return unread(INPUTS, olds as CredentialsState);
    const now = {
      port: id,
      proxyLogin: port.proxyLogin ?? olds.proxyLogin ?? "",
      proxyPassword: port.proxyPassword ?? olds.proxyPassword ?? "",
    };
    const drifted = now.proxyLogin !== olds.proxyLogin || now.proxyPassword !== olds.proxyPassword;
    const read = { ...(olds as CredentialsState), ...state(now, port, olds) };
    return { state: read, inputs: now, drifted };
  },

  async update({ id, olds, news, hidden, session }) {
    const target = knownTarget(news, hidden, olds, session);
    if (target !== madeFor(id, olds)) return make(news, target, session);
    const { proxyLogin, proxyPassword } = news;
    const set = await session.api.ports
      .setCredentials(target, { proxyLogin, proxyPassword })
      .catch(missingPort(target));
    session.ports.wrote(target, set);
    const port = await session.ports.find(target);
    if (!port) throw portGone(target);
    return { ...state(news, port, olds), ...targetState(news, target, session, olds), __found: olds.__found };
  },

  async delete({ id, olds, session }) {
    const { proxyLogin, proxyPassword } = olds.__found ?? {};
    if (isSpared(KIND, id, olds, session) || (proxyLogin === undefined && proxyPassword === undefined)) return;
    const target = madeFor(id, olds);
    if (proxyPassword === undefined) {
      session.notice(
        `port ${target} gets its previous login back, but keeps the password: the vendor did not report the previous one.`,
      );
    }
    await session.api.ports
      .setCredentials(target, { proxyLogin, proxyPassword })
      .catch(goneIsFine(target, olds, session));
    session.ports.wrote(target, undefined);
  },
} satisfies Handler<"Credentials", CredentialsArgs, CredentialsState>;

/** Sets them for a port that has others, and keeps what that port had before. */
async function make(news: CredentialsArgs, target: string, session: Session): Promise<CredentialsState> {
  const before = await portOf(target, session);
  const { proxyLogin, proxyPassword } = news;
  const found = foundOn(before, news, session);
  const made = { ...state(news, before), ...targetState(news, target, session), __found: found };
  if (before.proxyLogin !== proxyLogin || before.proxyPassword !== proxyPassword) {
    await session.api.ports
      .setCredentials(target, { proxyLogin, proxyPassword })
      .catch(missingPort(target))
      .catch(keepingFound(news.port, made));
    session.ports.amend(before, { proxyLogin, proxyPassword });
  }
  return made;
}

/**
 * What delete puts back. A port may have the very login that is set: a destroy that failed made the engine forget these
 * Credentials, and not the Port, whose state knows what it came with.
 */
function foundOn(before: Port, news: CredentialsArgs, session: Session): CredentialsState["__found"] {
  const { proxyLogin, proxyPassword } = before;
  const isSet = proxyLogin === news.proxyLogin && (proxyPassword ?? news.proxyPassword) === news.proxyPassword;
  const own = isSet ? session.memory.loginOf(before.id) : undefined;
  return own?.proxyLogin === undefined || own.proxyLogin === proxyLogin ? { proxyLogin, proxyPassword } : own;
}

/** What an answer does not report stays as it was in `old`. */
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

/** No rule for lengths or characters of the vendor's is known, so only emptiness is refused. */
function checkFilled(property: string, value: unknown): void {
  if (isUnknown(value) || (typeof value === "string" && value.length > 0)) return;
  throw new InputError(
    property,
    `must be a text that is not empty${property === "proxyPassword" ? "; use a generated one" : ""}.`,
  );
}
