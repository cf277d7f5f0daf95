import { createHash } from "node:crypto";
import { addressOf, basicOf, distinct, escapedLogin, type Proxy } from "./proxy";
import { type Format } from "./proxy-formats";

/**
 * Parts of the configuration of programs that stand before a fleet, for clients that know one address for ever. What a
 * program listens to, and who may use it, is in the user's own file: these change with each renewal.
 */

/** Bytes of "login:password" that Squid has room for. */
const MOST_OF_SQUID = 128;

export const squid: Format = {
  isEndpoint: true,
  noSocks5: "Squid reaches other proxies by HTTP only",
  leavesOut: ({ login, password }) => {
    if (/^(\*|NEGOTIATE)/.test(login)) return "has a login that Squid takes for a command";
    return Buffer.byteLength(`${login}:${password}`) > MOST_OF_SQUID
      ? "has a longer login than Squid sends"
      : undefined;
  },
  write: (proxies) => {
    const names = namesOf(proxies);
    return [
      "# In squid.conf: include THIS-FILE. When it is written anew: squid -k reconfigure",
      ...proxies.map(
        (proxy, index) =>
          `cache_peer ${proxy.host} parent ${proxy.port} 0 name=${names[index]} login=${escapedLogin(proxy)} ` +
          "round-robin no-query no-digest no-netdb-exchange connect-timeout=10 connect-fail-limit=2",
      ),
      "never_direct allow all",
      "# What a cache has was seen from another address, and these two headers hold this machine's address.",
      "cache deny all",
      "via off",
      "forwarded_for delete",
    ];
  },
};

export const haproxy: Format = {
  isEndpoint: true,
  refuses: (proxies, protocol) =>
    protocol !== "http" && new Set(proxies.map(escapedLogin)).size > 1
      ? "HAProxy hands SOCKS5 through with the client's own login, and these proxies have several: " +
        "give them one by Credentials, or use --protocol http"
      : undefined,
  write: (proxies, protocol) => (protocol === "http" ? withLogins(proxies) : handedThrough(proxies)),
};

const ABOUT_HAPROXY =
  "# haproxy -W -f YOUR-FILE -f THIS-FILE, where YOUR-FILE has a frontend with: default_backend proxies-sx";
const DEFAULTS = [
  "defaults proxies-sx",
  "  timeout connect 10s",
  "  timeout client 1h",
  "  timeout server 1h",
  "  timeout tunnel 1h",
];
const CHECK = "check inter 10s fastinter 1s fall 2 rise 1 observe layer4 error-limit 3 on-error mark-down";

/** HAProxy sets a header before it chooses a server, so each proxy has a section that sets its login. */
function withLogins(proxies: readonly Proxy[]): string[] {
  const names = namesOf(proxies);
  const socketOf = (name: string): string => `abns@proxies-sx-${digestOf(proxies)}-${name}`;
  return [
    ABOUT_HAPROXY,
    ...DEFAULTS,
    "",
    "backend proxies-sx",
    "  mode tcp",
    "  balance roundrobin",
    ...names.map((name) => `  server ${name} ${socketOf(name)} track proxies-sx-${name}/out`),
    ...proxies.flatMap((proxy, index) => [
      "",
      `listen proxies-sx-${names[index]}`,
      "  mode http",
      `  bind ${socketOf(names[index] as string)}`,
      `  http-request set-header Proxy-Authorization 'Basic ${basicOf(proxy)}'`,
      `  server out ${addressOf(proxy)} ${CHECK}`,
    ]),
  ];
}

function handedThrough(proxies: readonly Proxy[]): string[] {
  const names = namesOf(proxies);
  return [
    ABOUT_HAPROXY,
    "# Clients send the login of the proxies themselves.",
    ...DEFAULTS,
    "",
    "backend proxies-sx",
    "  mode tcp",
    "  balance roundrobin",
    ...proxies.map((proxy, index) => `  server ${names[index]} ${addressOf(proxy)} ${CHECK}`),
  ];
}

/** Sockets within one HAProxy have names that another one on this machine does not have. */
const digestOf = (proxies: readonly Proxy[]): string =>
  createHash("sha256").update(proxies.map(addressOf).join(" ")).digest("hex").slice(0, 12);

/** As both programs take names. Squid refuses a file with two that differ in case only. */
const namesOf = (proxies: readonly Proxy[]): string[] =>
  distinct(
    proxies.map(
      ({ name }) =>
        name
          .replace(/[^A-Za-z0-9]+/g, "-")
          .slice(0, 40)
          .toLowerCase() || "proxy",
    ),
    ".",
  );
