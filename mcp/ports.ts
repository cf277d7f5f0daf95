import { type Api, type Port } from "../api";
import { type Around } from "./around";
import { ToolError } from "./tool";
import { connectionUrl } from "../domain/connection-url";

/** A port that must be there. */
export async function portOf(id: string, api: Api): Promise<Port> {
  const port = await api.ports.get(id);
  if (!port) throw new ToolError(`the account has no port ${id.slice(0, 64)}: list_ports has those that exist.`);
  return port;
}

/** URLs by which clients connect; none for a port without a login. */
export function urlsOf(
  { serverIp, httpPort, socksPort, proxyLogin: login, proxyPassword: password }: Port,
  host = serverIp,
) {
  const facts = { host, httpPort, socksPort, login, password };
  const [http, socks5] = [connectionUrl("http", facts), connectionUrl("socks5", facts)];
  return { ...(http !== undefined && { http }), ...(socks5 !== undefined && { socks5 }) };
}

export const rotationUrlOf = ({ rotationLink, rotationToken }: Port, { apiUrl }: Pick<Around, "apiUrl">) =>
  rotationLink ?? (rotationToken === undefined ? undefined : `${apiUrl}/rotate/${rotationToken}`);

/** For lists: what distinguishes ports. */
export const briefly = ({ country, carrier, ...port }: Port) => ({
  id: port.id,
  displayName: port.displayName,
  slotType: port.slotType,
  status: port.status,
  healthStatus: port.healthStatus,
  country: country?.code ?? country?.name,
  carrier: carrier?.brand ?? carrier?.name,
  serverIp: port.serverIp,
  httpPort: port.httpPort,
  socksPort: port.socksPort,
  expiresAt: port.expiresAt,
  rotates: port.rotationSettings?.enabled,
});

/** "Proxy #1 (6935a7…), Germany, active" */
export const shortly = ({ id, displayName, country, status }: Port): string =>
  [displayName === undefined ? id : `${displayName} (${id})`, country?.name ?? country?.code, status]
    .filter((part) => part !== undefined)
    .join(", ");
