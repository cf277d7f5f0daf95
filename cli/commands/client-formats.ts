import { literal } from "../../text/literal";
import { addressOf, type Proxy, urlOf } from "./proxy";
import { type Format } from "./proxy-formats";

const CHROMIUM = "Chromium takes no login for SOCKS5";

/** An ECMAScript module that exports `proxies`. */
const esModule = (use: string, proxies: readonly Proxy[], one: (proxy: Proxy) => unknown): string[] => [
  ...use.split("\n").map((line) => `// ${line}`),
  "export const proxies = [",
  ...proxies.map((proxy) => `  ${literal(one(proxy))},`),
  "];",
];

export const axios: Format = {
  noSocks5: "axios takes no SOCKS5 proxies by itself",
  write: (proxies) =>
    esModule("await axios.get(url, { proxy: proxies[0] })", proxies, ({ host, port, login, password }) => ({
      protocol: "http",
      host,
      port,
      auth: { username: login, password },
    })),
};

export const undici: Format = {
  noSocks5: "undici's ProxyAgent takes no SOCKS5 proxies",
  write: (proxies, protocol) =>
    esModule(
      'import { fetch, ProxyAgent } from "undici";\nawait fetch(url, { dispatcher: new ProxyAgent(proxies[0]) })',
      proxies,
      (proxy) => urlOf(proxy, protocol),
    ),
};

export const playwright: Format = {
  noSocks5: CHROMIUM,
  write: (proxies) =>
    esModule("await chromium.launch({ proxy: proxies[0] })", proxies, (proxy) => ({
      server: serverOf(proxy),
      username: proxy.login,
      password: proxy.password,
    })),
};

/** The login is no argument of the browser: others could read it there. */
export const puppeteer: Format = {
  noSocks5: CHROMIUM,
  write: (proxies) =>
    esModule(
      "const browser = await puppeteer.launch({ args: proxies[0].args });\n" +
        "const page = await browser.newPage();\nawait page.authenticate(proxies[0].login);",
      proxies,
      (proxy) => ({
        args: [`--proxy-server=${serverOf(proxy)}`],
        login: { username: proxy.login, password: proxy.password },
      }),
    ),
};

/** Selenium has a login for proxies by WebDriver BiDi only. */
export const selenium: Format = {
  noSocks5: CHROMIUM,
  write: (proxies) => [
    "# driver = chrome(PROXIES[0]); needs selenium 4.29 or later",
    "from selenium import webdriver",
    "",
    "PROXIES = [",
    ...proxies.map((proxy) => `    (${[serverOf(proxy), proxy.login, proxy.password].map(pythonText).join(", ")}),`),
    "]",
    "",
    "",
    "def chrome(proxy, options=None):",
    "    server, login, password = proxy",
    "    options = options or webdriver.ChromeOptions()",
    "    options.enable_bidi = True",
    '    options.add_argument("--proxy-server=" + server)',
    "    driver = webdriver.Chrome(options=options)",
    "    driver.network.add_auth_handler(login, password)",
    "    return driver",
  ],
};

/** In ASCII: of characters beyond 16 bits Python would take JSON's two escapes for two characters. */
const pythonText = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/gu, (sign) => `\\U${(sign.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`);

const serverOf = (proxy: Proxy): string => `http://${addressOf(proxy)}`;
