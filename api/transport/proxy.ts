import { getProxyForUrl } from "proxy-from-env";
import { NotConnected } from "./not-connected";

/** The proxy that the environment names for a host. */
export interface Proxy {
  /** As in a URL: `http:` and `https:` tunnel by CONNECT, the others are SOCKS. */
  protocol: "http:" | "https:" | "socks:" | "socks4:" | "socks4a:" | "socks5:" | "socks5h:";
  /** A name or an address, without brackets. */
  host: string;
  port: number;
  /** Decoded; at most 255 bytes each, which is what SOCKS can carry. */
  login?: { user: string; password: string };
}

const PORTS = {
  "http:": 80,
  "https:": 443,
  "socks:": 1080,
  "socks4:": 1080,
  "socks4a:": 1080,
  "socks5:": 1080,
  "socks5h:": 1080,
};
const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * By HTTPS_PROXY, else ALL_PROXY, in either case, unless NO_PROXY names the host. A proxy without a scheme is an HTTP
 * one, as for curl. Throws NotConnected for one that cannot be used: going round it could be what it shall prevent.
 */
export function proxyFor(host: string, port: number): Proxy | undefined {
  const found = getProxyForUrl(`https://${host.includes(":") ? `[${host}]` : host}:${port}`);
  if (found === "") return undefined;
  // proxy-from-env writes the target's own scheme before a proxy that has none
  const isAsWritten = VARIABLES.some((name) => process.env[name] === found);
  const url = isAsWritten ? found : found.replace(/^https:/, "http:");
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed?.hostname || !(parsed.protocol in PORTS)) {
    throw unusable("it is no URL such as http://user:password@host:port, or socks5h://host:port");
  }
  const protocol = parsed.protocol as Proxy["protocol"];
  const user = decoded(parsed.username);
  const password = decoded(parsed.password);
  if (Buffer.byteLength(user) > 255 || Buffer.byteLength(password) > 255) {
    throw unusable("its user or password is longer than 255 bytes");
  }
  return {
    protocol,
    host: parsed.hostname.replace(/^\[|\]$/g, ""),
    port: Number(parsed.port) || PORTS[protocol],
    ...(user || password ? { login: { user, password } } : {}),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a "%" that was not encoded
  }
}

function unusable(rule: string): NotConnected {
  return new NotConnected({
    code: "invalid_input",
    reason: `the proxy of the environment is not usable: ${rule}`,
    hint: "Check HTTPS_PROXY and ALL_PROXY",
  });
}
