import { loginFault } from "../../domain/proxy-login";
import { axios, playwright, puppeteer, selenium, undici } from "./client-formats";
import { addressOf, distinct, PROTOCOLS, type Protocol, type Proxy, urlOf } from "./proxy";
import { haproxy, squid } from "./endpoint-formats";

export type FormatName =
  | ("txt" | "env" | "pac" | "curl" | "scrapy" | "requests" | "axios" | "undici")
  | ("playwright" | "puppeteer" | "selenium" | "squid" | "haproxy");

export interface Format {
  write: (proxies: readonly Proxy[], protocol: Protocol) => string[];
  /** It names servers only. */
  hasNoLogins?: true;
  /** A part of the configuration of a program that stands before a fleet, not of a client. */
  isEndpoint?: true;
  /** Why it cannot use SOCKS5. */
  noSocks5?: string;
  /** Why a proxy cannot be in it. */
  leavesOut?: (proxy: Proxy) => string | undefined;
  /** Why these proxies cannot be together in it. */
  refuses?: (proxies: readonly Proxy[], protocol: Protocol) => string | undefined;
}

/** What clients read, by the name that `--format` takes. */
export const FORMATS: Record<FormatName, Format> = {
  txt: { write: (proxies, protocol) => proxies.map((proxy) => urlOf(proxy, protocol)) },

  // Without quotes: these URLs need none in a shell or dotenv, and `docker run --env-file` takes them for a part.
  env: {
    write: (proxies, protocol) => {
      const urls = proxies.map((proxy) => urlOf(proxy, protocol));
      const each = variablesOf(proxies).map((variable, index) => `${variable}=${urls[index]}`);
      return [...each, `PROXY_URLS=${urls.join(",")}`];
    },
  },

  pac: {
    hasNoLogins: true,
    write: (proxies, protocol) => {
      const kind = protocol === "http" ? "PROXY" : "SOCKS5";
      const choices = proxies.map((proxy) => `${kind} ${addressOf(proxy)}`);
      return [
        "// A PAC file cannot hold logins: the browser asks for them, or the proxies know this machine.",
        "function FindProxyForURL(url, host) {",
        '  if (isPlainHostName(host) || host === "127.0.0.1") return "DIRECT";',
        `  return ${JSON.stringify(choices.join("; "))};`,
        "}",
      ];
    },
  },

  // A file for --config: on a command line others would see the password.
  curl: {
    write: (proxies, protocol) => [
      "# curl --config THIS-FILE https://example.com",
      ...proxies.map(
        (proxy, index) => `${index === 0 ? "" : "# "}proxy = ${JSON.stringify(urlOf(proxy, resolving(protocol)))}`,
      ),
    ],
  },

  scrapy: {
    noSocks5: "Scrapy takes no SOCKS5 proxies",
    write: (proxies, protocol) => [
      "# settings.py",
      "import random",
      "",
      ...pythonList("PROXIES", proxies, (proxy) => JSON.stringify(urlOf(proxy, protocol))),
      "",
      "",
      "class RandomProxy:",
      "    def process_request(self, request, spider):",
      '        request.meta.setdefault("proxy", random.choice(PROXIES))',
      "",
      "",
      "# Before Scrapy's own at 750, which takes the login out of the URL.",
      "DOWNLOADER_MIDDLEWARES = {RandomProxy: 740}",
      'HTTPPROXY_AUTH_ENCODING = "utf-8"',
    ],
  },

  requests: {
    write: (proxies, protocol) => [
      `# requests.get(url, proxies=PROXIES[0])${protocol === "http" ? "" : "; needs requests[socks]"}`,
      ...pythonList("PROXIES", proxies, (proxy) => {
        const url = JSON.stringify(urlOf(proxy, resolving(protocol)));
        return `{"http": ${url}, "https": ${url}}`;
      }),
    ],
  },

  axios,
  undici,
  playwright,
  puppeteer,
  selenium,
  squid,
  haproxy,
};

export const isProtocol = (name: string): name is Protocol => (PROTOCOLS as readonly string[]).includes(name);

export const isFormat = (name: string): name is FormatName => Object.hasOwn(FORMATS, name);

/** For clients that know the difference: else they ask this machine's resolver, which shows others what is visited. */
const resolving = (protocol: Protocol): Protocol => (protocol === "http" ? "http" : "socks5h");

/** PROXY_SCRAPER_1, each another: stacks may have resources of one name. */
const variablesOf = (proxies: readonly Proxy[]): string[] =>
  distinct(
    proxies.map(({ name }) => `PROXY_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`),
    "_",
    ["PROXY_URLS"],
  );

/** Why a proxy cannot be in what is written. The methods of SOCKS5 send a login by its length, with any character. */
export function whyLeftOut(proxy: Proxy, { leavesOut, hasNoLogins }: Format, protocol: Protocol): string | undefined {
  if (protocol === "http" && !hasNoLogins && loginFault(proxy.login) !== undefined)
    return 'has a login with ":", where HTTP ends it';
  return leavesOut?.(proxy);
}

/** A string of JSON is one of Python too. */
const pythonList = (name: string, proxies: readonly Proxy[], one: (proxy: Proxy) => string): string[] => [
  `${name} = [`,
  ...proxies.map((proxy) => `    ${one(proxy)},`),
  "]",
];
