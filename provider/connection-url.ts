/** Where a port answers and with which login. */
export interface Connection {
  serverIp?: string;
  httpPort?: number;
  socksPort?: number;
  proxyLogin?: string;
  proxyPassword?: string;
}

/** The two URLs of a port, or none while a part of them is missing. Both hold the password. */
export function connectionUrls(at: Connection): { httpUrl?: string; socks5Url?: string } {
  const { serverIp, proxyLogin, proxyPassword } = at;
  if (!serverIp || !proxyLogin || !proxyPassword) return {};
  const login = `${encodeURIComponent(proxyLogin)}:${encodeURIComponent(proxyPassword)}`;
  const host = serverIp.includes(":") ? `[${serverIp}]` : serverIp;
  return {
    ...(at.httpPort !== undefined && { httpUrl: `http://${login}@${host}:${at.httpPort}` }),
    ...(at.socksPort !== undefined && { socks5Url: `socks5://${login}@${host}:${at.socksPort}` }),
  };
}
