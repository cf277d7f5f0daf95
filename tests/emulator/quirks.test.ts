import { QUIRKS, type Quirks, type WirePort } from "../../emulator";
import { X402_QUIRKS } from "../../emulator/x402/quirks";
import { DAY, GERMANY, NOON, type World, world } from "./harness";

let here: World;
beforeEach(() => (here = world()));

const ORDER = { countryId: GERMANY, expiresAt: DAY };
const keys = (body: object) => Object.keys(body).sort();
const tested = new Set<string>();

/** One quirk switched on, and what it must change. */
function quirk(changes: Partial<Quirks>, says: string, prove: () => Promise<void>) {
  for (const name of Object.keys(changes)) tested.add(name);
  test(`${JSON.stringify(changes)}: ${says}`, async () => {
    here.control.setQuirks(changes);
    await prove();
  });
}

quirk({ sparseCreate: true }, "create answers the page's eight fields", async () => {
  const fields = "_id displayName expiresAt httpPort proxyLogin proxyPassword serverIp socksPort";
  expect(keys(await here.buy())).toEqual(fields.split(" "));
});

quirk({ createWrapped: true }, "create answers {port, message}", async () => {
  const { body } = await here.call<{ port: WirePort }>("POST /ports", { body: ORDER });
  expect(keys(body)).toEqual(["message", "port"]);
  expect(body.port.displayName).toBe("Proxy #1");
});

quirk({ listPaged: true }, "the list is a page", async () => {
  await here.buy();
  await here.buy();
  const { body } = await here.call("GET /ports?page=2&limit=1");
  expect(body).toMatchObject({ data: [{ displayName: "Proxy #2" }], total: 2, page: 2, limit: 1, totalPages: 2 });
});

quirk({ historyData: true }, "history answers {data, total}", async () => {
  const { _id } = await here.buy();
  await here.call(`POST /ports/${_id}/rotate`);
  const { body } = await here.call<{ data: object[] }>(`GET /ports/${_id}/rotation-history`);
  expect(keys(body)).toEqual(["data", "total"]);
  expect(body.data[0]).toMatchObject({ trigger: "manual", previousDeviceName: expect.any(String) as string });
  expect(body.data[0]).not.toHaveProperty("triggerType");
});

quirk({ historyArray: true }, "history is a bare array", async () => {
  const { _id } = await here.buy();
  expect((await here.call(`GET /ports/${_id}/rotation-history`)).body).toEqual([]);
});

quirk({ statusMcp: true }, "status has the client's fields only", async () => {
  const { _id } = await here.buy();
  const { body } = await here.call(`GET /ports/${_id}/status`);
  expect(keys(body)).toEqual(["deviceStatus", "isOnline", "lastChecked", "portId", "uptime"]);
});

quirk({ statusUnknown: true }, "a port's status is one that nobody knows", async () => {
  expect((await here.buy()).status).toBe("maintenance");
});

quirk({ canRotateMcp: true }, "can-rotate has the client's fields only", async () => {
  const { _id } = await here.buy();
  await here.call(`POST /ports/${_id}/rotate`);
  const { body } = await here.call(`GET /ports/${_id}/can-rotate`);
  expect(keys(body)).toEqual(["canRotate", "cooldownEndsAt", "nextAvailableRotation", "reason"]);
});

quirk({ rotateReturnsPort: true }, "rotate answers the port", async () => {
  const { _id } = await here.buy();
  const { body } = await here.call(`POST /ports/${_id}/rotate`);
  expect(body).toEqual((await here.call(`GET /ports/${_id}`)).body);
});

quirk({ settingsAnswerPort: true }, "rotation-settings answers the port", async () => {
  const { _id } = await here.buy();
  const { body } = await here.call(`PATCH /ports/${_id}/rotation-settings`, { body: { enabled: true } });
  expect(body).toEqual((await here.call(`GET /ports/${_id}`)).body);
});

quirk({ noRotationMatchFields: true }, "a port's rotationSettings are the page's five", async () => {
  const port = await here.buy();
  const fields = ["enabled", "intervalMinutes", "intervalSeconds", "lastRotatedAt", "rotationCount"];
  expect(keys(port.rotationSettings)).toEqual(fields);
  const { body } = await here.call(`PATCH /ports/${port._id}/rotation-settings`, { body: { matchCity: true } });
  expect(body["matchCity"]).toBe(true);
});

quirk({ pageOnly: true }, "nothing but the page's fields", async () => {
  const port = await here.buy();
  expect(port).not.toHaveProperty("countryId");
  expect(keys(port.device)).toEqual(["_id", "carrier", "country", "name", "region"]);
  const rotated = (await here.call(`POST /ports/${port._id}/rotate`)).body;
  expect(rotated).not.toHaveProperty("_id");
  const cooldown = (await here.call(`GET /ports/${port._id}/can-rotate`)).body;
  expect(keys(cooldown)).toEqual(["canRotate", "cooldownRemaining", "nextRotationAt", "reason"]);
});

quirk({ noPassword: true }, "get and list keep the password back", async () => {
  const { _id, proxyPassword } = await here.buy();
  expect(proxyPassword).toBeTruthy();
  expect((await here.call(`GET /ports/${_id}`)).body).not.toHaveProperty("proxyPassword");
  expect((await here.call<object[]>("GET /ports")).body[0]).not.toHaveProperty("proxyPassword");
});

quirk({ nullFingerprint: true }, "no fingerprint is null", async () => {
  expect((await here.buy()).osFingerprint).toBeNull();
  expect((await here.buy({ osFingerprint: "ios:1" })).osFingerprint).toBe("ios:1");
});

quirk({ alertsAsStrings: true }, "alerts are strings", async () => {
  const { _id } = await here.buy();
  here.control.editPort(_id, { usedTraffic: 95 });
  expect((await here.call("GET /account/summary")).body["alerts"]).toEqual(["Traffic is running low (shared)"]);
});

quirk({ summaryEpoch: true }, "the subscription's end is epoch milliseconds", async () => {
  const { body } = await here.call("GET /account/summary");
  expect(body["shared"]).toMatchObject({ expiresAt: NOON + 30 * DAY * 1_000, daysRemaining: 30 });
});

quirk({ deletedVisible: true }, "a deleted port is still answered", async () => {
  const { _id } = await here.buy();
  await here.call(`DELETE /ports/${_id}`);
  expect((await here.call(`GET /ports/${_id}`)).body).toMatchObject({ _id, status: "deleted" });
  expect((await here.call("GET /ports")).body).toEqual([]);
});

quirk({ deleteEmpty: true }, "delete is 204 without a body", async () => {
  const { _id } = await here.buy();
  expect(await here.call(`DELETE /ports/${_id}`)).toMatchObject({ status: 204, body: undefined });
});

quirk({ strictBody: true }, "a field that the page does not list is 400", async () => {
  const reply = await here.call("POST /ports", { body: { ...ORDER, isPrivate: false } });
  expect(reply).toMatchObject({ status: 400, body: { message: ["property isPrivate should not exist"] } });
  await here.buy();
});

quirk({ idempotency: true }, "the same key buys once in 24 h", async () => {
  const buy = () => here.call("POST /ports", { body: ORDER, headers: { "Idempotency-Key": "order-00001" } });
  const first = await buy();
  expect((await buy()).body["_id"]).toBe(first.body["_id"]);
  here.control.clock.advance("1d");
  expect((await buy()).body["_id"]).not.toBe(first.body["_id"]);
});

for (const [name, path, body] of [
  ["reconfigureVerb", "reconfigure", { countryId: GERMANY }],
  ["credentialsVerb", "credentials", { proxyLogin: "me" }],
  ["rotationSettingsVerb", "rotation-settings", { enabled: false }],
] as const)
  for (const [known, other] of [
    ["PUT", "PATCH"],
    ["PATCH", "PUT"],
  ] as const)
    quirk({ [name]: known }, `${other} ${path} is unknown`, async () => {
      const { _id } = await here.buy();
      expect((await here.call(`${known} /ports/${_id}/${path}`, { body })).status).toBe(200);
      expect(await here.call(`${other} /ports/${_id}/${path}`, { body })).toMatchObject({
        status: 404,
        body: { message: `Cannot ${other} /ports/${_id}/${path}` },
      });
    });

quirk({ cooldownStatus: 400 }, "a rotate in its cooldown is 400", async () => {
  const { _id } = await here.buy();
  await here.call(`POST /ports/${_id}/rotate`);
  expect((await here.call(`POST /ports/${_id}/rotate`)).status).toBe(400);
});

for (const [retryAfter, header] of [
  ["date", "Thu, 15 Jan 2026 12:05:00 GMT"],
  ["none", null],
] as const)
  quirk({ retryAfter }, `Retry-After is ${String(header)}`, async () => {
    const { _id } = await here.buy();
    await here.call(`POST /ports/${_id}/rotate`);
    expect((await here.call(`POST /ports/${_id}/rotate`)).headers.get("retry-after")).toBe(header);
  });

test("every quirk is tested, says its source and is refused with a wrong value", () => {
  const elsewhere = Object.keys(X402_QUIRKS); // x402-quirks.test.ts
  expect([...tested, ...elsewhere].sort()).toEqual(Object.keys(QUIRKS).sort());
  for (const { source, says } of Object.values(QUIRKS))
    expect([source, says]).toEqual([expect.anything(), expect.anything()]);
  expect(() => here.control.setQuirks({ sparse: true } as Partial<Quirks>)).toThrow(
    'the emulator has no quirk "sparse"',
  );
  expect(() => here.control.setQuirks({ cooldownStatus: 500 as 429 })).toThrow("takes 429, 400, 403");
  expect(() => here.control.setQuirks({ noPassword: "yes" as unknown as boolean })).toThrow("takes boolean");
});
