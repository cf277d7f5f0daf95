import { type Api, createApi } from "../../api";
import { type Emulator, startEmulator } from "../../emulator";
import { type FleetSnapshot, had, whyNot } from "../../dashboard/fleet";
import { type SnapshotOptions, takeSnapshot } from "../../report/snapshot";
import { tally } from "../../report/rotations";
import { secretsOf } from "./fleet-world";

const DAY_MS = 86_400_000;

let emulator: Emulator;
let api: Api;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset({ devicesPerCarrier: { shared: 300 }, slots: { shared: 300 } });
  api = clientOf(emulator.apiKey);
});
afterEach(() => api.close());

const clientOf = (apiKey: string): Api => createApi({ apiKey, apiUrl: emulator.url });

const take = (more: Partial<SnapshotOptions> = {}, with_ = api): Promise<FleetSnapshot> =>
  takeSnapshot(with_, { source: "here", apiKey: emulator.apiKey, ...more });

/** How often each route was asked. */
function asked(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { route = "none" } of emulator.control.requests()) counts[route] = (counts[route] ?? 0) + 1;
  return counts;
}

it("takes few calls, however many ports there are", async () => {
  for (let at = 0; at < 150; at++) emulator.control.buyPort();
  const progress: number[] = [];
  const fleet = await take({ histories: 10, onProgress: (done) => progress.push(done) });
  expect(asked()).toEqual({
    "/ports": 2,
    "/account/summary": 1,
    "/account/usage": 3,
    "/ports/:id/rotation-history": 10,
  });
  expect([had(fleet.ports)?.length, had(fleet.rotations)]).toEqual([
    150,
    expect.objectContaining({ ports: 10, of: 150, failedPorts: 0 }),
  ]);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("holds what the vendor says of a port, without its secrets", async () => {
  const port = emulator.control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: "30d" });
  emulator.control.editPort(port.id, { usedTraffic: 1.5 });
  const fleet = await take();
  expect(had(fleet.ports)).toEqual([
    {
      id: port.id,
      name: "Proxy #1",
      country: "DE",
      countryName: "Germany",
      carrier: "Vodafone",
      slotType: "shared",
      status: "active",
      health: "healthy",
      createdAt: port.createdAt,
      expiresAt: port.expiresAt,
      renewAt: port.expiresAt - 3 * DAY_MS,
      renewAssumed: true,
      usedGB: 1.5,
      rotation: expect.objectContaining({ enabled: false, count: 0 }) as object,
    },
  ]);
  expect(had(fleet.usage)).toMatchObject({ weekGB: { [port.id]: 1.5 } });
  const text = JSON.stringify(fleet);
  expect(secretsOf(emulator).filter((secret) => text.includes(secret))).toEqual([]);
});

it("masks a secret that the vendor's words repeat", async () => {
  const { id, proxyPassword, rotationToken } = emulator.control.buyPort();
  emulator.control.editPort(id, {
    displayName: `pass ${proxyPassword}`,
    healthStatus: `t${rotationToken}`,
    status: `of ${emulator.apiKey}`,
  });
  emulator.control.addFault({ path: "/account/summary", status: 403, body: { message: `no ${emulator.apiKey}` } });
  const fleet = await take();
  emulator.control.clearFaults();
  expect(had(fleet.ports)).toMatchObject([{ name: "pass [secret]", health: "unknown", status: "unknown" }]);
  expect(whyNot(fleet.account)).toContain("no [secret]");
});

it("leaves a port out that is gone although it is listed", async () => {
  emulator.control.editPort(emulator.control.buyPort().id, { status: "deleted" });
  expect(had((await take()).ports)).toEqual([]);
});

it.each([
  ["ports:read", ["account", "usage"], "account:read"],
  ["account:read", ["ports", "usage", "rotations"], "ports:read"],
] as const)("a key with %s alone leaves out %j, and says what it lacks", async (scope, missing, lacks) => {
  emulator.control.buyPort();
  const narrow = clientOf(emulator.control.keys.addKey([scope]));
  const { ports, account, usage, rotations } = await take({}, narrow);
  narrow.close();
  const parts = { ports, account, usage, rotations };
  const names = Object.entries(parts).flatMap(([name, part]) => (whyNot(part) === undefined ? [] : [name]));
  expect(names.sort()).toEqual([...missing].sort());
  expect(Object.values(parts).map(whyNot).join()).toContain(lacks);
});

it("fails where nothing can be read", async () => {
  const stranger = clientOf("psx_nobody_knows_it");
  await expect(take({}, stranger)).rejects.toMatchObject({ code: "unauthorized" });
  stranger.close();
});

it("goes on where one history fails, and leaves rotations out where all do", async () => {
  const ids = [emulator.control.buyPort().id, emulator.control.buyPort().id];
  emulator.control.addFault({ path: `/ports/${ids[0]}/rotation-history`, status: 404 });
  expect(had((await take()).rotations)).toMatchObject({ ports: 1, failedPorts: 1 });
  emulator.control.addFault({ path: `/ports/${ids[0]}/rotation-history`, status: 404 });
  emulator.control.addFault({ path: `/ports/${ids[1]}/rotation-history`, status: 404 });
  expect(whyNot((await take()).rotations)).toContain("404");
});

it("takes from an earlier look what is young enough", async () => {
  emulator.control.buyPort();
  const earlier = await take();
  emulator.control.clearRequests();
  const later = await take({ earlier });
  expect(asked()).toEqual({ "/ports": 1, "/account/summary": 1 });
  expect(later.usage).toEqual(earlier.usage);
  await take({ earlier, keepMs: 0 });
  expect(asked()).toMatchObject({ "/account/usage": 3, "/ports/:id/rotation-history": 1 });
});

it("says who holds a port and when it is renewed, if a state does", async () => {
  const { id } = emulator.control.buyPort();
  const facts = { states: [], orphans: [], referenced: [], missing: [], pending: [] };
  const managed = async () => ({ facts, holders: new Map([[id, { by: "a", renewAt: 5 }]]) });
  const fleet = await take({ managed });
  expect(had(fleet.ports)).toMatchObject([{ heldBy: "a", renewAt: 5 }]);
  expect(had(fleet.ports)?.[0]).not.toHaveProperty("renewAssumed");
  expect(had(fleet.managed)).toEqual(facts);
});

it("an old port of a renewal is released, and not renewed", async () => {
  const { id } = emulator.control.buyPort();
  const facts = { states: [], orphans: [], referenced: [], missing: [], pending: [] };
  const fleet = await take({ managed: async () => ({ facts, holders: new Map([[id, { by: "a", releaseAt: 7 }]]) }) });
  expect(had(fleet.ports)).toMatchObject([{ heldBy: "a", releaseAt: 7 }]);
  expect(had(fleet.ports)?.[0]).not.toHaveProperty("renewAt");
});

it("a state that cannot be read leaves out what it holds, or fails a snapshot that needs it", async () => {
  const { id } = emulator.control.buyPort();
  const managed = async () => Promise.reject(new Error(`no state\nfor ${emulator.apiKey}`));
  const fleet = await take({ managed });
  expect(had(fleet.ports)).toMatchObject([{ id, renewAssumed: true }]);
  expect(whyNot(fleet.managed)).toBe("no state for [secret]");
  await expect(take({ managed, needsStates: true })).rejects.toThrow("no state");
});

describe("the tally of rotations", () => {
  const now = Date.parse("2026-01-31T12:00:00Z");
  const at = (day: number, success: boolean, more = {}) => ({
    createdAt: Date.parse(`2026-01-${String(day).padStart(2, "0")}T00:00:00Z`),
    success,
    triggerType: "manual",
    ...more,
  });

  it("counts 30 days by day, trigger and port", () => {
    const { byDay, byTrigger, failing, medianMs } = tally(
      [
        { id: "a", records: [at(31, true, { rotationDurationMs: 10 }), at(31, false), at(2, true), at(1, true)] },
        { id: "b", records: [at(30, true, { triggerType: "automatic", rotationDurationMs: 30 })] },
      ],
      now,
    );
    expect([byDay.length, byDay[0], byDay[29]]).toEqual([
      30,
      { day: "2026-01-02", succeeded: 1, failed: 0 },
      { day: "2026-01-31", succeeded: 1, failed: 1 },
    ]);
    expect(byTrigger).toEqual({ manual: { succeeded: 2, failed: 1 }, automatic: { succeeded: 1, failed: 0 } });
    expect([failing, medianMs]).toEqual([[{ id: "a", succeeded: 2, failed: 1 }], 30]);
  });

  it("leaves out what says neither when it was nor how it ended", () => {
    const { byTrigger } = tally([{ id: "a", records: [{ success: true }, { createdAt: now }] }], now);
    expect(byTrigger).toEqual({});
  });

  it.each(["of a port that holds psx_something", "", undefined, "__proto__"])("a trigger %j", (triggerType) => {
    const { byTrigger } = tally([{ id: "a", records: [at(31, true, { triggerType })] }], now);
    expect(Object.keys(byTrigger)).toEqual([triggerType === "__proto__" ? "__proto__" : "other"]);
  });
});
