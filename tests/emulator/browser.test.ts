import { request } from "node:http";
import { type Emulator, startEmulator } from "../../emulator";
import { NOON, world } from "./harness";

let emulator: Emulator;
let own: string;
beforeAll(async () => {
  emulator = await startEmulator({ now: () => NOON });
  own = new URL(emulator.url).host;
});
beforeEach(() => emulator.control.reset());
afterAll(() => emulator.close());

/** Unlike fetch it sends any Host, and no header of its own. */
function ask(line: string, headers: Record<string, string> = {}, body?: string) {
  const [method, path] = line.split(" ");
  const { port } = new URL(emulator.url);
  return new Promise<{ status?: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    call.on("error", reject).end(body);
  });
}
const status = async (...given: Parameters<typeof ask>) => (await ask(...given)).status;
const KEY = () => ({ "X-API-Key": emulator.apiKey });

describe("a name that was rebound to this address", () => {
  /** What can be no host is 400, by the server below. */
  const REFUSED = [400, 403];
  const foreign = [
    "evil.example",
    "evil.example:8787",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.0.0.1@evil.example",
    "evil.example#127.0.0.1",
    "192.0.2.7",
    "[2001:db8::1]",
    "not a host",
  ];
  test.each(foreign)("%s reads and changes nothing", async (host) => {
    for (const path of ["/", "/_emulator/state", "/_emulator/fleet", "/v1/ports", "/nowhere"])
      expect(REFUSED).toContain(await status(`GET ${path}`, { Host: host, ...KEY() }));
    expect(REFUSED).toContain(await status("POST /_emulator/clock", { Host: host }, '{"advance":"1d"}'));
    expect(emulator.control.clock.now().getTime()).toBe(NOON);
    expect(emulator.control.requests()).toEqual([]);
  });

  test.each(["localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:80", "[::1]:8787"])(
    "%s is this machine's own",
    async (host) => expect(await status("GET /v1/ports", { Host: host, ...KEY() })).toBe(200),
  );

  test("an absolute address in the request line is looked at as well", async () => {
    expect(await status("GET http://evil.example/_emulator/state", { Host: own })).toBe(403);
  });

  test("the address that a call arrived at, and the name given to listen on, are its own", async () => {
    const here = world({ host: "Emulator.internal" });
    const at = async (host: string, localAddress: string) => {
      const env = { incoming: { socket: { remoteAddress: "127.0.0.1", localAddress } } };
      return (await here.app.request(`http://${host}/_emulator/clock`, { headers: { Host: host } }, env)).status;
    };
    expect(await at("192.0.2.1", "192.0.2.1")).toBe(200);
    expect(await at("192.0.2.1", "::ffff:192.0.2.1")).toBe(200);
    expect(await at("192.0.2.2", "192.0.2.1")).toBe(403);
    expect(await at("emulator.internal:8787", "192.0.2.1")).toBe(200);
  });
});

describe("a page of another origin", () => {
  const CALLS = [
    ["POST /_emulator/clock", '{"advance":"28d"}'],
    ["POST /_emulator/faults", '{"status":500}'],
    ["POST /_emulator/reset", "{}"],
    ["POST /_emulator/ports", "{}"],
    ["POST /_emulator/keys", "{}"],
    ["DELETE /_emulator/requests", undefined],
    ["POST /v1/login/signin", '{"email":"user@example.com","password":"emulator-password"}'],
    ["GET /_emulator/state", undefined],
    ["GET /v1/ports", undefined],
    ["OPTIONS /_emulator/clock", undefined],
  ] as const;
  const SIGNS: Record<string, string>[] = [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "http://localhost:3000" },
    { Origin: "file://" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "something new" },
    { Origin: "https://evil.example", "Sec-Fetch-Site": "none" },
  ];
  test.each(SIGNS)("known by %j: all is refused, and nothing is done", async (sign) => {
    const before = emulator.control.state({ secrets: true });
    for (const [line, body] of CALLS)
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
        const answer = await ask(line, { ...KEY(), ...sign, "Content-Type": type }, body);
        expect([line, answer.status]).toEqual([line, 403]);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
    expect(emulator.control.state({ secrets: true })).toEqual(before);
    expect([emulator.control.faults(), emulator.control.requests()]).toEqual([[], []]);
  });

  test("may lead to the page by a link", async () => {
    expect(await status("GET /", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" })).not.toBe(403);
  });
});

test("the emulator's own page is answered; what it sends is JSON", async () => {
  const page = { Origin: emulator.url, "Sec-Fetch-Site": "same-origin" };
  expect(await status("GET /_emulator/fleet", { "Sec-Fetch-Site": "same-origin" })).toBe(200);
  const advance = (type: string) => status("POST /_emulator/clock", { ...page, "Content-Type": type }, '{"advance":1}');
  expect([await advance("application/json"), await advance("application/json; charset=utf-8")]).toEqual([200, 200]);
  expect([await advance("text/plain"), await advance("application/x-www-form-urlencoded")]).toEqual([415, 415]);
  expect(await status("GET /_emulator/state", { "Sec-Fetch-Site": "none" })).toBe(200); // typed by a person
});

test.each<Record<string, string>>([
  { "Content-Type": "application/x-www-form-urlencoded" },
  { "Content-Type": "text/plain" },
  {},
])("curl and programs set the clock with %j", async (headers) => {
  expect(await status("POST /_emulator/clock", { ...headers }, '{"advance":"28d"}')).toBe(200);
  expect(emulator.control.clock.now().getTime()).toBe(NOON + 28 * 86_400_000);
});

describe("secrets over a socket", () => {
  test.each(["state", "ports"])("%s shows them to who has the token", async (name) => {
    const { proxyPassword } = emulator.control.buyPort();
    const path = `GET /_emulator/${name}`;
    expect((await ask(path)).text).not.toContain(proxyPassword);
    for (const headers of [{}, { "X-Emulator-Token": "" }, { "X-Emulator-Token": `${emulator.token}x` }] as Record<
      string,
      string
    >[]) {
      const refused = await ask(`${path}?secrets=1`, headers);
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("X-Emulator-Token")]);
      expect(refused.text).not.toContain(emulator.token);
    }
    const shown = await ask(`${path}?secrets=1`, { "X-Emulator-Token": emulator.token });
    expect([shown.status, shown.text.includes(proxyPassword)]).toEqual([200, true]);
  });

  test("the answer to a change of the configuration shows the password to who has the token", async () => {
    const { password } = emulator.control.state({ secrets: true }).config.user;
    expect((await ask("PATCH /_emulator/config", {}, "{}")).text).not.toContain(password);
    const headers = { "X-Emulator-Token": emulator.token };
    expect((await ask("PATCH /_emulator/config?secrets=1", headers, "{}")).text).toContain(password);
  });

  test("the address that is paid to is none: a chain shows it to all", async () => {
    const { payTo } = emulator.control.state({ secrets: true }).config.x402;
    expect((await ask("GET /_emulator/state")).text).toContain(payTo);
  });

  test("a change that would show them is not made without it", async () => {
    expect(await status("POST /_emulator/ports?secrets=1", {}, "{}")).toBe(403);
    expect(emulator.control.ports()).toEqual([]);
  });

  test("each emulator has a token of its own, which no state and no log holds", async () => {
    expect(world().token).not.toBe(world().token);
    await ask("GET /_emulator/state?secrets=1", { "X-Emulator-Token": emulator.token });
    const all = [emulator.control.state({ secrets: true }), emulator.control.requests(), emulator.control.fleet()];
    expect(JSON.stringify(all)).not.toContain(emulator.token);
  });
});
