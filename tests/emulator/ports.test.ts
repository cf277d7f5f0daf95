import { type WirePort } from "../../emulator";
import { BRITAIN, DAY, GERMANY, NOON, O2, VODAFONE, type World, world } from "./harness";

let here: World;
beforeEach(() => (here = world()));

const get = async (id: string) => (await here.call<WirePort>(`GET /v1/ports/${id}`)).body;

test("a bought port has the vendor page's fields in the vendor page's forms", async () => {
  const port = await here.buy({ carrierId: VODAFONE, osFingerprint: "windows:1" });
  expect(port).toMatchObject({
    _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
    id: port._id,
    name: expect.stringMatching(/^psx_[0-9a-f]{6}_[0-9a-z]{6}$/) as string,
    displayName: "Proxy #1",
    socksPort: port.httpPort - 3_000,
    proxyLogin: `user_${port.name.slice(4).replace("_", "")}`,
    proxyPassword: expect.stringMatching(/^[A-Za-z0-9]{10}$/) as string,
    slotType: "shared",
    exclusive: false,
    osFingerprint: "windows:1",
    suspended: false,
    status: "active",
    createdAt: NOON,
    expiresAt: NOON + 30 * DAY * 1_000,
    rotationToken: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    rotationLink: `${here.url}/rotate/${port.rotationToken}`,
    rotationSettings: { enabled: false, lastRotatedAt: null, rotationCount: 0 },
    usedTraffic: 0,
    device: { country: { name: "Germany", code: "DE" }, carrier: { name: "Vodafone D2 GmbH", brand: "Vodafone" } },
  });
  expect(port).not.toHaveProperty("port");
  expect(await get(port._id)).toEqual(port);
});

test("the list is a bare array of all ports, and pages when asked", async () => {
  for (let index = 0; index < 12; index++) await here.buy();
  const numbers = async (query: string) =>
    (await here.call<WirePort[]>(`GET /v1/ports${query}`)).body.map((port) => Number(port.displayName.slice(7)));
  expect(await numbers("")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(await numbers("?page=2&limit=5")).toEqual([6, 7, 8, 9, 10]);
  expect(await numbers("?page=3&limit=5")).toEqual([11, 12]);
  expect(await numbers("?page=4&limit=5")).toEqual([]);
  expect(await numbers("?limit=2")).toEqual([1, 2]);
});

test("the list filters by type, status, country and carrier", async () => {
  const german = await here.buy({ carrierId: VODAFONE });
  const british = await here.buy({ countryId: BRITAIN, isPrivate: true });
  here.control.editPort(british._id, { suspended: true });
  const ids = async (query: string) =>
    (await here.call<WirePort[]>(`GET /ports?${query}`)).body.map((port) => port._id);
  expect(await ids("type=private")).toEqual([british._id]);
  expect(await ids("status=active")).toEqual([german._id]);
  expect(await ids("status=suspended")).toEqual([british._id]);
  expect(await ids(`countryId=${BRITAIN}`)).toEqual([british._id]);
  expect(await ids(`carrierId=${VODAFONE}`)).toEqual([german._id]);
});

test("reconfigure moves the device and keeps id, login, lease and settings", async () => {
  const before = await here.buy({ carrierId: VODAFONE });
  const { body: after } = await here.call<WirePort>(`PUT /v1/ports/${before._id}/reconfigure`, {
    body: { countryId: GERMANY, carrierId: O2 },
  });
  expect(after.device.carrier.brand).toBe("O2");
  expect(after.device._id).not.toBe(before.device._id);
  for (const kept of ["_id", "proxyLogin", "proxyPassword", "expiresAt", "displayName", "rotationToken"])
    expect(after[kept]).toBe(before[kept]);
  expect(await get(before._id)).toEqual(after);
});

test("credentials change alone or together", async () => {
  const before = await here.buy();
  const login = await here.call<WirePort>(`PUT /v1/ports/${before._id}/credentials`, {
    body: { proxyLogin: "team-a" },
  });
  expect(login.body).toMatchObject({ proxyLogin: "team-a", proxyPassword: before.proxyPassword });
  await here.call(`PATCH /v1/ports/${before._id}/credentials`, { body: { proxyPassword: "ünïcode" } });
  expect(await get(before._id)).toMatchObject({ proxyLogin: "team-a", proxyPassword: "ünïcode" });
});

test("rotation settings answer as settings and, nested, as a port's", async () => {
  const { _id } = await here.buy();
  const { body } = await here.call(`PATCH /v1/ports/${_id}/rotation-settings`, {
    body: { enabled: true, intervalSeconds: 600, matchCarrier: true },
  });
  const settings = {
    enabled: true,
    intervalMinutes: 10,
    intervalSeconds: 600,
    lastRotatedAt: null,
    rotationCount: 0,
    matchCarrier: true,
    matchCity: false,
    excludedDeviceIds: [],
  };
  expect(body).toMatchObject({ ...settings, rotationSettings: settings });
  expect(body["_id"]).not.toBe(_id);
  expect((await get(_id)).rotationSettings).toEqual(settings);
});

test("a private port may rotate each minute, a shared one may not", async () => {
  const own = await here.buy({ isPrivate: true });
  const shared = await here.buy();
  const set = (id: string) =>
    here.call(`PUT /v1/ports/${id}/rotation-settings`, { body: { enabled: true, intervalSeconds: 60 } });
  expect((await set(own._id)).status).toBe(200);
  expect(await set(shared._id)).toMatchObject({
    status: 400,
    body: { message: ["intervalSeconds must not be less than 300"] },
  });
});

test("same seed, same world; another seed, another", async () => {
  const [one, same, other] = [world(), world(), world({ seed: 2 })];
  const port = await one.buy();
  expect(await same.buy()).toEqual(port);
  expect((await other.buy())._id).not.toBe(port._id);
});

test("another account sees neither the port nor its slot", async () => {
  const key = here.control.keys.addKey(["ports:read", "account:read"], "second");
  const { _id } = await here.buy();
  expect((await here.call("GET /v1/ports", { key })).body).toEqual([]);
  expect((await here.call(`GET /v1/ports/${_id}`, { key })).status).toBe(404);
  const { body } = await here.call<{ shared: { slots: { used: number } } }>("GET /v1/account/summary", { key });
  expect(body.shared.slots.used).toBe(0);
});
