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

export type FormatName = "txt" | "env" | "pac" | "curl" | "scrapy" | "playwright" | "requests";

interface Format {
  write: (proxies: readonly Proxy[], protocol: Protocol) => string[];
  /** It names servers only. */
  hasNoLogins?: true;
  /** Why it cannot use SOCKS5. */
  noSocks5?: string;
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
      const choices = proxies.map(({ host, port }) => `${kind} ${inBrackets(host)}:${port}`);
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

  playwright: {
    noSocks5: "Chromium takes no login for SOCKS5",
    write: (proxies) => {
      const one = ({ host, port, login, password }: Proxy): string =>
        `  ${JSON.stringify({ server: `http://${inBrackets(host)}:${port}`, username: login, password })},`;
      return ["// await chromium.launch({ proxy: proxies[0] })", "export const proxies = [", ...proxies.map(one), "];"];
    },
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
};

export const isProtocol = (name: string): name is Protocol => (PROTOCOLS as readonly string[]).includes(name);

export const isFormat = (name: string): name is FormatName => Object.hasOwn(FORMATS, name);

/** For clients that know the difference: else they ask this machine's resolver, which tells others what is visited. */
const resolving = (protocol: Protocol): Protocol => (protocol === "http" ? "http" : "socks5h");

/** With no character left that a shell, an env file or a program text could take for its own. */
function urlOf({ host, port, login, password }: Proxy, protocol: Protocol): string {
  return `${protocol}://${escaped(login)}:${escaped(password)}@${inBrackets(host)}:${port}`;
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const inBrackets = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** PROXY_SCRAPER_1, each another: stacks may have resources of one name. */
function variablesOf(proxies: readonly Proxy[]): string[] {
  const taken = new Set(["PROXY_URLS"]);
  return proxies.map(({ name }) => {
    const plain = `PROXY_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;
    let variable = plain;
    for (let n = 2; taken.has(variable); n++) variable = `${plain}_${n}`;
    taken.add(variable);
    return variable;
  });
}

/** A string of JSON is one of Python too. */
const pythonList = (name: string, proxies: readonly Proxy[], one: (proxy: Proxy) => string): string[] => [
  `${name} = [`,
  ...proxies.map((proxy) => `    ${one(proxy)},`),
  "]",
];
