/** One proxy, as clients need it. */
export interface Proxy {
  /** Name of its resource. */
  name: string;
  host: string;
  port: number;
  login: string;
  password: string;
}

/** With "socks5h" the proxy resolves the names of servers. With "socks5" some clients do that themselves. */
export const PROTOCOLS = ["http", "socks5", "socks5h"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** With no character left that a shell, an env file or a program text could take for its own. */
export function urlOf(proxy: Proxy, protocol: Protocol): string {
  return `${protocol}://${escapedLogin(proxy)}@${addressOf(proxy)}`;
}

/** "login:password", all but letters, digits and "-._" as %XX. */
export const escapedLogin = ({ login, password }: Proxy): string => `${escaped(login)}:${escaped(password)}`;

/** As the header Proxy-Authorization has it behind "Basic". */
export const basicOf = ({ login, password }: Proxy): string => Buffer.from(`${login}:${password}`).toString("base64");

/** "203.0.113.10:8000" */
export const addressOf = ({ host, port }: Proxy): string => `${inBrackets(host)}:${port}`;

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const inBrackets = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** The names, each another: the second "a" is "a_2". */
export function distinct(names: readonly string[], separator: string, reserved: string[] = []): string[] {
  const taken = new Set(reserved);
  return names.map((plain) => {
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}${separator}${n}`;
    taken.add(name);
    return name;
  });
}
