import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { FORMATS, type Proxy, type Protocol } from "../../cli/proxy-formats";

const PROXY: Proxy = { name: "scraper-1", host: "203.0.113.10", port: 8000, login: "team-a", password: "p" };
const written = (format: string, proxies: Proxy[], protocol: Protocol = "http"): string =>
  (FORMATS[format] as (typeof FORMATS)[string])(proxies, protocol).join("\n");

/** Any text that a person could have for a login: the tools must give it back as it was. */
const text = fc.string({ minLength: 1, unit: "grapheme" });
const proxy = fc.record({ login: text, password: text }).map((login) => ({ ...PROXY, ...login }));
const decoded = (url: string): { login: string; password: string } => {
  const { username, password } = new URL(url);
  return { login: decodeURIComponent(username), password: decodeURIComponent(password) };
};
const lines = (all: string): string[] => all.split("\n");

it("txt: one URL a line", () => {
  expect(written("txt", [PROXY, { ...PROXY, host: "2001:db8::1" }])).toBe(
    "http://team-a:p@203.0.113.10:8000\nhttp://team-a:p@[2001:db8::1]:8000",
  );
  expect(written("txt", [PROXY], "socks5")).toBe("socks5://team-a:p@203.0.113.10:8000");
});

it("any login comes back from a URL, and no line is broken by one", () => {
  fc.assert(
    fc.property(proxy, (one) => {
      const { login, password } = one;
      const [url = "", ...rest] = lines(written("txt", [one]));
      expect(rest).toEqual([]);
      expect(decoded(url)).toEqual({ login, password });
    }),
  );
});

it("env: a shell reads any login back", () => {
  fc.assert(
    fc.property(proxy, (one) => {
      const script = `${written("env", [one])}\nprintf %s "$PROXY_SCRAPER_1"`;
      const { login, password } = one;
      expect(decoded(execFileSync("sh", ["-c", script]).toString())).toEqual({ login, password });
    }),
    { numRuns: 20 },
  );
});

it("playwright: the module gives any login back", () => {
  fc.assert(
    fc.property(proxy, (one) => {
      const code = written("playwright", [one]).replace("export const proxies =", "return");
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      const read = new Function(code) as () => unknown[];
      const { login: username, password } = one;
      expect(read()).toEqual([{ server: "http://203.0.113.10:8000", username, password }]);
    }),
  );
});

it.each(["requests", "scrapy"])("%s: Python reads any login back", (format) => {
  const logins = fc.sample(proxy, 30);
  const code = written(format, logins).replace("# settings.py", "");
  const script = `${code}\nimport json\nprint(json.dumps(PROXIES))`;
  const read = JSON.parse(execFileSync("python3", ["-c", script]).toString()) as (string | { http: string })[];
  const urls = read.map((one) => (typeof one === "string" ? one : one.http));
  expect(urls.map(decoded)).toEqual(logins.map(({ login, password }) => ({ login, password })));
});

it("curl: a file for --config, with one proxy in use", () => {
  expect(lines(written("curl", [PROXY, PROXY]))).toEqual([
    "# curl --config THIS-FILE https://example.com",
    'proxy = "http://team-a:p@203.0.113.10:8000"',
    '# proxy = "http://team-a:p@203.0.113.10:8000"',
  ]);
});

it("pac: names servers, no logins", () => {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const find = new Function("isPlainHostName", `${written("pac", [PROXY])}\nreturn FindProxyForURL;`) as (
    isPlain: (host: string) => boolean,
  ) => (url: string, host: string) => string;
  const ask = find((host) => !host.includes("."));
  expect([ask("http://a.example/", "a.example"), ask("http://intranet/", "intranet")]).toEqual([
    "PROXY 203.0.113.10:8000",
    "DIRECT",
  ]);
  expect(written("pac", [{ ...PROXY, password: "canary" }])).not.toContain("canary");
});

it.each(["scrapy", "playwright"])("%s refuses SOCKS5, which it cannot use with a login", (format) => {
  expect(() => written(format, [PROXY], "socks5")).toThrow(/use --protocol http/);
});
