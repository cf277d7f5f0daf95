import { proxyFor } from "../../api/transport/proxy";

/** What the environment says of proxies; way.test.ts goes through real ones. */
const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
const before = { ...process.env };
beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});
afterAll(() => {
  for (const name of VARIABLES) if (before[name] !== undefined) process.env[name] = before[name];
});

test.each([
  ["HTTPS_PROXY", "http://proxy.test", { protocol: "http:", host: "proxy.test", port: 80 }],
  ["https_proxy", "https://proxy.test", { protocol: "https:", host: "proxy.test", port: 443 }],
  ["HTTPS_PROXY", "https://proxy.test:8443", { protocol: "https:", host: "proxy.test", port: 8443 }],
  // A proxy without a scheme is an HTTP one, whatever the target is.
  ["HTTPS_PROXY", "proxy.test:3128", { protocol: "http:", host: "proxy.test", port: 3128 }],
  ["ALL_PROXY", "proxy.test", { protocol: "http:", host: "proxy.test", port: 80 }],
  ["all_proxy", "https://proxy.test", { protocol: "https:", host: "proxy.test", port: 443 }],
  ["ALL_PROXY", "https://proxy.test", { protocol: "https:", host: "proxy.test", port: 443 }],
  ["HTTPS_PROXY", "socks5://[::1]", { protocol: "socks5:", host: "::1", port: 1080 }],
  ["ALL_PROXY", "socks4a://proxy.test:9050", { protocol: "socks4a:", host: "proxy.test", port: 9050 }],
])("%s=%s", (name, url, expected) => {
  process.env[name] = url;
  expect(proxyFor("vendor.test", 443)).toEqual(expected);
});

test.each([
  ["HTTP_PROXY", "http://proxy.test"],
  ["HTTPS_PROXY", ""],
])("%s=%s is none", (name, url) => {
  process.env[name] = url;
  expect(proxyFor("vendor.test", 443)).toBeUndefined();
});

test.each([
  ["http://team%40home:p%40ss@proxy.test", { user: "team@home", password: "p@ss" }],
  ["http://team@proxy.test", { user: "team", password: "" }],
  ["http://:p@proxy.test", { user: "", password: "p" }],
  ["http://a%zz@proxy.test", { user: "a%zz", password: "" }],
  [`http://${"u".repeat(255)}:${"p".repeat(255)}@proxy.test`, { user: "u".repeat(255), password: "p".repeat(255) }],
])("the login of %s", (url, login) => {
  process.env.HTTPS_PROXY = url;
  expect(proxyFor("vendor.test", 443)).toMatchObject({ host: "proxy.test", login });
});

test.each(["vendor.test", "a.test,vendor.test:443", ".test", "*.test", "x VENDOR.test"])("NO_PROXY=%s", (rule) => {
  process.env.ALL_PROXY = "http://proxy.test";
  process.env.no_proxy = rule;
  expect(proxyFor("vendor.test", 443)).toBeUndefined();
  expect(proxyFor("other.example", 443)).toMatchObject({ host: "proxy.test" });
});

test.each([
  ["*", "vendor.test", 443],
  ["[2001:db8::1]", "2001:db8::1", 443],
  ["vendor.test:8443", "vendor.test", 8443],
])("NO_PROXY=%s leaves out %s at %i", (rule, host, port) => {
  process.env.HTTPS_PROXY = "http://proxy.test";
  process.env.NO_PROXY = rule;
  expect(proxyFor(host, port)).toBeUndefined();
});

test("NO_PROXY of another port leaves none out", () => {
  process.env.HTTPS_PROXY = "http://proxy.test";
  process.env.NO_PROXY = "vendor.test:8443";
  expect(proxyFor("vendor.test", 443)).toMatchObject({ host: "proxy.test" });
});

const noUrl = "it is no URL such as http://user:password@host:port, or socks5h://host:port";
const long = "its user or password is longer than 255 bytes";
test.each([
  ["ftp://canary:canary@proxy.test", noUrl],
  ["http://", noUrl],
  ["http://proxy.test:99999", noUrl],
  [`socks5://${"canary".repeat(100)}:x@proxy.test`, long],
  [`socks5://x:${"canary".repeat(100)}@proxy.test`, long],
  [`socks5://${"ä".repeat(128)}@proxy.test`, long],
])("%s is not usable, and its text is not shown", (url, rule) => {
  process.env.HTTPS_PROXY = url;
  let thrown: unknown;
  try {
    proxyFor("vendor.test", 443);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    facts: {
      code: "invalid_input",
      reason: `the proxy of the environment is not usable: ${rule}`,
      hint: "Check HTTPS_PROXY and ALL_PROXY",
    },
  });
});
