import * as pulumi from "@pulumi/pulumi";
import * as proxies from "../../sdk";
import { httpUrlOf, socks5UrlOf } from "../../sdk/connection-urls";

const AT = { serverIp: "203.0.113.10", httpPort: 8000, socksPort: 5000, proxyLogin: "team-a", proxyPassword: "p" };

function connection(changes: Partial<typeof AT> = {}): Parameters<typeof httpUrlOf>[0] {
  const { serverIp, httpPort, socksPort, proxyLogin, proxyPassword } = { ...AT, ...changes };
  return {
    serverIp: pulumi.output(serverIp),
    httpPort: pulumi.output(httpPort),
    socksPort: pulumi.output(socksPort),
    proxyLogin: pulumi.output(proxyLogin),
    proxyPassword: pulumi.output(proxyPassword),
  };
}

const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void output.apply(resolve));

it("names the port of each protocol, and is secret", async () => {
  const [http, socks5] = [httpUrlOf(connection()), socks5UrlOf(connection())];
  expect(await valueOf(http)).toBe("http://team-a:p@203.0.113.10:8000");
  expect(await valueOf(socks5)).toBe("socks5://team-a:p@203.0.113.10:5000");
  expect(await Promise.all([http, socks5].map((url) => pulumi.isSecret(url)))).toEqual([true, true]);
});

it("writes logins so that they come back the same", async () => {
  const url = new URL(await valueOf(httpUrlOf(connection({ proxyLogin: "team a@b", proxyPassword: "p:/?#ä%" }))));
  expect([decodeURIComponent(url.username), decodeURIComponent(url.password)]).toEqual(["team a@b", "p:/?#ä%"]);
});

it("puts an IPv6 address in brackets", async () => {
  expect(await valueOf(socks5UrlOf(connection({ serverIp: "2001:db8::1" })))).toBe(
    "socks5://team-a:p@[2001:db8::1]:5000",
  );
});

it.each([{ serverIp: undefined }, { proxyPassword: undefined }, { httpPort: undefined }])(
  "is undefined while %j is not known",
  async (missing) => {
    expect(await valueOf(httpUrlOf(connection(missing)))).toBeUndefined();
  },
);

describe("connectionString", () => {
  const URLS = ["http://team-a:p@203.0.113.10:8000", "socks5://team-a:p@203.0.113.10:5000"];
  const both = (port: Parameters<typeof proxies.connectionString>[0]): pulumi.Output<string>[] => [
    proxies.connectionString(port, "http"),
    proxies.connectionString(port, "socks5"),
  ];
  const expectUrls = async (urls: pulumi.Output<string>[]): Promise<void> => {
    expect(await Promise.all(urls.map(valueOf))).toEqual(URLS);
    expect(await Promise.all(urls.map((url) => pulumi.isSecret(url)))).toEqual([true, true]);
  };

  it.each([
    ["as getPort gives it", AT],
    ["as a promise", Promise.resolve(AT)],
    ["as getPortOutput gives it", pulumi.secret(AT)],
    ["in parts that are Outputs", connection()],
  ])("of a port %s", (_how, port) => expectUrls(both(port)));

  it("of a Port and of Credentials of the program", async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "i", state: { ...(inputs as object), ...AT } }),
      call: () => ({}),
    });
    const port = new proxies.Port("a", { country: "DE", expiresIn: "30d" });
    await expectUrls(both(port));
    await expectUrls(both(new proxies.Credentials("l", { port, proxyLogin: "team-a", proxyPassword: "p" })));
  });

  it("refuses another protocol in one line", () => {
    expect(() => proxies.connectionString(AT, "https" as "http")).toThrow(
      /^connectionString: protocol: is unknown\. Give one of: http, socks5\.$/,
    );
  });
});
