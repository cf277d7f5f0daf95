/** Where a proxy answers, and with which login. What the vendor has not reported yet is undefined. */
export interface ConnectionFacts {
  host?: string;
  httpPort?: number;
  socksPort?: number;
  login?: string;
  password?: string;
}

export type Protocol = "http" | "socks5";

/** `http://login:password@host:port`. Undefined while a part of it is not known. */
export function connectionUrl(
  protocol: Protocol,
  { host, login, password, httpPort, socksPort }: ConnectionFacts,
): string | undefined {
  const port = protocol === "http" ? httpPort : socksPort;
  if (!host || !login || !password || port === undefined) return undefined;
  const at = host.includes(":") ? `[${host}]` : host;
  return `${protocol}://${encodeURIComponent(login)}:${encodeURIComponent(password)}@${at}:${port}`;
}
