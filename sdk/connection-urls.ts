import * as pulumi from "@pulumi/pulumi";
import { connectionUrl, type Protocol } from "../domain/connection-url";
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
export const httpUrlOf = (at: Connection): pulumi.Output<string> => urlOf("http", at);

/** `socks5://login:password@server:port`, secret, made as {@link httpUrlOf} is. */
export const socks5UrlOf = (at: Connection): pulumi.Output<string> => urlOf("socks5", at);

/** The parts of a connection, as {@link getPort} tells them. */
export interface ConnectionParts {
  serverIp?: string;
  httpPort?: number;
  socksPort?: number;
  proxyLogin?: string;
  proxyPassword?: string;
}

/**
 * `http://login:password@server:port`, or `socks5://…`, secret: of a {@link Port}, of {@link Credentials}, or of a port
 * as {@link getPort} and {@link getPortOutput} give it. Undefined while the vendor has not told one of its parts.
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

function urlOf(protocol: Protocol, at: Connection): pulumi.Output<string> {
  const port = protocol === "http" ? at.httpPort : at.socksPort;
  const told = pulumi.all([at.serverIp, at.proxyLogin, at.proxyPassword, port]);
  const url = told.apply(([host, login, password, one]) =>
    // Undefined while the vendor has not told a part, as every other output is then.
    connectionUrl(protocol, { host, login, password, httpPort: one, socksPort: one }),
  );
  return pulumi.secret(url as pulumi.Output<string>);
}
