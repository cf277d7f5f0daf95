import { type Api, createApi, isApiError } from "../../api";
import { type Emulator, QUIRKS, type Quirks, READ_ONLY_KEY, startEmulator } from "../../emulator";
import { failure } from "./vendor";

let emulator: Emulator;
let api: Api;
let notices: string[];
let slept = 0;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset({ slots: { shared: 150, private: 5 } });
  notices = [];
  api = createApi({
    apiKey: emulator.apiKey,
    apiUrl: `${emulator.url}/v1/`,
    onNotice: (text) => notices.push(text),
    now: () => slept,
    sleep: async (ms) => {
      slept += ms;
    },
  });
});
afterEach(() => api.close());

/** Each quirk by itself, in each of its settings. */
const settings: [string, Partial<Quirks>][] = [
  ["no quirk", {}],
  ...Object.entries(QUIRKS).flatMap(([name, quirk]) =>
    ("choices" in quirk && quirk.choices ? quirk.choices : [true]).map((value): [string, Partial<Quirks>] => [
      `${name} ${String(value)}`,
      { [name]: value },
    ]),
  ),
];

test.each(settings)("every endpoint works with %s", async (name, quirks) => {
  emulator.control.setQuirks(quirks);
  const strict = quirks.strictBody === true; // then only what the vendor's page lists may be sent

  const countries = await api.reference.countries();
  const germany = countries.find(({ code }) => code === "DE")!;
  const carriers = await api.reference.carriers(germany.id);
  expect(carriers.length).toBeGreaterThan(1);
  expect((await api.reference.tariffs()).length).toBeGreaterThan(0);

  const order = {
    countryId: germany.id,
    carrierId: carriers[0]!.id,
    expiresInSeconds: 86_400,
    osFingerprint: "windows:1",
  };
  const { id } = await api.ports.create(order);
  const port = (await api.ports.get(id))!;
  expect(port).toMatchObject({
    id,
    slotType: "shared",
    osFingerprint: "windows:1",
    carrier: { brand: carriers[0]!.brand },
  });
  expect(port.country?.code ?? port.country?.name).toMatch(/^(DE|Germany)$/);
  expect(port.proxyPassword === undefined).toBe(quirks.noPassword === true);
  expect(Math.abs(port.expiresAt! - (api.serverNow()! + 86_400_000))).toBeLessThan(10_000);
  const spare = strict ? await api.ports.create(order) : await api.ports.create({ ...order, isPrivate: true });
  expect((await api.ports.list()).map((one) => one.id).sort()).toEqual([id, spare.id].sort());

  await api.ports.setCredentials(id, { proxyLogin: "team-a", proxyPassword: "s3cret-pass" });
  await api.ports.setOsFingerprint(id, "");
  const carrierId = carriers[1]!.id;
  await api.ports.reconfigure(id, { countryId: germany.id, carrierId });
  const changed = (await api.ports.get(id))!;
  expect(changed).toMatchObject({ proxyLogin: "team-a", osFingerprint: "", carrier: { brand: carriers[1]!.brand } });
  expect(changed.expiresAt).toBe(port.expiresAt);

  expect((await api.ports.osFingerprints(id)).map(({ value }) => value)).toContain("windows:1");
  expect((await api.ports.status(id)).isOnline).toBe(true);
  expect((await api.ports.ping(id)).success).toBe(true);
  expect((await api.ports.ip(id)).publicIp).toMatch(/^\d+\./);
  expect((await api.ports.speedTest(id)).downloadMbps).toBeGreaterThan(0);

  const wanted = { enabled: true, intervalSeconds: 1800, matchCarrier: true, matchCity: false };
  expect(await api.rotation.setSettings(id, wanted)).toMatchObject(
    quirks.settingsAnswerPort && quirks.noRotationMatchFields ? { enabled: true, intervalSeconds: 1800 } : wanted,
  );
  expect((await api.rotation.canRotate(id)).canRotate).toBe(true);
  expect(await api.rotation.rotate(id)).toMatchObject({ success: true, rotationCount: 1 });
  const may = await api.rotation.canRotate(id);
  expect(may.canRotate).toBe(false);
  expect(may.cooldownRemaining).toBeGreaterThan(290);
  expect(may.nextRotationAt).toBeGreaterThan(api.serverNow()!);
  const refused = await failure(api.rotation.rotate(id));
  expect(refused).toMatchObject({ status: quirks.cooldownStatus ?? 429, maybeDone: false });
  emulator.control.clock.advance("6m");
  const token = port.rotationToken!;
  expect((await api.rotation.rotateByToken(token)).success).toBe(true);
  const history = await api.rotation.history(id, { limit: 10 });
  expect(history.total).toBe(2);
  expect(history.rotations.map(({ triggerType }) => triggerType).sort()).toEqual(["api_token", "manual"]);
  expect(history.rotations[0]!.createdAt).toBeGreaterThan(port.createdAt!);

  expect((await api.account.get()).subscription!.shared!.slots!.used).toBe(strict ? 2 : 1);
  const summary = await api.account.summary();
  expect(summary.shared!.slots!.total).toBe(150);
  expect(summary.shared!.expiresAt).toBeGreaterThan(api.serverNow()!);
  expect((await api.account.usage("7d")).traffic.combined!.portCount).toBe(2);
  expect((await api.billing.balanceBreakdown()).currency).toBe("USD");
  expect((await api.billing.pricing()).basePrices!.shared).toBeGreaterThan(0);
  expect((await api.billing.calculatePrice(10, false)).totalPrice).toBeGreaterThan(0);

  expect([await api.ports.delete(id), await api.ports.delete(id)]).toEqual([true, false]);
  const after = await api.ports.get(id);
  expect(after?.status).toBe(quirks.deletedVisible ? "deleted" : undefined);
  expect(notices.every((text) => text.includes('status "maintenance"'))).toBe(true);
  expect(notices.length > 0).toBe(name === "statusUnknown true");
});

test("all pages of a fleet", async () => {
  const { id: countryId } = (await api.reference.countries())[0]!;
  await Promise.all(Array.from({ length: 120 }, () => api.ports.create({ countryId, expiresInSeconds: 3600 })));
  for (const quirks of [{}, { listPaged: true }]) {
    emulator.control.setQuirks(quirks);
    expect(new Set((await api.ports.list()).map(({ id }) => id)).size).toBe(120);
  }
});

test("an order that is cut off, before or after the work, may be done and is not repeated", async () => {
  const { id: countryId } = (await api.reference.countries())[0]!;
  for (const cut of ["before", "after"] as const) {
    emulator.control.addFault({ method: "POST", path: "/ports", cut, times: 1 });
    const error = await failure(api.ports.create({ countryId, expiresInSeconds: 3600 }));
    expect(error).toMatchObject({ code: "network", maybeDone: true });
  }
  expect((await api.ports.list()).length).toBe(1); // never ordered twice
});

test("the error for a read-only key names the scope that it lacks", async () => {
  const reader = createApi({ apiKey: READ_ONLY_KEY, apiUrl: emulator.url });
  const error = await failure(reader.ports.create({ countryId: "c", expiresInSeconds: 3600 }));
  reader.close();
  expect(isApiError(error, "forbidden")).toBe(true);
  expect(error.message).toContain("The scope that this call needs: ports:write");
});
