import { readPorts } from "../../api/port";
import { allPages } from "../../api/port-list";
import { responseContext } from "../../api/reading";
import { type Api } from "../../api";
import { EVERY_CALL } from "./every-call";
import {
  ACCOUNT,
  ANSWERS,
  CARRIERS,
  COUNTRIES,
  HISTORY,
  NEW_PORT,
  PORT,
  PORT_ID,
  SUMMARY,
  TARIFFS,
  USAGE,
} from "./samples";
import { failure, KEY, vendors } from "./vendor";

const vendor = vendors();
const LONG = "x".repeat(10_000);

describe("a value that cannot be one is refused, with endpoint and field and without the value", () => {
  const canary = "canary\u001b[31m\n";
  test.each<[string, object]>([
    ["_id is not an id", { _id: canary }],
    ["_id is not an id", { _id: "../account" }],
    ["_id is not an id", { _id: "a".repeat(65) }],
    ["httpPort is not a port number", { httpPort: 1e21 }],
    ["httpPort is not a port number", { httpPort: -5.5 }],
    ["httpPort is not a port number", { httpPort: 0 }],
    ["socksPort is not a port number", { socksPort: 65_536 }],
    ["socksPort is not a port number", { socksPort: 80.5 }],
    ["serverIp is not a host name or an address", { serverIp: canary }],
    ["serverIp is not a host name or an address", { serverIp: "http://138.201.158.43/" }],
    ["serverIp is not a host name or an address", { serverIp: "user@host" }],
    ["serverIp is not a host name or an address", { serverIp: "" }],
    ["serverIp is not a host name or an address", { serverIp: "gw-.proxies.sx" }],
    ["serverIp is not a host name or an address", { serverIp: "a.".repeat(200) }],
    ["proxyLogin is not a login", { proxyLogin: canary }],
    ["proxyPassword is not a login", { proxyPassword: canary }],
    ["proxyPassword is not a login", { proxyPassword: LONG }],
    ["expiresAt is not a time", { expiresAt: 1e18 }],
    ["expiresAt is not a time", { expiresAt: "0001-01-01T00:00:00Z" }],
    ["expiresAt is not a time", { expiresAt: "canary" }],
    ["device._id is not an id", { device: { _id: "a b" } }],
    ["device.countryId._id is not an id", { device: { countryId: canary } }],
    ["countryId._id is not an id", { countryId: { _id: canary } }],
    ["rotationSettings.excludedDeviceIds[1] is not an id", { rotationSettings: { excludedDeviceIds: ["a", canary] } }],
  ])("of a port: %s", async (what, change) => {
    const { api } = await vendor(({ url }) => ({
      json: url.includes("?") ? [PORT, { ...PORT, ...change }] : { ...PORT, ...change },
    }));
    const [one, all] = [await failure(api.ports.get(PORT_ID)), await failure(api.ports.list())];
    expect(one.message).toBe(`GET /v1/ports/:id: answer field ${what} (200 bad_answer, request req-1)`);
    expect(all.message).toBe(`GET /v1/ports: answer field [1].${what} (200 bad_answer, request req-1)`);
    expect(one.message + all.message).not.toContain("canary");
  });

  test("what is at the edge is taken: a host's name, the last port", async () => {
    const edge = { serverIp: "gw-1.eu.proxies.sx", httpPort: 65_535, socksPort: 1 };
    const { api } = await vendor([{ json: { ...PORT, ...edge } }]);
    expect(await api.ports.get(PORT_ID)).toMatchObject(edge);
  });

  test.each<[string, unknown, (api: Api) => Promise<unknown>]>([
    ["[0]._id is not an id", [{ ...COUNTRIES[0], _id: canary }], EVERY_CALL["reference.countries"]!],
    ["[0].code is not a country code", [{ ...COUNTRIES[0], code: canary }], EVERY_CALL["reference.countries"]!],
    ["[1]._id is not an id", [CARRIERS[0], { ...CARRIERS[1], _id: "" }], EVERY_CALL["reference.carriers"]!],
  ])("of reference data: %s", async (what, json, call) => {
    const { api } = await vendor([{ json }]);
    expect((await failure(call(api))).message).toContain(`: answer field ${what} (200 bad_answer`);
  });

  test("a bought port without an id that can be one may be bought", async () => {
    const { api } = await vendor([{ json: { ...NEW_PORT, _id: canary } }]);
    const error = await failure(api.ports.create({ countryId: "c", expiresInSeconds: 60 }));
    expect(error).toMatchObject({ code: "bad_answer", maybeDone: true });
  });
});

describe("a value that only informs is left out, with one notice", () => {
  test.each<[string, object, string]>([
    ["rotationToken", { rotationToken: "a/../b" }, "is not an id"],
    ["rotationLink", { rotationLink: "javascript:alert(1)" }, "is not a URL"],
    ["rotationLink", { rotationLink: `https://a/\u001b` }, "is not a URL"],
    ["slotType", { slotType: "of odd\nform" }, "is not a word"],
    ["osFingerprint", { osFingerprint: "win\u202edows" }, "is not a fingerprint"],
    ["usedTraffic", { usedTraffic: -1 }, "is not a quantity"],
    ["usedTraffic", { usedTraffic: 1e300 }, "is not a quantity"],
  ])("of a port: %s %j", async (field, change, what) => {
    const { api, notices } = await vendor([{ json: [PORT, { ...PORT, ...change }, { ...PORT, ...change, _id: "b" }] }]);
    const ports = await api.ports.list();
    expect(ports.map(({ id }) => id)).toEqual([PORT_ID, "b"]);
    expect(ports[1]).not.toHaveProperty(field);
    expect(notices).toEqual([`GET /v1/ports: answer field [].${field} ${what}: it is left out`]);
  });

  test.each<[string, unknown, string, object]>([
    ["reference.countries", [{ ...COUNTRIES[0], freeDeviceCount: -3 }], "[].freeDeviceCount is not a count", {}],
    ["reference.tariffs", [{ ...TARIFFS[0], price: -1 }], "[].price is not a quantity", {}],
    ["account.summary", { ...SUMMARY, shared: { slots: { total: 1e30 } } }, "shared.slots.total is not a count", {}],
    ["account.get", { ...ACCOUNT, wallet: { totalSpent: 1e30 } }, "wallet.totalSpent is not an amount", {}],
    ["account.usage", USAGE, "traffic.shared.byPort[].portId is not an id", {}],
    ["rotation.history", HISTORY, "rotations[]._id is not an id", {}],
    ["rotation.rotate", { success: true, newIp: "<b>" }, "newIp is not an address", {}],
    ["rotation.canRotate", { canRotate: true, availableDevices: 1.5 }, "availableDevices is not a count", {}],
    ["ports.ping", { success: true, ip: "1.1.1.1.1" }, "ip is not an address", {}],
    ["ports.ip", { publicIp: "1.1.1.1", serverIp: "\u001b" }, "serverIp is not an address", {}],
    ["ports.speedTest", { latencyMs: -1 }, "latencyMs is not a quantity", {}],
    ["billing.pricing", { basePrices: { shared: -4 } }, "basePrices.shared is not a quantity", {}],
  ])("of %s: %j", async (name, json, what) => {
    const { api, notices } = await vendor([{ json }]);
    await EVERY_CALL[name]!(api);
    expect(notices).toEqual([expect.stringContaining(`: answer field ${what}: it is left out`)]);
  });

  test("a balance may be below zero, and so may what is left", async () => {
    const { api, notices } = await vendor([
      { json: { balance: -2.5, shared: { slots: { total: 1, used: 3, available: -2 }, daysRemaining: -1 } } },
    ]);
    expect(await api.account.summary()).toMatchObject({
      balance: -2.5,
      shared: { slots: { available: -2 }, daysRemaining: -1 },
    });
    expect(notices).toEqual([]);
  });
});

describe("words of the vendor", () => {
  const odd = [
    "\u001b[31mred",
    "a\nb",
    "\u202eevil",
    "",
    "a b",
    LONG,
    KEY,
    `of ${KEY}`,
    Buffer.from(KEY).toString("base64"),
  ];

  test.each(odd)("a status that is none is unknown: %j", async (status) => {
    const { api, notices } = await vendor(({ url }) => ({
      json: url.endsWith("/status") ? { status, deviceStatus: status } : { ...PORT, status, healthStatus: status },
    }));
    expect(await api.ports.get("a")).toMatchObject({ status: "unknown", healthStatus: "unknown" });
    expect(await api.ports.status("a")).toMatchObject({ status: "unknown", isOnline: false, deviceStatus: "unknown" });
    expect(notices.join()).not.toContain(KEY);
    expect(notices[0]).toMatch(/unknown status of an odd form/);
  });

  test("a status that is the port's own password is unknown, and no name repeats it", async () => {
    const { proxyPassword, rotationToken } = PORT;
    const change = { status: proxyPassword, healthStatus: rotationToken, name: `is ${proxyPassword}` };
    const { api, notices } = await vendor([{ json: { ...PORT, ...change, device: { name: rotationToken } } }]);
    expect(await api.ports.get("a")).toMatchObject({
      status: "unknown",
      healthStatus: "unknown",
      name: "is [secret]",
      device: { name: "[secret]" },
      proxyPassword,
      rotationToken,
    });
    expect(notices.join()).not.toMatch(new RegExp(`${proxyPassword}|${rotationToken}`));
  });

  test("the key is in nothing that a call gives, wherever the answer repeats it", async () => {
    const everywhere = (value: unknown): unknown =>
      typeof value === "string"
        ? `${value} ${KEY}`
        : Array.isArray(value)
          ? value.map(everywhere)
          : typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, everywhere(part)]))
            : value;
    for (const [name, json] of Object.entries({ ...ANSWERS, "account.get": { ...ACCOUNT, status: { [KEY]: true } } })) {
      const { api, notices } = await vendor([{ json: everywhere(json) }]);
      const outcome = await EVERY_CALL[name]!(api).catch((error: Error) => error.message);
      expect([name, JSON.stringify([outcome, notices])]).toEqual([name, expect.not.stringContaining(KEY)]);
    }
  });

  test("a name is one line of bounded length", async () => {
    const name = `a\u001b\r\nb\u2028c ${LONG}`;
    const { api } = await vendor([{ json: [{ ...COUNTRIES[0], name }] }]);
    const [country] = await api.reference.countries();
    expect(country!.name).toMatch(/^a b c x+…$/);
    expect(country!.name.length).toBe(301);
  });
});

describe("bounds", () => {
  test("more entries than any account has are refused before they are looked at", async () => {
    const { api } = await vendor([{ json: Array.from({ length: 20_001 }, () => 0) }]);
    for (const name of ["ports.list", "reference.countries", "rotation.history", "ports.osFingerprints"]) {
      expect((await failure(EVERY_CALL[name]!(api))).message).toContain("the answer has more than 20000 entries");
    }
  });

  test("a list is bounded in size, all pages together", async () => {
    let pages = 0;
    const pageOf9MiB = async (page: number) => {
      pages++;
      return { ports: Array.from({ length: 100 }, (_, at) => ({ id: `p${page}-${at}` })), size: 9 * 1024 * 1024 };
    };
    expect((await failure(allPages(pageOf9MiB, () => 0))).message).toBe(
      "GET /v1/ports: the list of ports did not end after 64 MiB (bad_answer)",
    );
    expect(pages).toBe(8);
  });

  test("a page's size is its answer's, in characters", () => {
    const call = { method: "GET", effect: "none", route: "/ports", path: "/ports" } as const;
    const context = responseContext(call, { status: 200, headers: {}, text: "[    ]" }, () => {}, undefined);
    expect([readPorts([], context).size, readPorts({ data: [] }, context).size]).toEqual([6, 6]);
  });

  test("a list is bounded in time, all pages together", async () => {
    const { api, seen, pass } = await vendor(({ url }) => {
      pass(60_000);
      const page = Number(new URL(url, "http://x").searchParams.get("page"));
      return { json: Array.from({ length: 100 }, (_, at) => ({ _id: `p${page}-${at}` })) };
    });
    expect((await failure(api.ports.list())).message).toBe(
      "GET /v1/ports: the list of ports did not end after 15 minutes (bad_answer)",
    );
    expect(seen.length).toBe(16);
  });

  test("an answer nested deeper than calls can be", async () => {
    const { api } = await vendor([{ text: `{"_id":"a","more":${"[".repeat(500_000)}${"]".repeat(500_000)}}` }]);
    expect(await api.ports.get("a")).toEqual({ id: "a" });
  });
});
