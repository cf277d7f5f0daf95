import { type Port, type Session, type SessionPort } from "../api";

type Secrets = (string | undefined)[];

/** What of a port is shown on request only. */
export const secretsOfPort = ({ proxyLogin, proxyPassword, rotationToken, rotationLink }: Port): Secrets => [
  proxyLogin,
  proxyPassword,
  rotationToken,
  rotationLink,
];

/** The same of a session that a wallet paid for, with its ports. */
export const secretsOfSession = ({ token, proxy, rotationUrl, rotationToken, ports = [] }: Session): Secrets => [
  token,
  proxy?.username,
  proxy?.password,
  rotationUrl,
  rotationToken,
  ...ports.flatMap(secretsOfSessionPort),
];

/** The same of one of its ports. */
export const secretsOfSessionPort = ({ http, socks5, rotationUrl }: SessionPort): Secrets => [
  http,
  socks5,
  rotationUrl,
  ...[http, socks5].flatMap(loginIn),
];

/** A URL's login and password may stand elsewhere too. */
function loginIn(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  return [username, password].map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}
