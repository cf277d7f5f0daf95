import { readPorts } from "../../api/port";
import { responseContext } from "../../api/reading";
import { COUNTRIES, NEW_PORT, PORT, PORT_ID } from "./samples";
import { failure, vendors } from "./vendor";

const vendor = vendors();
const manyPorts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ ...PORT, _id: `port${from + at}`, id: `port${from + at}` }));
const page = (url: string) => Number(new URL(url, "http://x").searchParams.get("page"));

describe("one port", () => {
  test("the vendor page's sample, with the key and under /v1", async () => {
    const { api, calls, seen } = await vendor([{ json: PORT }]);
    expect(await api.ports.get(PORT_ID)).toEqual({
      id: PORT_ID,
      name: "psx_8cc33c_91vjml",
      displayName: "Proxy #1",
      httpPort: 8522,
      socksPort: 5522,
      serverIp: "138.201.158.43",
      proxyLogin: "user_8cc33c91vjml",
      proxyPassword: "gyQ4n6hP8R",
      slotType: "shared",
      osFingerprint: "windows:1",
      suspended: false,
      status: "active",
      expiresAt: 1765210246994,
      createdAt: 1733587846996,
      rotationToken: "32c2144a26f1ff1a3a0b79c4e31b7369",
      rotationLink: "https://api.proxies.sx/rotate/32c2144a26f1ff1a3a0b79c4e31b7369",
      rotationSettings: {
        enabled: true,
        intervalSeconds: 1800,
        lastRotatedAt: Date.parse("2025-12-17T09:30:00.000Z"),
        rotationCount: 5,
      },
      usedTraffic: 1.5,
      country: { name: "Germany", code: "DE" },
      carrier: { name: "Vodafone D2 GmbH", brand: "Vodafone" },
      region: { name: "Berlin" },
      device: { id: "69280411c01b1bb60efc4ab7", name: "dongle501_de" },
    });
    expect(calls()).toEqual([`GET /v1/ports/${PORT_ID}`]);
    expect(seen[0]!.headers["x-api-key"]).toMatch(/^psx_/);
  });

  test.each([
    ["active", "suspended"],
    ["expiring_soon", "suspended"],
    [undefined, "suspended"],
    ["expired", "expired"],
    ["deleted", "deleted"],
  ])("that is suspended by its flag and %s by its status is %s", async (status, is) => {
    const { api } = await vendor([{ json: { ...PORT, suspended: true, status } }]);
    expect(await api.ports.get(PORT_ID)).toMatchObject({ suspended: true, status: is });
  });

  test("is safe to store: nothing but JSON", async () => {
    const { api } = await vendor([
      { json: { ...PORT, healthStatus: null, trafficSummary: { usedMB: 1, usedGB: null } } },
    ]);
    const port = await api.ports.get(PORT_ID);
    expect(port).toStrictEqual(JSON.parse(JSON.stringify(port)));
    expect(port!.trafficSummary).toStrictEqual({ usedMB: 1 });
  });

  test("that is not there is undefined", async () => {
    const { api } = await vendor([{ status: 404, json: { statusCode: 404, message: "Port not found" } }]);
    expect(await api.ports.get(PORT_ID)).toBeUndefined();
  });

  test.each([
    ["_id only", { _id: "a" }, { id: "a" }],
    ["id only", { id: "a" }, { id: "a" }],
    ["a fingerprint of null is none", { _id: "a", osFingerprint: null }, { id: "a", osFingerprint: "" }],
    [
      "minutes only",
      { _id: "a", rotationSettings: { enabled: true, intervalMinutes: 5 } },
      { id: "a", rotationSettings: { enabled: true, intervalSeconds: 300 } },
    ],
    ["settings that say nothing", { _id: "a", rotationSettings: {} }, { id: "a" }],
    [
      "ISO and seconds",
      { _id: "a", expiresAt: "2026-01-01T00:00:00Z", createdAt: 1733587846 },
      { id: "a", expiresAt: 1767225600000, createdAt: 1733587846000 },
    ],
    ["no end", { _id: "a", expiresAt: 0 }, { id: "a" }],
    [
      "device.countryId as an object",
      { _id: "a", device: { countryId: { _id: "c", name: "Germany", code: "DE" } } },
      { id: "a", country: { id: "c", name: "Germany", code: "DE" } },
    ],
    [
      "device.countryId as an id",
      { _id: "a", device: { countryId: "c", country: { code: "DE" } } },
      { id: "a", country: { id: "c", code: "DE" } },
    ],
    [
      "flat names",
      { _id: "a", countryName: "Germany", carrierName: "O2", cityName: "Berlin", regionName: "BE" },
      {
        id: "a",
        country: { name: "Germany" },
        carrier: { name: "O2" },
        city: { name: "Berlin" },
        region: { name: "BE" },
      },
    ],
    [
      "ids on the port",
      { _id: "a", countryId: "c", carrierId: "d", cityId: "e", regionId: "f" },
      { id: "a", country: { id: "c" }, carrier: { id: "d" }, city: { id: "e" }, region: { id: "f" } },
    ],
    ["nested in {port}", { port: { _id: "a" }, message: "ok" }, { id: "a" }],
  ])("shape: %s", async (_, wire, port) => {
    const { api } = await vendor([{ json: wire }]);
    expect(await api.ports.get("a")).toStrictEqual(port);
  });

  test("unknown fields pass; unknown values pass with one notice each", async () => {
    const { api, notices } = await vendor([{ json: { ...PORT, status: "frozen", slotType: "gold", brandNew: 1 } }]);
    const port = await api.ports.get(PORT_ID);
    await api.ports.get(PORT_ID);
    expect(port).toMatchObject({ status: "frozen", slotType: "gold" });
    expect(notices).toEqual([
      'GET /v1/ports/:id: unknown slotType "gold" (known: shared, private)',
      expect.stringContaining('GET /v1/ports/:id: unknown status "frozen" (known: active, '),
    ]);
  });

  test.each([
    ["httpPort is not a number", { httpPort: "8522" }],
    ["status is not a string", { status: 3 }],
    ["expiresAt is not a time", { expiresAt: "tomorrow" }],
    ["expiresAt is not a time", { expiresAt: -5 }],
    ["rotationSettings.enabled is not a boolean", { rotationSettings: { enabled: "yes" } }],
    ["device.country is not an object", { device: { country: 5 } }],
    ["device.countryId is not an object", { device: { countryId: 5 } }],
    ["_id is missing", { _id: undefined, id: undefined }],
  ])("broken: %s", async (what, change) => {
    const { api } = await vendor([{ json: { ...PORT, ...change } }]);
    const error = await failure(api.ports.get(PORT_ID));
    expect(error.message).toBe(`GET /v1/ports/:id: answer field ${what} (200 bad_answer, request req-1)`);
    expect(error).toMatchObject({ code: "bad_answer", maybeDone: false, requestId: "req-1" });
  });

  test("an id that could reach elsewhere is not sent", async () => {
    const { api, seen } = await vendor([{ json: PORT }]);
    for (const id of [
      "",
      "..",
      "../account",
      "a/b",
      "a?b",
      "a%2fb",
      "a b",
      "x".repeat(65),
      undefined as unknown as string,
    ]) {
      expect((await failure(api.ports.get(id))).code).toBe("invalid_input");
    }
    expect(seen).toEqual([]);
  });
});

describe("the list", () => {
  test("one short page", async () => {
    const { api, calls } = await vendor([{ json: manyPorts(3) }]);
    expect((await api.ports.list()).map(({ id }) => id)).toEqual(["port0", "port1", "port2"]);
    expect(calls()).toEqual(["GET /v1/ports?page=1&limit=100"]);
  });

  test.each([
    ["pages", 250, ({ url }: { url: string }) => manyPorts(250).slice((page(url) - 1) * 100, page(url) * 100), 3],
    [
      "full pages only, one more is asked",
      200,
      ({ url }: { url: string }) => manyPorts(200).slice((page(url) - 1) * 100, page(url) * 100),
      3,
    ],
    ["a server that ignores paging", 250, () => manyPorts(250), 1],
    ["a server that ignores paging and has just a page", 100, () => manyPorts(100), 2],
    ["an empty account", 0, () => [], 1],
    [
      "data and total",
      30,
      ({ url }: { url: string }) => ({
        data: manyPorts(30).slice((page(url) - 1) * 20, page(url) * 20),
        total: 30,
        page: page(url),
        limit: 20,
      }),
      2,
    ],
    [
      "data and limit",
      30,
      ({ url }: { url: string }) => ({ data: manyPorts(30).slice((page(url) - 1) * 20, page(url) * 20), limit: 20 }),
      2,
    ],
    [
      "a total that is too high",
      30,
      ({ url }: { url: string }) => ({ data: page(url) === 1 ? manyPorts(30) : [], total: 99 }),
      2,
    ],
    [
      "pages that shift while read",
      150,
      ({ url }: { url: string }) => (page(url) === 1 ? manyPorts(100) : manyPorts(60, 90)),
      2,
    ],
  ])("%s", async (_, count, answer, requests) => {
    const { api, seen } = await vendor((one) => ({ json: answer(one) }));
    expect(new Set((await api.ports.list()).map(({ id }) => id)).size).toBe(count);
    expect(seen.length).toBe(requests);
  });

  test("a server without end is given up", async () => {
    const { api, seen } = await vendor(({ url }) => ({
      json: manyPorts(100, page(url) * 100).map(({ _id }) => ({ _id })),
    }));
    const error = await failure(api.ports.list());
    expect(error.message).toBe("GET /v1/ports: the list of ports did not end after 200 pages (bad_answer)");
    expect(seen.length).toBe(200);
  });

  test.each([
    ["answer field [0].httpPort is not a number", [{ _id: "a", httpPort: "8522" }]],
    ["answer field [1]._id is missing", [{ _id: "a" }, {}]],
    ["answer field data[0].status is not a string", { data: [{ _id: "a", status: {} }], total: 1 }],
    ["answer field data is missing", {}],
    ["the answer is not an array", "none"],
  ])("broken: %s", async (what, json) => {
    const { api } = await vendor([{ json }]);
    expect((await failure(api.ports.list())).message).toBe(`GET /v1/ports: ${what} (200 bad_answer, request req-1)`);
  });

  test("2,000 ports are read in well under a second once warm", () => {
    const call = { method: "GET", route: "/ports", path: "/ports", effect: "none" } as const;
    const context = responseContext(call, { status: 200, headers: {}, text: "" }, () => {}, undefined);
    const body: unknown = manyPorts(2_000);
    const times = Array.from({ length: 8 }, () => {
      const start = process.cpuUsage();
      expect(readPorts(body, context).ports.length).toBe(2_000);
      return process.cpuUsage(start).user / 1000; // not wall time: other tests run beside this one
    });
    expect(Math.min(...times)).toBeLessThan(1_000); // about 40
  });
});

describe("an order", () => {
  const countryId = COUNTRIES[0]!._id;

  test("the vendor page's: seconds from now go out, epoch ms come back", async () => {
    const { api, seen } = await vendor([{ status: 201, json: NEW_PORT }]);
    const port = await api.ports.create({ countryId, expiresInSeconds: 86_400 });
    expect(port).toMatchObject({ id: NEW_PORT._id, httpPort: 8002, expiresAt: 1702320967890 });
    expect(seen[0]).toMatchObject({ method: "POST", url: "/v1/ports", body: { countryId, expiresAt: 86_400 } });
    expect(seen[0]!.headers["idempotency-key"]).toBeUndefined();
  });

  test("everything that can be ordered", async () => {
    const { api, seen } = await vendor([{ json: { port: NEW_PORT, message: "ok" } }]);
    await api.ports.create({
      countryId,
      expiresInSeconds: 60,
      carrierId: "a",
      cityId: "b",
      regionId: "c",
      osFingerprint: "",
      isPrivate: true,
      idempotencyKey: "key-12345",
    });
    expect(seen[0]!.body).toEqual({
      countryId,
      expiresAt: 60,
      carrierId: "a",
      cityId: "b",
      regionId: "c",
      osFingerprint: "",
      isPrivate: true,
    });
    expect(seen[0]!.headers["idempotency-key"]).toBe("key-12345");
  });

  test("isPrivate is sent only when true", async () => {
    const { api, seen } = await vendor([{ json: NEW_PORT }]);
    await api.ports.create({ countryId, expiresInSeconds: 60, isPrivate: false });
    expect(seen[0]!.body).toEqual({ countryId, expiresAt: 60 });
  });

  test.each([
    { expiresInSeconds: 0 },
    { expiresInSeconds: -1 },
    { expiresInSeconds: 1.5 },
    { expiresInSeconds: NaN },
    { idempotencyKey: "short" },
    { idempotencyKey: "with\r\nnewline" },
  ])("refused here: %j", async (change) => {
    const { api, seen } = await vendor([{ json: NEW_PORT }]);
    const error = await failure(api.ports.create({ countryId, expiresInSeconds: 60, ...change }));
    expect(error).toMatchObject({ code: "invalid_input", sent: "no", maybeDone: false });
    expect(seen).toEqual([]);
  });

  test.each([
    ["bare", { ...NEW_PORT, httpPort: "8002" }],
    ["in {port}", { port: { ...NEW_PORT, httpPort: "8002" }, message: "ok" }],
  ])("a bought port is never lost to a broken field: %s", async (_, json) => {
    const { api, notices } = await vendor([{ json }]);
    expect(await api.ports.create({ countryId, expiresInSeconds: 60 })).toEqual({ id: NEW_PORT._id });
    expect(notices).toEqual([expect.stringContaining("answer field httpPort is not a number")]);
  });

  test.each([[{ message: "created" }], [[]], [null]])("an answer without an id may have bought: %j", async (json) => {
    const { api, seen } = await vendor([{ json }]);
    expect(await failure(api.ports.create({ countryId, expiresInSeconds: 60 }))).toMatchObject({
      code: "bad_answer",
      maybeDone: true,
    });
    expect(seen.length).toBe(1);
  });
});

describe("changes of a port", () => {
  test("delete returns whether the port was still there", async () => {
    const { api, calls } = await vendor([
      { json: { message: "Port deleted successfully" } },
      { status: 404, json: {} },
      { status: 204 },
    ]);
    expect([await api.ports.delete("a"), await api.ports.delete("a"), await api.ports.delete("a")]).toEqual([
      true,
      false,
      true,
    ]);
    expect(calls()[0]).toBe("DELETE /v1/ports/a");
  });

  test("a success that is no JSON deletes nothing for sure", async () => {
    const { api } = await vendor([{ text: "<html>login</html>" }]);
    expect((await failure(api.ports.delete("a"))).message).toBe(
      "DELETE /v1/ports/:id: the answer is no JSON (200 bad_answer, request req-1)",
    );
  });

  test.each([
    ["a port", PORT, PORT_ID],
    ["a message", { message: "done" }, undefined],
    ["a list", [], undefined],
    ["null", null, undefined],
    ["nothing", undefined, undefined],
  ])("an answer that is %s", async (_, json, id) => {
    const { api, seen } = await vendor([{ json }]);
    expect((await api.ports.reconfigure("a", { countryId: "c", carrierId: "d" }))?.id).toBe(id);
    expect((await api.ports.setCredentials("a", { proxyPassword: "p4ss" }))?.id).toBe(id);
    expect((await api.ports.setOsFingerprint("a", ""))?.id).toBe(id);
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["PUT", "/v1/ports/a/reconfigure", { countryId: "c", carrierId: "d" }],
      ["PUT", "/v1/ports/a/credentials", { proxyPassword: "p4ss" }],
      ["PATCH", "/v1/ports/a/os-fingerprint", { osFingerprint: "" }],
    ]);
  });

  test.each([404, 405])("the other verb after %d, and from then on", async (status) => {
    const { api, calls } = await vendor(({ method }) =>
      method === "PUT" ? { status, json: { message: "Cannot PUT" } } : { json: PORT },
    );
    await api.ports.reconfigure("a", { countryId: "c" });
    await api.ports.reconfigure("b", { countryId: "c" });
    expect(calls().filter((call) => !call.startsWith("GET"))).toEqual([
      "PUT /v1/ports/a/reconfigure",
      "PATCH /v1/ports/a/reconfigure",
      "PATCH /v1/ports/b/reconfigure",
    ]);
  });

  test("a port that is gone stays not_found, and nothing more is written", async () => {
    const { api, calls } = await vendor([{ status: 404, json: { message: "Port not found" } }]);
    expect((await failure(api.ports.setCredentials("a", { proxyLogin: "x" }))).code).toBe("not_found");
    expect(calls()).toEqual(["PUT /v1/ports/a/credentials", "GET /v1/ports/a"]);
  });

  test("neither verb known: the first answer counts", async () => {
    const { api } = await vendor(({ method }) =>
      method === "GET" ? { json: PORT } : { status: method === "PUT" ? 404 : 405, json: { message: `no ${method}` } },
    );
    expect((await failure(api.ports.reconfigure("a", { countryId: "c" }))).message).toContain("no PUT (404 not_found");
  });
});

describe("looking at a port", () => {
  test.each([
    [
      "status",
      { status: "online", isActive: true, lastChecked: "2025-12-17T10:00:00.000Z", expiresAt: 1765210246994 },
      { isOnline: true, status: "online", isActive: true, lastChecked: 1765965600000, expiresAt: 1765210246994 },
    ],
    ["status", { status: "offline" }, { isOnline: false, status: "offline" }],
    [
      "status",
      { portId: "a", isOnline: true, lastChecked: null, uptime: 99.5, deviceStatus: "ok" },
      { isOnline: true, uptime: 99.5, deviceStatus: "ok" },
    ],
    [
      "ping",
      { success: true, ip: "109.40.240.170", responseTime: 513, testTime: "2025-12-17T10:37:36.621Z" },
      { success: true, ip: "109.40.240.170", responseTime: 513, testTime: 1765967856621 },
    ],
    ["ping", { success: false, error: "timeout" }, { success: false, error: "timeout" }],
    [
      "ip",
      { publicIp: "109.40.240.170", serverIp: "138.201.158.43" },
      { publicIp: "109.40.240.170", serverIp: "138.201.158.43" },
    ],
    [
      "speedTest",
      { portId: "a", downloadMbps: 12.5, uploadMbps: 3, latencyMs: 80, testedAt: "2025-12-17T10:00:00Z" },
      { downloadMbps: 12.5, uploadMbps: 3, latencyMs: 80, testedAt: 1765965600000 },
    ],
    [
      "osFingerprints",
      [
        { value: "", label: "None (Default)" },
        { value: "windows:1", label: "Windows 10" },
      ],
      [
        { value: "", label: "None (Default)" },
        { value: "windows:1", label: "Windows 10" },
      ],
    ],
  ] as const)("%s %j", async (method, wire, result) => {
    const { api, calls } = await vendor([{ json: wire }]);
    expect(await api.ports[method]("a")).toStrictEqual(result);
    expect(calls()).toEqual([`GET /v1/ports/a/${method.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`]);
  });

  test("broken status", async () => {
    const { api } = await vendor([{ json: { isActive: true } }]);
    expect((await failure(api.ports.status("a"))).message).toBe(
      "GET /v1/ports/:id/status: answer field status is missing (200 bad_answer, request req-1)",
    );
  });
});
