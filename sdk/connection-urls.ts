import * as pulumi from "@pulumi/pulumi";
import { runError } from "./engine/run-error";

/** Where a port answers and with which login. */
export interface Connection {
  serverIp: pulumi.Output<string>;
  httpPort: pulumi.Output<number>;
  socksPort: pulumi.Output<number>;
  proxyLogin: pulumi.Output<string>;
  proxyPassword: pulumi.Output<string>;
}

/**
 * `http://login:password@server:port`, secret. Made from its parts in the program, not kept in the state: encrypted
 * once more for each port, the two URLs of a port would be a fifth of its state, which the engine writes at each step.
 */
export const httpUrlOf = (at: Connection): pulumi.Output<string> => urlOf("http", at, at.httpPort);

/** `socks5://login:password@server:port`, secret, made as {@link httpUrlOf} is. */
export const socks5UrlOf = (at: Connection): pulumi.Output<string> => urlOf("socks5", at, at.socksPort);

/** The parts of a connection, as {@link getPort} returns them. */
export interface ConnectionParts {
  serverIp?: string;
  httpPort?: number;
  socksPort?: number;
  proxyLogin?: string;
  proxyPassword?: string;
}

/**
 * `http://login:password@server:port`, or `socks5://…`, secret: of a {@link Port}, of {@link Credentials}, or of a port
 * as {@link getPort} and {@link getPortOutput} give it. Undefined while the vendor has not reported one of its parts.
 *
 * @example
 * export const url = proxies.connectionString(proxies.getPortOutput({ port: "6926…" }), "socks5");
 */
export function connectionString(
  port: Connection | pulumi.Input<ConnectionParts>,
  protocol: "http" | "socks5",
): pulumi.Output<string> {
  const at = (pulumi.Resource.isInstance(port) ? port : pulumi.output(port)) as Connection;
  if (protocol === "http") return httpUrlOf(at);
  if (protocol === "socks5") return socks5UrlOf(at);
  throw runError("connectionString: protocol: is unknown. Give one of: http, socks5.");
}

function urlOf(scheme: string, at: Connection, port: pulumi.Output<number>): pulumi.Output<string> {
  const { serverIp, proxyLogin, proxyPassword } = at;
  const told = pulumi.all([serverIp, proxyLogin, proxyPassword, port]);
  return pulumi.secret(told.apply((parts) => url(scheme, ...parts) as string));
}

/** Undefined while the vendor has not reported a part, as every other output is then. */
function url(scheme: string, serverIp?: string, login?: string, password?: string, port?: number): string | undefined {
  if (!serverIp || !login || !password || port === undefined) return undefined;
  const host = serverIp.includes(":") ? `[${serverIp}]` : serverIp;
  return `${scheme}://${encodeURIComponent(login)}:${encodeURIComponent(password)}@${host}:${port}`;
}
