import { UsageError } from "./usage-error";

/** One proxy, as clients need it. */
export interface Proxy {
  /** Name of its resource. */
  name: string;
  host: string;
  port: number;
  login: string;
  password: string;
}

export type Protocol = "http" | "socks5";

type Format = (proxies: readonly Proxy[], protocol: Protocol) => string[];

/** What clients read, by the name that `--format` takes. All of it is text without secrets but those of the URLs. */
export const FORMATS: Record<string, Format> = {
  txt: (proxies, protocol) => proxies.map((proxy) => urlOf(proxy, protocol)),

  env: (proxies, protocol) => [
    ...proxies.map((proxy) => `PROXY_${variable(proxy.name)}='${urlOf(proxy, protocol)}'`),
    `PROXY_URLS='${proxies.map((proxy) => urlOf(proxy, protocol)).join(",")}'`,
  ],

  // A PAC file names servers only: a browser asks for the login.
  pac: (proxies, protocol) => [
    "// A PAC file cannot hold logins: the browser asks for them, or the proxies know this machine.",
    "function FindProxyForURL(url, host) {",
    '  if (isPlainHostName(host) || host === "127.0.0.1") return "DIRECT";',
    `  return ${JSON.stringify(proxies.map(({ host, port }) => `${protocol === "http" ? "PROXY" : "SOCKS5"} ${inBrackets(host)}:${port}`).join("; "))};`,
    "}",
  ],

  // A file for --config: on a command line others would see the password.
  curl: (proxies, protocol) => [
    "# curl --config THIS-FILE https://example.com",
    ...proxies.map((proxy, index) => `${index === 0 ? "" : "# "}proxy = ${JSON.stringify(urlOf(proxy, protocol))}`),
  ],

  scrapy: (proxies, protocol) => {
    if (protocol !== "http") throw new UsageError("Scrapy takes no SOCKS5 proxies: use --protocol http");
    return [
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
    ];
  },

  playwright: (proxies, protocol) => {
    if (protocol !== "http") throw new UsageError("Chromium takes no login for SOCKS5: use --protocol http");
    const one = ({ host, port, login, password }: Proxy): string =>
      `  ${JSON.stringify({ server: `http://${inBrackets(host)}:${port}`, username: login, password })},`;
    return ["// await chromium.launch({ proxy: proxies[0] })", "export const proxies = [", ...proxies.map(one), "];"];
  },

  requests: (proxies, protocol) => [
    `# requests.get(url, proxies=PROXIES[0])${protocol === "socks5" ? "; needs requests[socks]" : ""}`,
    ...pythonList("PROXIES", proxies, (proxy) => {
      const url = JSON.stringify(urlOf(proxy, protocol));
      return `{"http": ${url}, "https": ${url}}`;
    }),
  ],
};

/** With no character left that a shell, an env file or a program text could take for its own. */
function urlOf({ host, port, login, password }: Proxy, protocol: Protocol): string {
  return `${protocol}://${escaped(login)}:${escaped(password)}@${inBrackets(host)}:${port}`;
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const inBrackets = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const variable = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");

const pythonList = (name: string, proxies: readonly Proxy[], one: (proxy: Proxy) => string): string[] => [
  `${name} = [`,
  ...proxies.map((proxy) => `    ${one(proxy)},`),
  "]",
];
