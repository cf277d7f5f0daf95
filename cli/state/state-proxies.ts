import { servingPortIn } from "../../domain/hidden-inputs";
import { isKind } from "../../domain/kinds";
import { hasOverStatus, RENEWING } from "../../domain/lease";
import { nameOf, qualifiedTypeOf } from "../../domain/urn";
import { MASK, natural } from "../../text";
import { type Protocol, type Proxy } from "../commands/proxy";
import { readExport, type Resource } from "./stack-state";
import { SIGNATURE } from "../../domain/signature";

const FLEET = "proxies-sx:index:ProxyFleet";

export interface Wanted {
  protocol: Protocol;
  /** Only members of the ProxyFleet of this name. */
  fleet?: string;
  /** Whether passwords, and logins that the program made secret, are taken from the states or masked. */
  showSecrets: boolean;
  /** Epoch ms. */
  now: number;
}

interface StateProxies {
  proxies: Proxy[];
  leftOut: { name: string; why: string }[];
  /** Names of all fleets that the states have. */
  fleets: string[];
}

/** The proxies that states hold, each with the login that it asks for: that of its Credentials, else its own. */
export function proxiesIn(states: readonly { name: string; text: string }[], wanted: Wanted): StateProxies {
  const all = states.flatMap(({ name, text }) => readExport(name, text).resources ?? []);
  const staying = all.filter((one) => !one.delete && !one.pendingReplacement);
  const logins = staying.filter(({ type }) => isKind("Credentials", type));
  const loginOf = new Map(logins.map((login) => [setFor(login), login.outputs]));
  const ports = new Set(
    all.filter(({ type }) => isKind("Port", type)).flatMap(({ id, outputs }) => [id, outputs?.portId]),
  );
  const fleets = staying.filter(({ type }) => type === FLEET).map(({ urn }) => nameOf(urn));
  const found: StateProxies = { proxies: [], leftOut: [], fleets: [...new Set(fleets)].sort(natural) };
  for (const one of [
    ...staying.filter(({ type }) => isKind("Port", type)),
    ...staying.filter(({ type }) => isKind("X402Lease", type)),
    ...logins.filter((login) => !ports.has(login.id) && !ports.has(setFor(login))), // of a port that is managed elsewhere
  ]) {
    if (wanted.fleet !== undefined && !isMember(one, wanted.fleet)) continue;
    const name = nameOf(one.urn);
    const outputs = isKind("X402Lease", one.type) ? asPort(one.outputs) : one.outputs;
    const proxy = proxyOf(name, { ...outputs, ...loginIn(loginOf.get(servingOf(one))) }, wanted);
    if (typeof proxy === "string") found.leftOut.push({ name, why: proxy });
    else found.proxies.push(proxy);
  }
  found.proxies.sort((a, b) => natural(a.name, b.name)); // states have the order in which ports were made
  return found;
}

/** The vendor's id of the port that serves: after a renewal another than the resource's own id. */
const servingOf = ({ type, id, outputs }: Resource): unknown =>
  isKind("Port", type) ? (outputs?.portId ?? id) : setFor({ id, outputs });

/** The port that a login is set for. A run that broke off may have left it on the one of before a renewal. */
const setFor = ({ id, outputs }: Pick<Resource, "id" | "outputs">): unknown => servingPortIn(outputs) ?? id;

/** Whether a resource's parent is the ProxyFleet of a name, itself perhaps within another component. */
function isMember({ parent }: Resource, fleet: string): boolean {
  return (
    nameOf(parent ?? "") === fleet &&
    qualifiedTypeOf(parent ?? "")
      .split("$")
      .at(-1) === FLEET
  );
}

type Outputs = Record<string, unknown>;

/** What a wallet pays for is a proxy as others are, by other names. */
const asPort = (outputs: Outputs | null | undefined): Outputs => ({
  ...outputs,
  serverIp: outputs?.host,
  proxyLogin: outputs?.username,
  proxyPassword: outputs?.password,
});

const loginIn = (outputs: Outputs | null | undefined): Outputs =>
  outputs ? { proxyLogin: outputs.proxyLogin, proxyPassword: outputs.proxyPassword } : {};

/** The proxy, or why there is none. */
function proxyOf(name: string, outputs: Outputs, { protocol, showSecrets, now }: Wanted): Proxy | string {
  const end = endOf(outputs, now);
  if (end !== undefined) return end;
  const { serverIp: host, proxyLogin, proxyPassword } = outputs;
  const port = protocol === "http" ? outputs.httpPort : outputs.socksPort;
  if (typeof host !== "string" || typeof port !== "number") return "was not read yet: run `pulumi refresh`";
  // What the vendor calls its server becomes part of scripts.
  if (!/^[A-Za-z0-9.:_-]+$/.test(host)) return "has an odd address";
  const login = showSecrets || !isSecret(proxyLogin) ? plain(proxyLogin) : MASK;
  const password = showSecrets ? plain(proxyPassword) : MASK;
  if (!isText(login) || !isText(password)) {
    return isSecret(proxyLogin) || isSecret(proxyPassword)
      ? "has an encrypted login: export its state with --show-secrets"
      : "has no whole login in the state: run `pulumi refresh`";
  }
  // HTTP knows no such login (RFC 7617), and curl 7.88 then goes without the proxy and says nothing.
  if (/[\p{Cc}\p{Surrogate}]/u.test(login + password)) return "has a login with characters that no client sends";
  return { name, host, port, login, password };
}

function endOf({ status, expiresAt }: Outputs, now: number): string | undefined {
  if (status === RENEWING) return "has no port until its purchase is finished: run `pulumi up`";
  if (typeof status === "string" && hasOverStatus(status)) return status === "deleted" ? "is gone" : "is expired";
  if (status === "suspended") return "is suspended";
  return typeof expiresAt === "string" && Date.parse(expiresAt) <= now ? "is expired" : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isSecret = (value: unknown): value is { plaintext?: unknown } =>
  typeof value === "object" && value !== null && SIGNATURE in value;

/** A value; of a secret, the JSON that `--show-secrets` decrypts; undefined where it is encrypted. */
function plain(value: unknown): unknown {
  if (!isSecret(value)) return value;
  if (typeof value.plaintext !== "string") return undefined;
  try {
    return JSON.parse(value.plaintext);
  } catch {
    return undefined; // the parser's message would repeat it
  }
}
