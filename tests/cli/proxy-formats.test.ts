import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import axios, { type AxiosProxyConfig } from "axios";
import fc from "fast-check";
import { type Protocol, type Proxy } from "../../cli/commands/proxy";
import { FORMATS, type FormatName } from "../../cli/commands/proxy-formats";
import { smallProxy } from "./small-proxy";
import { runsOf } from "../cases";

const PROXY: Proxy = { name: "scraper-1", host: "203.0.113.10", port: 8000, login: "team-a", password: "p" };
const written = (format: FormatName, proxies: Proxy[], protocol: Protocol = "http"): string =>
  FORMATS[format].write(proxies, protocol).join("\n");

interface Login {
  login: string;
  password: string;
}

/** Any text that a person could have for a login, and what shells, Python and JavaScript take for their own. */
const sign = fc.constantFrom(...`'"\`$%&\\#~!*(){}[]<>|;:,@/?=+ \n\r\t\u2028`);
const text = fc.string({
  minLength: 1,
  unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" }), sign),
});
const anyLogin: fc.Arbitrary<Login> = fc.record({ login: text, password: text });
const decoded = (url: string): Login => {
  const { username, password } = new URL(url);
  return { login: decodeURIComponent(username), password: decodeURIComponent(password) };
};
const lines = (all: string): string[] => all.split("\n");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("txt: one URL a line", () => {
  expect(written("txt", [PROXY, { ...PROXY, host: "2001:db8::1" }])).toBe(
    "http://team-a:p@203.0.113.10:8000\nhttp://team-a:p@[2001:db8::1]:8000",
  );
  expect(written("txt", [PROXY], "socks5")).toBe("socks5://team-a:p@203.0.113.10:8000");
  expect(written("txt", [PROXY], "socks5h")).toBe("socks5h://team-a:p@203.0.113.10:8000");
});

it("any login comes back from a URL, and no line is broken by one", () => {
  fc.assert(
    fc.property(anyLogin, (login) => {
      const [url = "", ...rest] = lines(written("txt", [{ ...PROXY, ...login }]));
      expect(rest).toEqual([]);
      expect(decoded(url)).toEqual(login);
    }),
  );
});

describe("env", () => {
  it("a shell reads any login back", () => {
    fc.assert(
      fc.property(anyLogin, anyLogin, (a, b) => {
        const proxies = [
          { ...PROXY, ...a },
          { ...PROXY, ...b, name: "b", host: "2001:db8::1" },
        ];
        const script = `${written("env", proxies)}\nprintf '%s\\n' "$PROXY_SCRAPER_1" "$PROXY_B" "$PROXY_URLS"`;
        const [first = "", second = "", all, ...rest] = lines(execFileSync("sh", ["-euc", script]).toString());
        expect([decoded(first), decoded(second), all, rest]).toEqual([a, b, `${first},${second}`, [""]]);
      }),
      { numRuns: runsOf(20) },
    );
  });

  it("has no quotes and nothing to expand, for readers that take a line as it is", () => {
    fc.assert(
      fc.property(anyLogin, (login) => {
        for (const line of lines(written("env", [{ ...PROXY, ...login }])))
          expect(line).toMatch(/^[A-Z0-9_]+=[A-Za-z0-9._%:/@,-]+$/);
      }),
    );
  });

  it("each proxy has a variable, whatever the resources are called", () => {
    const names = ["a-b", "a_b", "A.B", "urls", "日本", "", "a b-2"];
    const variables = lines(
      written(
        "env",
        names.map((name) => ({ ...PROXY, name })),
      ),
    ).map((line) => line.split("=")[0]);
    expect(variables).toEqual([
      "PROXY_A_B",
      "PROXY_A_B_2",
      "PROXY_A_B_3",
      "PROXY_URLS_2",
      "PROXY__",
      "PROXY_",
      "PROXY_A_B_2_2",
      "PROXY_URLS",
    ]);
  });
});

/** What an exported module exports. */
function moduleOf<T>(format: FormatName, proxies: Proxy[]): T[] {
  const code = written(format, proxies).replace("export const proxies =", "return");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return (new Function(code) as () => T[])();
}

const SERVER = "http://203.0.113.10:8000";
const MODULES: [FormatName, (login: { username: string; password: string }) => unknown][] = [
  ["playwright", (login) => ({ server: SERVER, ...login })],
  ["axios", (auth) => ({ protocol: "http", host: "203.0.113.10", port: 8000, auth })],
  ["puppeteer", (login) => ({ args: [`--proxy-server=${SERVER}`], login })],
];
it.each(MODULES)("%s: the module gives any login back", (format, expectedOf) => {
  fc.assert(
    fc.property(anyLogin, ({ login, password }) => {
      const expected = expectedOf({ username: login, password });
      expect(moduleOf(format, [{ ...PROXY, login, password }])).toEqual([expected]);
    }),
  );
});

it("undici: a list of URLs that give any login back", () => {
  fc.assert(
    fc.property(anyLogin, (login) => {
      expect(moduleOf<string>("undici", [{ ...PROXY, ...login }]).map(decoded)).toEqual([login]);
    }),
  );
});

it("axios goes through with any login, to https by a tunnel", async () => {
  const login = `me"'\\\u202e é`;
  const proxy = await smallProxy("small", login, "p%40:#");
  try {
    const [config] = moduleOf<AxiosProxyConfig>("axios", [{ ...proxy, host: "127.0.0.1" }]);
    expect((await axios.get("http://a.example/", { proxy: config })).data).toBe("small");
    await expect(axios.get("https://a.example/", { proxy: config })).rejects.toThrow(); // the other end knows no TLS
    expect(proxy.served.map(({ line }) => line)).toEqual(["GET http://a.example/", "CONNECT a.example:443"]);
    expect(proxy.refused).toEqual([]);
  } finally {
    await proxy.close();
  }
});

/** A selenium that notes what it is given. */
const FAKE_SELENIUM = `
class ChromeOptions:
    def __init__(self): self.arguments, self.enable_bidi = [], False
    def add_argument(self, one): self.arguments.append(one)
class Network:
    def add_auth_handler(self, *login): self.login = login
class Chrome:
    def __init__(self, options): self.options, self.network = options, Network()
`;
it("selenium: a browser gets the server as an argument, and any login by BiDi alone", () => {
  const logins = fc.sample(anyLogin, 100);
  mkdirSync(join(folder, "selenium"));
  writeFileSync(join(folder, "selenium", "__init__.py"), "");
  writeFileSync(join(folder, "selenium", "webdriver.py"), FAKE_SELENIUM);
  const module = written(
    "selenium",
    logins.map((login) => ({ ...PROXY, ...login })),
  );
  const use = [
    "import json",
    "drivers = [chrome(proxy) for proxy in PROXIES]",
    "print(json.dumps([[d.options.arguments, d.options.enable_bidi, d.network.login] for d in drivers]))",
  ];
  writeFileSync(join(folder, "browsers.py"), `${module}\n${use.join("\n")}\n`);
  const read = JSON.parse(execFileSync("python3", [join(folder, "browsers.py")]).toString()) as unknown[];
  expect(read).toEqual(logins.map(({ login, password }) => [[`--proxy-server=${SERVER}`], true, [login, password]]));
});

it.each(["requests", "scrapy"] as const)("%s: Python reads any login back", (format) => {
  const logins = fc.sample(anyLogin, 100);
  const file = join(folder, `${format}.py`);
  const module = written(
    format,
    logins.map((login) => ({ ...PROXY, ...login })),
  );
  writeFileSync(file, `${module}\nimport json\nprint(json.dumps(PROXIES))\n`);
  const read = JSON.parse(execFileSync("python3", [file]).toString()) as (string | { http: string; https: string })[];
  const urls = read.map((one) => (typeof one === "string" ? one : one.http));
  expect(urls.map(decoded)).toEqual(logins);
});

it("scrapy: the middleware gives each request one of the proxies, and leaves one that has its own", () => {
  const file = join(folder, "settings.py");
  const use = [
    "class Request:",
    "    def __init__(self, **meta): self.meta = meta",
    "[(middleware, order)] = DOWNLOADER_MIDDLEWARES.items()",
    'free, own = Request(), Request(proxy="own")',
    "for request in (free, own): assert middleware().process_request(request, None) is None",
    'assert free.meta["proxy"] in PROXIES and own.meta["proxy"] == "own" and order < 750',
  ];
  writeFileSync(file, `${written("scrapy", [PROXY])}\n${use.join("\n")}\n`);
  execFileSync("python3", [file], { stdio: "pipe" });
});

describe("who resolves the names of servers", () => {
  const urls = (format: FormatName, protocol: Protocol): string[] =>
    written(format, [PROXY], protocol).match(/\w+:\/\/team-a:p@203\.0\.113\.10:8000/g) ?? [];

  it.each<[FormatName, string, string]>([
    ["txt", "socks5", "socks5h"],
    ["env", "socks5", "socks5h"],
    ["curl", "socks5h", "socks5h"],
    ["requests", "socks5h", "socks5h"],
  ])("%s: asked for socks5 it names %s, for socks5h %s", (format, socks5, socks5h) => {
    for (const [protocol, expected] of [
      ["http", "http"],
      ["socks5", socks5],
      ["socks5h", socks5h],
    ] as const) {
      const found = urls(format, protocol);
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found)).toEqual(new Set([`${expected}://team-a:p@203.0.113.10:8000`]));
    }
  });

  it("a browser knows no socks5h in a PAC file, and the others take no SOCKS5 at all", () => {
    expect(written("pac", [PROXY], "socks5h")).toBe(written("pac", [PROXY], "socks5"));
    expect(Object.keys(FORMATS).filter((name) => FORMATS[name as FormatName].noSocks5)).toEqual([
      "scrapy",
      "axios",
      "undici",
      "playwright",
      "puppeteer",
      "selenium",
      "squid",
    ]);
  });

  it.each(["socks5", "socks5h"] as const)("curl with --protocol %s leaves a name to the proxy", async (protocol) => {
    const asked: string[] = [];
    const server = createTcpServer((socket) => {
      const replies = [Buffer.from([5, 2]), Buffer.from([1, 0])]; // login wanted, login taken
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        const reply = replies.shift();
        if (reply) return void socket.write(reply);
        asked.push(bytes[3] === 3 ? bytes.subarray(5, 5 + (bytes[4] ?? 0)).toString() : `address type ${bytes[3]}`);
        socket.end(Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0])); // no way to that host
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const file = join(folder, "socksrc");
    writeFileSync(file, written("curl", [{ ...PROXY, host: "127.0.0.1", port }], protocol));
    try {
      const args = ["-q", "--silent", "--max-time", "10", "--config", file, "http://localhost/"];
      await expect(promisify(execFile)("curl", args, { env: { PATH: process.env.PATH } })).rejects.toThrow();
      expect(asked).toEqual(["localhost"]);
    } finally {
      server.close();
    }
  });
});

describe("curl", () => {
  it("a file for --config, with one proxy in use", () => {
    expect(lines(written("curl", [PROXY, PROXY]))).toEqual([
      "# curl --config THIS-FILE https://example.com",
      'proxy = "http://team-a:p@203.0.113.10:8000"',
      '# proxy = "http://team-a:p@203.0.113.10:8000"',
    ]);
  });

  it("curl sends any login", async () => {
    let sent: string | undefined;
    const server: Server = createServer((request, answer) => {
      sent = request.headers["proxy-authorization"];
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const here = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
    const file = join(folder, "curlrc");
    // Others are never written: see state-proxies.
    const sendable = anyLogin.filter(({ login, password }) => !/\p{Cc}/u.test(login + password));
    try {
      await fc.assert(
        fc.asyncProperty(sendable, async (login) => {
          writeFileSync(file, written("curl", [{ ...PROXY, ...here, ...login }, PROXY]));
          const args = ["-q", "--silent", "--show-error", "--max-time", "10", "--config", file, "http://proxied.test/"];
          await promisify(execFile)("curl", args, { env: { PATH: process.env.PATH } });
          const basic = Buffer.from(`${login.login}:${login.password}`).toString("base64");
          expect(sent).toBe(`Basic ${basic}`);
        }),
        { numRuns: runsOf(20) },
      );
    } finally {
      server.close();
    }
  });
});

it("pac: names servers, no logins", () => {
  const proxies = [PROXY, { ...PROXY, host: "2001:db8::1", password: "canary" }];
  const ask = (protocol: Protocol) => {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const find = new Function("isPlainHostName", `${written("pac", proxies, protocol)}\nreturn FindProxyForURL;`) as (
      isPlain: (host: string) => boolean,
    ) => (url: string, host: string) => string;
    return find((host) => !host.includes("."));
  };
  expect(ask("http")("http://a.example/", "a.example")).toBe("PROXY 203.0.113.10:8000; PROXY [2001:db8::1]:8000");
  expect(ask("socks5")("http://a.example/", "a.example")).toMatch(/^SOCKS5 203\.0\.113\.10:8000; /);
  expect(ask("http")("http://intranet/", "intranet")).toBe("DIRECT");
  expect(written("pac", proxies)).toMatch(/^\/\/ A PAC file cannot hold logins/);
  expect(written("pac", proxies)).not.toContain("canary");
});

it("squid: names are distinct without regard to case, since Squid compares them so", () => {
  const named = ["Eu", "eu", "EU", "e u", "E-U"].map((name) => ({ ...PROXY, name }));
  expect(written("squid", named).match(/(?<= name=)\S+/g)).toEqual(["eu", "eu.2", "eu.3", "e-u", "e-u.2"]);
});
