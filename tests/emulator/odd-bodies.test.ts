import { request } from "node:http";
import fc from "fast-check";
import { type ConfigPatch, startEmulator } from "../../emulator";
import { ROUTES } from "../../emulator/routes";
import { DAY, GERMANY, NOON, type World, world } from "./harness";
import { runsOf } from "../cases";

let here: World;
beforeEach(() => (here = world()));

const ORDER = { countryId: GERMANY, expiresAt: DAY };
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const send = (line: string, body?: string) => {
  const [verb, path] = line.split(" ");
  return here.call(`${verb} ${path}`, { body });
};
const isSound = async () => {
  expect((await here.call("GET /_emulator/state", { key: null })).status).toBe(200);
  expect((await here.call("GET /v1/ports")).status).toBe(200);
  expect((await here.call("GET /v1/account")).status).toBe(200);
};

describe("a deep body", () => {
  test.each([33, 5_000, 400_000])("of %i levels in an unknown field buys nothing", async (levels) => {
    const reply = await send("POST /v1/ports", JSON.stringify(ORDER).replace("}", `,"note":${nested(levels)}}`));
    expect([reply.status, reply.body["message"]]).toEqual([400, "Request body has more than 32 levels"]);
    expect(here.control.purchases()).toEqual([]);
    expect(here.control.requests()).toMatchObject([{ path: "/v1/ports", status: 400 }]);
  });

  test("of fewer levels is as good as any", async () => {
    const reply = await send("POST /v1/ports", JSON.stringify(ORDER).replace("}", `,"note":${nested(30)}}`));
    expect(reply.status).toBe(201);
  });

  test.each(["POST clock", "POST faults", "PATCH config", "POST ports", "POST keys", "POST reset", "PUT quirks"])(
    "%s of control refuses it",
    async (call) => {
      const [verb, path] = call.split(" ");
      expect((await send(`${verb} /_emulator/${path}`, `{"body":${nested(5_000)}}`)).status).toBe(400);
    },
  );
});

describe("a body of more than 1 MB", () => {
  const large = JSON.stringify({ ...ORDER, note: "x".repeat(1_000_000) });

  test.each(["/v1/ports", "/_emulator/ports"])("is refused at %s, sent in chunks too", async (path) => {
    const emulator = await startEmulator();
    const { port } = new URL(emulator.url);
    const post = (headers: Record<string, string | number>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const all = { "X-API-Key": emulator.apiKey, "Content-Type": "application/json", ...headers };
        const call = request({ host: "127.0.0.1", port, method: "POST", path, headers: all }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        call.on("error", reject);
        for (let at = 0; at < large.length; at += 50_000) call.write(large.slice(at, at + 50_000));
        call.end();
      });
    expect(await post({ "Transfer-Encoding": "chunked" })).toBe(413);
    expect(await post({ "Content-Length": Buffer.byteLength(large) })).toBe(413);
    expect(emulator.control.purchases()).toEqual([]);
    await emulator.close();
  });

  test("is refused in process", async () => {
    expect((await send("POST /v1/ports", large)).status).toBe(413);
    expect(here.control.purchases()).toEqual([]);
  });
});

describe("the clock", () => {
  test.each([
    { advance: 1e300 },
    { advance: -1e300 },
    { advance: 1e15 },
    { advance: "99999999999999w" },
    { advance: "1".repeat(1_000) },
    { advance: [1] },
    { advance: true },
    { advance: null },
    { set: 1e300 },
    { set: -1 },
    { set: "+275760-09-13" },
    { set: "0001-01-01" },
    { set: {} },
    { advance: "1d", set: "2026-02-01" },
    { advnace: "1d" },
    {},
    [],
  ])("stays where it is at %j", async (body) => {
    const reply = await send("POST /_emulator/clock", JSON.stringify(body));
    expect([reply.status, reply.body["message"]]).toEqual([400, expect.stringMatching(/^.{1,200}$/)]);
    expect(here.control.clock.now().getTime()).toBe(NOON);
    await isSound();
  });

  test("a number too large for JSON is refused too", async () => {
    expect((await send("POST /_emulator/clock", '{"advance":1e400}')).status).toBe(400);
    expect(() => here.control.clock.advance(Infinity)).toThrow("no duration");
    expect(() => here.control.clock.set(new Date(NaN))).toThrow("no time");
    await isSound();
  });
});

test.each<[string, object, string]>([
  ["PATCH /_emulator/config", { slot: 1 }, "slot"],
  ["PATCH /_emulator/config", { slots: { shraed: 1 } }, "slots.shraed"],
  ["PATCH /_emulator/config", { slots: { shared: 2, private: "x" } }, "slots.private"],
  ["PATCH /_emulator/config", { slots: 5 }, "slots"],
  ["PATCH /_emulator/config", { balance: -1 }, "balance"],
  ["PATCH /_emulator/config", { latencyMs: 1e12 }, "latencyMs"],
  ["PATCH /_emulator/config", { historyLimit: 1e9 }, "historyLimit"],
  ["PATCH /_emulator/config", { constructor: {} }, "constructor"],
  ["POST /_emulator/reset", { seed: "one" }, "seed"],
  ["POST /_emulator/reset", { seed: 2, slots: { shared: -1 } }, "slots.shared"],
  ["POST /_emulator/reset", { countries: ["XX"] }, "XX"],
  ["POST /_emulator/reset", { countries: [] }, "countries"],
  ["POST /_emulator/ports", { contry: "DE" }, "contry"],
  ["POST /_emulator/ports", { expiresIn: 0 }, "expiresIn"],
  ["POST /_emulator/ports", { expiresIn: 1e300 }, "expiresIn"],
  ["POST /_emulator/ports", { slotType: "both" }, "slotType"],
  ["POST /_emulator/keys", { scope: [] }, "scope"],
  ["POST /_emulator/keys", { scopes: ["ports:all"], account: "new" }, "scopes"],
  ["POST /_emulator/faults", { stauts: 500 }, "stauts"],
  ["POST /_emulator/faults", { status: 99 }, "status"],
  ["POST /_emulator/faults", { status: "500" }, "status"],
  ["POST /_emulator/faults", { headers: { "a b": "c" } }, "headers"],
  ["POST /_emulator/faults", { headers: { a: "b\r\nc: d" } }, "headers"],
  ["POST /_emulator/faults", { latencyMs: 1e12 }, "latencyMs"],
  ["POST /_emulator/faults", { path: "^(a" }, "path"],
  ["POST /_emulator/faults", [{ status: 500 }, { cut: "sometimes" }] as object, "cut"],
  ["PUT /_emulator/quirks", { constructor: true }, "constructor"],
  ["PUT /_emulator/quirks", { noPassword: 1 }, "noPassword"],
  ["PATCH /_emulator/config", { x402: { payTo: "me", sharedPerGB: 1 } }, "x402.payTo"],
  ["PATCH /_emulator/config", { balance: 5, x402: { network: "base" } }, "x402.network"],
  ["POST /_emulator/x402/faucet", { address: "me" }, "address"],
])("%s %j is 400 in one line, and nothing of it counts", async (line, body, names) => {
  await here.buy();
  const before = here.control.state({ secrets: true });
  const reply = await send(line, JSON.stringify(body));
  expect([reply.status, reply.body["message"]]).toEqual([400, expect.stringMatching(/^.{1,800}$/)]);
  expect(reply.body["message"]).toContain(names);
  expect(here.control.state({ secrets: true })).toEqual(before);
  expect([here.control.faults(), here.control.quirks().noPassword]).toEqual([[], false]);
  await isSound();
});

test.each<[object, string]>([
  [{ usedTrafic: 1 }, "usedTrafic"],
  [JSON.parse('{"__proto__":{"suspended":true}}') as object, "__proto__"],
  [{ country: "PL", usedTraffic: -1 }, "usedTraffic"],
  [{ country: "PL", rotationSettings: { intervalSeconds: 0 } }, "rotationSettings.intervalSeconds"],
  [{ country: "PL", rotationSettings: { intervall: 600 } }, "rotationSettings.intervall"],
  [{ country: "PL", expiresAt: "soon" }, "soon"],
  [{ country: "PL", expiresAt: 1e300 }, "1970"],
  [{ country: "PL", httpPort: 1e21 }, "httpPort"],
  [{ suspended: true, country: "XX" }, "XX"],
  [{ suspended: true, country: "PL", carrier: "XX" }, "XX"],
])("PATCH of a port with %j changes nothing", async (edit, names) => {
  const { _id } = await here.buy();
  const before = here.control.state({ secrets: true });
  const reply = await send(`PATCH /_emulator/ports/${_id}`, JSON.stringify(edit));
  expect([reply.status, reply.body["message"]]).toEqual([400, expect.stringContaining(names)]);
  expect(here.control.state({ secrets: true })).toEqual(before);
});

test("a config that is wrong is refused at the start", () => {
  expect(() => world({ config: { slots: { shared: NaN } } })).toThrow("slots.shared");
  expect(() => world({ config: { lattency: 5 } as ConfigPatch })).toThrow('no setting "lattency"');
  expect(() => world({ seed: 1.5 })).toThrow("seed");
});

const json = fc.jsonValue({ maxDepth: 5 });
const CONTROL = [
  "POST clock",
  "POST reset",
  "PATCH config",
  "POST ports",
  "PATCH ports/:id",
  "POST faults",
  "PUT quirks",
  "POST keys",
  "PATCH orders/:id",
  "POST tickets/:id/replies",
  ...["POST x402/faucet", "POST x402/transfer", "POST x402/mine", "PUT x402/mining", "POST x402/reorganise"],
  ...["PUT x402/node", "POST x402/faults", "PATCH x402/sessions/:id"],
];
/** Right names with any values get further than any names. */
const names = fc.constantFrom(
  ...[
    "advance",
    "set",
    "seed",
    "slots",
    "life",
    "user",
    "balance",
    "countries",
    "trafficPerDayGB",
    "country",
    "carrier",
  ],
  ...["expiresIn", "account", "status", "device", "usedTraffic", "expiresAt", "rotationSettings", "path", "headers"],
  ...["x402", "address", "usdc", "eth", "from", "to", "blocks", "mining", "kind", "usedGB", "failing", "logRange"],
  ...["times", "scopes", "noPassword", "cooldownStatus", "__proto__", "constructor"],
);
const half = fc.dictionary(names, json, { maxKeys: 3 });

test("whatever control is sent, it says 200, 400, 404 or 409, and the world stays sound", async () => {
  const cases = fc.tuple(fc.constantFrom(...CONTROL), fc.oneof(json, half, fc.array(half, { maxLength: 2 })));
  await fc.assert(
    fc.asyncProperty(cases, async ([call, body]) => {
      here.control.reset({ seed: 1 });
      const { _id } = await here.buy();
      const reply = await send(`${call.replace(" ", " /_emulator/").replace(":id", _id)}`, JSON.stringify(body));
      expect([200, 400, 403, 404, 409]).toContain(reply.status);
      if (reply.status !== 200) expect(reply.body["message"]).toMatch(/^[^\n\r]{1,2000}$/);
      here.control.clearFaults();
      await isSound();
    }),
    { numRuns: runsOf(100) },
  );
});

const FIELDS = fc.constantFrom(
  ...["countryId", "expiresAt", "carrierId", "isPrivate", "osFingerprint", "proxyLogin", "proxyPassword", "enabled"],
  ...["country", "traffic", "duration", "addTrafficGB", "portId", "walletAddress", "jsonrpc", "method", "params"],
  ...["intervalSeconds", "excludedDeviceIds", "amount", "currency", "email", "password", "subject", "message"],
);
const VALUES = fc.oneof(json, fc.constantFrom(GERMANY, 60, 1e21, -5.5, 10, "", [GERMANY], [[GERMANY]]));

test("whatever the API is sent, a refusal is no 5xx and changes nothing", async () => {
  const writes = ROUTES.filter(({ verb }) => verb !== "GET");
  const cases = fc.tuple(fc.constantFrom(...writes), fc.oneof(json, fc.dictionary(FIELDS, VALUES, { maxKeys: 4 })));
  await fc.assert(
    fc.asyncProperty(cases, async ([{ verb, path }, body]) => {
      here.control.reset({ seed: 1 });
      const { _id } = await here.buy();
      const before = here.control.state({ secrets: true });
      const reply = await send(`${verb} /v1${path.replace(/:\w+/, _id)}`, JSON.stringify(body));
      expect(reply.status).toBeLessThan(500);
      if (reply.status >= 400 && reply.status !== 402) expect(here.control.state({ secrets: true })).toEqual(before);
      expect(() => JSON.stringify(here.control.requests())).not.toThrow();
      await isSound();
    }),
    { numRuns: runsOf(100) },
  );
});

const PARAMETERS = fc.constantFrom(
  ...["limit", "offset", "page", "type", "status", "countryId", "carrierId", "country", "isPrivate", "withDevice"],
  ...["category", "period", "amount", "traffic", "duration", "tier", "city", "carrier", "paymentId", "__proto__"],
  ...["X-Payment", "Payment-Signature", "X-Session-Token", "addTrafficGB", "addDurationSeconds"],
);
const WORDS = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "1",
    "0",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "9".repeat(400),
    "DE",
    "abc",
    "true",
    "TRUE",
    "active",
    "%",
    GERMANY,
  ),
);

test("whatever a query says, the answer is 200, 400, 404 or one that asks for money or a token, and no figure of it is broken", async () => {
  const reads = ROUTES.filter(({ verb, path }) => verb === "GET" && !path.startsWith("/rotate"));
  const cases = fc.tuple(fc.constantFrom(...reads), fc.array(fc.tuple(PARAMETERS, WORDS), { maxLength: 4 }));
  const { _id } = await here.buy();
  await fc.assert(
    fc.asyncProperty(cases, async ([{ path }, query]) => {
      const url = `/v1${path.replace(":countryId", GERMANY).replace(/:\w+/, _id)}?${new URLSearchParams(query).toString()}`;
      const reply = await here.call(`GET ${url}`);
      expect([200, 400, 401, 402, 404]).toContain(reply.status);
      expect(JSON.stringify(reply.body)).not.toMatch(/null,null|NaN/);
    }),
    { numRuns: runsOf(150) },
  );
});
