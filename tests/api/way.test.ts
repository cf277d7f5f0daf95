import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type ApiOptions, createApi } from "../../api";
import { type Certificate, certificateFor } from "./certificate";
import { EVERY_CALL, methodsOf } from "./every-call";
import { closeAll, connectProxy, listening, socksProxy } from "./proxies";
import { NEW_PORT, PORT } from "./samples";
import { failure, fakeTimers, KEY } from "./vendor";
import { someOf } from "../cases";

const order = { countryId: "c", expiresInSeconds: 60 };
const LOGIN = { user: "team@home", password: "p@ss:/wörd%" };
const URL_LOGIN = `${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.password)}@`;
const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

let certificate: Certificate;
beforeAll(() => {
  certificate = certificateFor("DNS:vendor.test", "DNS:localhost", "IP:192.0.2.7", "IP:127.0.0.1");
});

const before = { ...process.env };
beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});
afterEach(async () => {
  jest.useRealTimers();
  for (const name of [...VARIABLES, "NODE_TLS_REJECT_UNAUTHORIZED"]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  for (const api of clients.splice(0)) api.close();
  await closeAll();
});

const clients: { close: () => void }[] = [];
/** Two of its tries' waits are no real time. */
function client(options: Partial<ApiOptions> = {}) {
  let clock = 0;
  const sleep = async (ms: number) => void (clock += ms);
  const trust = { apiUrl: "https://vendor.test", ca: certificate.cert };
  const api = createApi({ apiKey: KEY, now: () => clock, sleep, random: () => 0.5, ...trust, ...options });
  clients.push(api);
  return api;
}

/** Answers each call with a port. */
async function vendor(options: https.ServerOptions = {}): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = https.createServer({ ...certificate, ...options }, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify(request.method === "POST" ? NEW_PORT : PORT));
  });
  return { port: await listening(server), seen };
}

describe("a proxy of the environment", () => {
  type Kind = (options: Parameters<typeof connectProxy>[0]) => ReturnType<typeof connectProxy>;
  const byTls: Kind = (options) => connectProxy({ ...options, certificate });
  const named = "https://vendor.test";
  test.each<[string, string, string, Kind, string]>([
    ["HTTPS_PROXY", "http://", named, connectProxy, "vendor.test:443"],
    ["https_proxy", "http://", named, connectProxy, "vendor.test:443"],
    ["ALL_PROXY", "http://", `${named}:8443`, connectProxy, "vendor.test:8443"],
    ["all_proxy", "http://", named, connectProxy, "vendor.test:443"],
    ["HTTPS_PROXY", "", named, connectProxy, "vendor.test:443"],
    ["all_proxy", "", named, connectProxy, "vendor.test:443"],
    ["HTTPS_PROXY", "https://", named, byTls, "vendor.test:443"],
    ["HTTPS_PROXY", "socks5h://", named, socksProxy, "vendor.test:443"],
    ["ALL_PROXY", "socks://", named, socksProxy, "vendor.test:443"],
    ["ALL_PROXY", "socks5://", "https://192.0.2.7", socksProxy, "192.0.2.7:443"],
  ])("%s=%suser:password@… leads to %s", async (name, scheme, apiUrl, kind, target) => {
    const { port, seen } = await vendor();
    const proxy = await kind({ to: port, login: LOGIN });
    process.env[name] = `${scheme}${URL_LOGIN}127.0.0.1:${proxy.port}`;
    const api = client({ apiUrl });
    expect((await api.ports.get("a"))!.id).toBe(PORT._id);
    await api.ports.get("b");
    await api.ports.create(order);
    expect(seen).toEqual(["GET /v1/ports/a", "GET /v1/ports/b", "POST /v1/ports"]);
    expect(proxy.asked).toEqual([target, target]); // reads share a connection, an order has its own
    expect(proxy.received.join()).not.toContain(KEY);
  });

  test("of this machine's own API sees nothing: it is reached directly", async () => {
    const proxy = await connectProxy({ to: 1 });
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) process.env[name] = `127.0.0.1:${proxy.port}`;
    const plain = await listening(http.createServer((_, response) => response.end(JSON.stringify(PORT))));
    const secure = await vendor();
    for (const apiUrl of [`http://127.0.0.1:${plain}`, `https://127.0.0.1:${secure.port}`]) {
      expect((await client({ apiUrl }).ports.get("a"))!.id).toBe(PORT._id);
    }
    expect(proxy.received).toEqual([]);
  });

  test("that cannot be used is not gone round", async () => {
    process.env.HTTPS_PROXY = "ftp://canary:canary@proxy.test";
    const error = await failure(client().ports.create(order));
    expect(error).toMatchObject({ code: "invalid_input", sent: "no", maybeDone: false });
    expect(error.message).toContain("it is no URL such as");
    expect(error.message).not.toMatch(/canary|\n/);
  });
});

describe("what a proxy says is no answer", () => {
  const BODY = JSON.stringify({ message: "Port not found", statusCode: 404 });
  const says = (status: number) =>
    `HTTP/1.1 ${status} Said\r\nContent-Type: application/json\r\nRetry-After: 9999\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
  const garbage: Record<string, string> = {
    "200 and an answer": `HTTP/1.1 200 OK\r\n\r\n${says(404)}`,
    "200, then an answer to whatever comes": "HTTP/1.1 200 OK\r\n\r\n",
    "no HTTP": "what?\r\n\r\n",
    "nothing and ends": "",
  };
  const all: [string, string][] = [
    ...[200, 204, 302, 400, 401, 403, 404, 405, 407, 409, 410, 429, 500, 502, 503].map((status): [string, string] => [
      String(status),
      says(status),
    ]),
    ...Object.entries(garbage),
  ];

  test("each method of the client is tried here", () => {
    expect(Object.keys(EVERY_CALL).sort()).toEqual(methodsOf(client()).sort());
  });

  test.each(someOf(all))("to CONNECT: %s", async (_, text) => {
    const proxy = await connectProxy({ to: 1, says: text });
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const api = client();
    for (const [name, call] of Object.entries(EVERY_CALL)) {
      const error = await failure(call(api));
      expect([name, error.code, error.sent, error.maybeDone, error.status]).toEqual([
        name,
        "network",
        "no",
        false,
        undefined,
      ]);
      expect(error.message).toMatch(/ the proxy 127\.0\.0\.1:\d+.*: check .*HTTPS_PROXY/);
      expect(error.message).not.toContain("not found");
    }
    expect(proxy.received.join()).not.toContain(KEY);
  });

  test.each([
    ["refuses all logins", Buffer.from([5, 0xff])],
    ["speaks HTTP", Buffer.from(says(404))],
    ["is another version", Buffer.from([4, 0])],
    ["refuses the target", Buffer.from([5, 0, 5, 2, 0, 1, 0, 0, 0, 0, 0, 0])],
    ["has an odd address", Buffer.from([5, 0, 5, 0, 0, 99, 255, 255, 255, 255, 255, 255])],
    [
      "lets through and answers itself",
      Buffer.concat([Buffer.from([5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from(says(404))]),
    ],
  ])("of SOCKS, one that %s", async (_, bytes) => {
    const proxy = await socksProxy({ to: 1, says: bytes });
    process.env.ALL_PROXY = `socks5h://127.0.0.1:${proxy.port}`;
    const error = await failure(client().ports.get("a"));
    expect(error).toMatchObject({ code: "network", sent: "no" });
    expect(error.message).toMatch(/ the proxy 127\.0\.0\.1:\d+.*check HTTPS_PROXY/);
  });

  test.each<[string, typeof connectProxy]>([
    ["http", connectProxy],
    ["socks5h", socksProxy],
  ])("%s with a wrong login: the error says so, without the login", async (scheme, kind) => {
    const { port, seen } = await vendor();
    const proxy = await kind({ to: port, login: LOGIN });
    process.env.HTTPS_PROXY = `${scheme}://team:canary@127.0.0.1:${proxy.port}`;
    const { message } = await failure(client().ports.get("a"));
    const why = scheme === "http" ? "answered CONNECT with 407" : "did not take the login";
    expect(message).toContain(`the proxy 127.0.0.1:${proxy.port} ${why} (network)`);
    expect(message).toMatch(/check .*user and password/);
    expect(message).not.toContain("canary");
    expect(seen).toEqual([]);
  });

  test.each<[string, typeof connectProxy]>([
    ["http", connectProxy],
    ["https", (options) => connectProxy({ ...options, certificate })],
    ["socks5h", socksProxy],
  ])("%s that says nothing: no connection, and nothing was sent", async (scheme, kind) => {
    fakeTimers();
    const proxy = await kind({ to: 1, instead: () => jest.advanceTimersByTime(10_000) });
    process.env.HTTPS_PROXY = `${scheme}://127.0.0.1:${proxy.port}`;
    const error = await failure(client().ports.create(order));
    expect(error).toMatchObject({ code: "timeout", sent: "no", maybeDone: false });
    expect(error.message).toMatch(/no connection to the proxy 127\.0\.0\.1:\d+ within 10 s .*check HTTPS_PROXY/);
  });

  test("a proxy that is not there", async () => {
    process.env.HTTPS_PROXY = "http://127.0.0.1:1";
    expect((await failure(client().ports.get("a"))).message).toBe(
      "GET /v1/ports/:id: no connection to the proxy 127.0.0.1:1: ECONNREFUSED (network). " +
        "Gave up after 3.8 s: 5 tries, 5 × network. Nothing listens there: check HTTPS_PROXY, ALL_PROXY and NO_PROXY",
    );
  });
});

describe("who answers must prove to be the vendor", () => {
  test.each<[string, () => string | undefined, string]>([
    ["of an unknown authority", () => undefined, "https://127.0.0.1"],
    ["of another name", () => certificate.cert, "https://[::ffff:127.0.0.1]"],
    ["of an unknown authority behind a proxy", () => undefined, "https://vendor.test"],
    ["of another name behind a proxy", () => certificate.cert, "https://other.test"],
  ])("a certificate %s", async (_, ca, url) => {
    const { port, seen } = await vendor();
    const proxy = await connectProxy({ to: port });
    process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // is not listened to
    const apiUrl = `${url}:${port}`;
    const error = await failure(client({ apiUrl, ca: ca() }).ports.create(order));
    expect(error).toMatchObject({ code: "certificate", sent: "no", maybeDone: false });
    expect(error.message).toContain(`the certificate of ${new URL(apiUrl).host}`);
    expect(error.message).toMatch(/is not trusted: [A-Z_]+ \(certificate\)\. Nothing was sent\. Where/);
    expect(seen).toEqual([]);
  });

  test("one that speaks no TLS", async () => {
    const port = await listening(http.createServer((_, response) => response.end("{}")));
    const error = await failure(client({ apiUrl: `https://127.0.0.1:${port}` }).ports.create(order));
    expect(error).toMatchObject({ code: "network", sent: "no" });
    expect(error.message).toMatch(/What answers there does not agree on TLS: check the API URL/);
  });

  test("a name that nobody knows", async () => {
    const error = await failure(client({ apiUrl: "https://vendor.invalid" }).ports.create(order));
    expect(error).toMatchObject({ code: "network", sent: "no" });
    expect(error.message).toMatch(
      /no connection to vendor\.invalid: (ENOTFOUND|EAI_AGAIN) .*The name is not known here/,
    );
  });

  test("an alert after the request was sent: an order may be done", async () => {
    const { port } = await vendor({ requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" });
    const error = await failure(client({ apiUrl: `https://127.0.0.1:${port}` }).ports.create(order));
    expect(error).toMatchObject({ code: "network", sent: "maybe", maybeDone: true });
    expect(error.message).toMatch(/the connection to 127\.0\.0\.1:\d+ was cut: .*look before you repeat it/);
  });

  test("NODE_EXTRA_CA_CERTS names whom to trust, behind a proxy too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "way-"));
    try {
      const { port } = await vendor();
      const proxy = await connectProxy({ to: port, login: LOGIN });
      writeFileSync(join(folder, "ca.pem"), certificate.cert);
      const program = `
        const { createApi } = require(${JSON.stringify(resolve(__dirname, "../../api"))});
        const api = createApi({ apiKey: "${KEY}", apiUrl: "https://vendor.test" });
        api.ports.get("a").then((port) => console.log(port.id), (error) => console.log(error.message)).then(() => api.close());`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--require", "ts-node/register/transpile-only", "-e", program],
        {
          env: {
            PATH: process.env.PATH,
            NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
            HTTPS_PROXY: `http://${URL_LOGIN}127.0.0.1:${proxy.port}`,
          },
          cwd: resolve(__dirname, "../.."),
        },
      );
      expect(stdout.trim()).toBe(PORT._id);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
