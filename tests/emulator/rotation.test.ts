import { type WirePort } from "../../emulator";
import { DAY, NOON, type World, world } from "./harness";

let here: World;
beforeEach(() => (here = world()));

const rotate = (id: string) => here.call(`POST /v1/ports/${id}/rotate`);
const get = async (id: string) => (await here.call<WirePort>(`GET /v1/ports/${id}`)).body;
const ipOf = async (id: string) => (await here.call(`GET /v1/ports/${id}/ip`)).body["publicIp"];

interface History {
  rotations: Record<string, unknown>[];
  data: Record<string, unknown>[];
  total: number;
}
const history = async (id: string) => (await here.call<History>(`GET /v1/ports/${id}/rotation-history`)).body;

test("a shared port switches its device", async () => {
  const before = await here.buy();
  const oldIp = await ipOf(before._id);
  const { status, body } = await rotate(before._id);
  const after = await get(before._id);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    success: true,
    portId: before._id,
    oldDeviceId: before.device._id,
    newDeviceId: after.device._id,
    oldIp,
    newIp: await ipOf(before._id),
    rotationDurationMs: expect.any(Number) as number,
    rotationCount: 1,
    message: "Port rotated successfully",
    _id: before._id,
  });
  expect(after.device._id).not.toBe(before.device._id);
  expect(after.name).not.toBe(before.name);
  expect(after.rotationSettings).toMatchObject({ rotationCount: 1, lastRotatedAt: new Date(NOON).toISOString() });
  for (const kept of ["displayName", "proxyLogin", "proxyPassword", "expiresAt", "rotationToken", "serverIp"])
    expect(after[kept]).toBe(before[kept]);
});

test("a private port keeps its device and has a new address 10 to 30 s later", async () => {
  const before = await here.buy({ isPrivate: true });
  const oldIp = await ipOf(before._id);
  expect((await rotate(before._id)).body).toMatchObject({ success: true, oldIp, isAirplaneMode: true });
  here.control.clock.advance("9s");
  expect(await ipOf(before._id)).toBe(oldIp);
  expect((await here.call(`GET /v1/ports/${before._id}/ping`)).body).toMatchObject({ success: false });
  here.control.clock.advance("21s");
  expect(await ipOf(before._id)).not.toBe(oldIp);
  expect((await here.call(`GET /v1/ports/${before._id}/ping`)).body).toMatchObject({ success: true });
  expect((await get(before._id)).device._id).toBe(before.device._id);
});

test.each([
  [false, 300],
  [true, 60],
])("with isPrivate %s the cooldown is %i s", async (isPrivate, cooldown) => {
  const { _id } = await here.buy({ isPrivate });
  await rotate(_id);
  here.control.clock.advance((cooldown - 1) * 1_000);
  const early = await rotate(_id);
  expect([early.status, early.headers.get("retry-after")]).toEqual([429, "1"]);
  const endsAt = new Date(NOON + cooldown * 1_000).toISOString();
  expect((await here.call(`GET /v1/ports/${_id}/can-rotate`)).body).toEqual({
    canRotate: false,
    reason: "Rate limited. Must wait 1 seconds before next rotation.",
    nextRotationAt: endsAt,
    cooldownRemaining: 1,
    cooldownEndsAt: endsAt,
    nextAvailableRotation: endsAt,
  });
  here.control.clock.advance("1s");
  expect((await here.call(`GET /v1/ports/${_id}/can-rotate`)).body).toMatchObject({ canRotate: true });
  expect((await rotate(_id)).status).toBe(200);
});

test.each(["GET", "POST"])("the link rotates by %s without a key", async (verb) => {
  const { rotationToken, _id } = await here.buy();
  const { status, body } = await here.call(`${verb} /rotate/${rotationToken}`, { key: null });
  expect([status, body["newIp"]]).toEqual([200, await ipOf(_id)]);
  expect((await history(_id)).rotations).toMatchObject([{ triggerType: "api_token" }]);
  expect((await here.call(`${verb} /rotate/${rotationToken}`, { key: null })).status).toBe(429);
});

test("history has the words of both sources", async () => {
  const port = await here.buy();
  await rotate(port._id);
  const { rotations, data, total } = await history(port._id);
  expect(total).toBe(1);
  expect(data).toEqual(rotations);
  expect(rotations).toMatchObject([
    {
      portId: port._id,
      fromDeviceId: port.device._id,
      previousDeviceName: port.device.name,
      newDeviceName: (await get(port._id)).device.name,
      triggerType: "manual",
      trigger: "manual",
      success: true,
      country: "Germany",
      createdAt: new Date(NOON).toISOString(),
      rotatedAt: new Date(NOON).toISOString(),
    },
  ]);
});

describe("automatic rotation", () => {
  const enable = (id: string, more: Record<string, unknown> = {}) =>
    here.call(`PATCH /v1/ports/${id}/rotation-settings`, { body: { enabled: true, intervalSeconds: 600, ...more } });

  test.each([
    [599, 0],
    [600, 1],
    [1_800, 3],
  ])("after %i s of an interval of 600 it happened %i times", async (seconds, times) => {
    const { _id } = await here.buy();
    await enable(_id);
    here.control.clock.advance(seconds * 1_000);
    expect((await get(_id)).rotationSettings.rotationCount).toBe(times);
  });

  test("a long absence is counted in full and remembered in part", async () => {
    const { _id } = await here.buy();
    await enable(_id);
    here.control.clock.advance("10d");
    expect((await get(_id)).rotationSettings).toMatchObject({
      rotationCount: 1_440,
      lastRotatedAt: new Date(NOON + 10 * DAY * 1_000).toISOString(),
    });
    const { rotations, total } = await history(_id);
    expect([rotations.length, total]).toEqual([50, 1_440]);
    expect(rotations[0]).toMatchObject({ triggerType: "automatic" });
  });

  test("stops with the lease, and when it is turned off", async () => {
    const leased = await here.buy({ expiresAt: 3_600 });
    const stopped = await here.buy();
    await enable(leased._id);
    await enable(stopped._id);
    await enable(stopped._id, { enabled: false });
    here.control.clock.advance("2h");
    expect((await get(leased._id)).rotationSettings.rotationCount).toBe(6);
    expect((await get(stopped._id)).rotationSettings.rotationCount).toBe(0);
  });

  test("matchCarrier and matchCity hold, excluded devices are left out", async () => {
    const port = await here.buy();
    await enable(port._id, { matchCarrier: true, matchCity: true });
    for (let round = 0; round < 10; round++) {
      here.control.clock.advance("10m");
      const now = await get(port._id);
      expect([now.carrierId, now.cityId]).toEqual([port.carrierId, port.cityId]);
    }
  });
});

test("with every other device excluded there is nowhere to go", async () => {
  here = world({ config: { devicesPerCarrier: { shared: 1 } } });
  const first = await here.buy({ countryId: "69276bf1f547dfc9486992b4" });
  const second = await here.buy({ countryId: "69276bf1f547dfc9486992b4" });
  await here.call(`DELETE /v1/ports/${second._id}`);
  const exclude = (excludedDeviceIds: string[]) =>
    here.call(`PATCH /v1/ports/${first._id}/rotation-settings`, { body: { excludedDeviceIds } });
  await exclude([second.device._id]);
  expect((await rotate(first._id)).status).toBe(409);
  await exclude([]);
  expect((await rotate(first._id)).body["newDeviceId"]).toBe(second.device._id);
});
