import { type ConfigPatch, type WirePort } from "../../emulator";
import { DAY, type World, world } from "./harness";

interface Used {
  totalUsedGB: number;
  portCount: number;
  byPort: { portId: string; usedGB: number }[];
}
interface Usage {
  traffic: { shared: Used; private: Used; combined: { totalUsedGB: number; portCount: number } };
}

const usage = async (here: World, period: string) =>
  (await here.call<Usage>(`GET /v1/account/usage?period=${period}`)).body.traffic;
const usedBy = async (here: World, { _id }: WirePort) =>
  (await here.call<WirePort>(`GET /v1/ports/${_id}`)).body.usedTraffic;
const busy = (perDay = 1, more: ConfigPatch = {}) =>
  world({
    config: {
      trafficPerDayGB: { shared: perDay, private: 2 * perDay },
      trafficGB: { shared: 9_999, private: 9_999 },
      ...more,
    },
  });

test("traffic grows with the clock, by full hours, and never falls", async () => {
  const here = busy();
  const port = await here.buy();
  const seen = [await usedBy(here, port)];
  for (const step of ["59m", "1m", "1h", "22h", "6d", "20d"]) {
    here.control.clock.advance(step);
    seen.push(await usedBy(here, port));
  }
  expect(seen.slice(0, 2)).toEqual([0, 0]);
  expect(seen.slice(2)).toEqual([...new Set(seen.slice(2))].sort((a, b) => a - b));
  expect(seen.at(-1)).toBeGreaterThan(5);
  expect(seen.at(-1)).toBeLessThan(27 * 1.6 * 1.5 * 1.2);
});

test("the steps in which time passes make no difference, another seed does", async () => {
  const after = async (here: World, steps: string[]) => {
    const ports = [await here.buy({ expiresAt: 90 * DAY }), await here.buy({ expiresAt: 90 * DAY, isPrivate: true })];
    for (const step of steps) {
      here.control.clock.advance(step);
      here.control.ports();
    }
    return Promise.all(ports.map((port) => usedBy(here, port)));
  };
  const once = await after(busy(), ["40d"]);
  expect(
    await after(
      busy(),
      Array.from({ length: 40 * 24 }, () => "1h"),
    ),
  ).toEqual(once);
  expect(await after(busy(), ["13d5h", "26d19h"])).toEqual(once);
  expect(await after(world({ seed: 2, config: { trafficPerDayGB: { shared: 1, private: 2 } } }), ["40d"])).not.toEqual(
    once,
  );
});

test("on average it is what the config says", async () => {
  const here = busy(1, { devicesPerCarrier: { shared: 200 }, slots: { shared: 200 } });
  for (let count = 0; count < 150; count++) await here.buy({ expiresAt: 60 * DAY });
  here.control.clock.advance("28d");
  const { shared } = await usage(here, "90d");
  expect(shared.totalUsedGB / 150 / 28).toBeGreaterThan(0.9);
  expect(shared.totalUsedGB / 150 / 28).toBeLessThan(1.1);
  expect(new Set(shared.byPort.map(({ usedGB }) => usedGB)).size).toBeGreaterThan(140);
});

test("usage reports it by port, slot type and period, and all sums agree", async () => {
  const here = busy();
  await here.buy({ expiresAt: 300 * DAY });
  await here.buy({ expiresAt: 300 * DAY });
  await here.buy({ expiresAt: 300 * DAY, isPrivate: true });
  here.control.clock.advance("100d");
  const [week, month, quarter] = [await usage(here, "7d"), await usage(here, "30d"), await usage(here, "90d")];
  for (const { shared, private: own, combined } of [week, month, quarter]) {
    for (const part of [shared, own])
      expect(part.byPort.reduce((sum, { usedGB }) => sum + usedGB, 0)).toBeCloseTo(part.totalUsedGB, 3);
    expect(combined).toEqual({
      totalUsedGB: expect.closeTo(shared.totalUsedGB + own.totalUsedGB, 3) as number,
      portCount: 3,
    });
  }
  expect(week.shared.totalUsedGB).toBeGreaterThan(0);
  expect(month.shared.totalUsedGB).toBeGreaterThan(2 * week.shared.totalUsedGB);
  expect(quarter.private.totalUsedGB).toBeGreaterThan(2 * month.private.totalUsedGB);

  const ports = (await here.call<WirePort[]>("GET /v1/ports")).body;
  const all = ports.reduce((sum, port) => sum + port.usedTraffic, 0);
  expect(all).toBeGreaterThan(quarter.combined.totalUsedGB); // of 100 days
  for (const port of ports) expect(port.trafficSummary.usedGB).toBe(port.usedTraffic);
  const { body } = await here.call("GET /v1/traffic/balance-breakdown");
  expect(body["trafficUsedGB"]).toBeCloseTo(all, 1);
  expect(body["availableTrafficGB"]).toBeCloseTo(2 * 9_999 - all, 1);

  const fleet = here.control.fleet();
  if (!("value" in fleet.usage)) throw new Error("no usage");
  const { periods, weekGB } = fleet.usage.value;
  expect(periods.map(({ from, to }) => [from, to])).toEqual([
    [0, 7],
    [7, 30],
    [30, 90],
  ]);
  expect(periods[0]?.sharedGB).toBeCloseTo(week.shared.totalUsedGB, 2);
  expect(periods[1]?.privateGB).toBeCloseTo(month.private.totalUsedGB - week.private.totalUsedGB, 2);
  expect(Object.keys(weekGB)).toHaveLength(3);
});

test("only a port at work uses any: none while suspended, none after its lease", async () => {
  const here = busy(1, { life: { expired: 100 * DAY } });
  const port = await here.buy({ expiresAt: 2 * DAY });
  here.control.clock.advance("1d");
  const first = await usedBy(here, port);
  here.control.editPort(port._id, { suspended: true });
  here.control.clock.advance("12h");
  expect(await usedBy(here, port)).toBe(first);
  here.control.editPort(port._id, { suspended: false });
  here.control.clock.advance("12h");
  const last = await usedBy(here, port);
  expect(last).toBeGreaterThan(first);
  here.control.clock.advance("30d");
  expect(await usedBy(here, port)).toBe(last);
});

test("control sets it: what a port has used, and how much it uses", async () => {
  const here = busy();
  const port = await here.buy();
  const patch = (body: object) => here.call(`PATCH /_emulator/ports/${port._id}`, { key: null, body });
  here.control.clock.advance("2d");
  await patch({ usedTraffic: 95 });
  here.control.clock.advance("2d");
  expect(await usedBy(here, port)).toBe(95); // as it was set, so that tests can count on it
  expect((await usage(here, "7d")).shared.totalUsedGB).toBe(95);
  expect((await here.call("GET /v1/account/summary")).body["shared"]).toMatchObject({ trafficGB: { used: 95 } });
  await patch({ trafficPerDayGB: 10 });
  here.control.clock.advance("1d");
  expect(await usedBy(here, port)).toBeGreaterThan(96);
  await patch({ usedTraffic: 3, trafficPerDayGB: null });
  expect(await usedBy(here, port)).toBe(3);
  here.control.clock.advance("1d");
  expect(await usedBy(here, port)).toBeGreaterThan(3);
});

test("a rate that the config changes counts from then on", async () => {
  const here = busy(0);
  const port = await here.buy();
  here.control.clock.advance("5d");
  expect(await usedBy(here, port)).toBe(0);
  await here.call("PATCH /_emulator/config", { key: null, body: { trafficPerDayGB: { shared: 100 } } });
  expect(await usedBy(here, port)).toBe(0);
  here.control.clock.advance("1d");
  const after = await usedBy(here, port);
  expect(after).toBeGreaterThan(10);
  here.control.configure({ trafficPerDayGB: { shared: 0 } });
  here.control.clock.advance("5d");
  expect(await usedBy(here, port)).toBe(after);
});

test("by default it is little: a full account does not run out in a month", async () => {
  const here = world();
  for (let count = 0; count < 50; count++) await here.buy();
  here.control.clock.advance("29d");
  const { body } = await here.call<{ shared: { trafficGB: { used: number } }; alerts: unknown[] }>(
    "GET /v1/account/summary",
  );
  expect(body.shared.trafficGB.used).toBeGreaterThan(30);
  expect(body.alerts).toEqual([]);
});

test("a clock that is set back takes nothing away, and a leap over millennia takes no time", async () => {
  const here = busy();
  const port = await here.buy();
  here.control.clock.advance("10d");
  const used = await usedBy(here, port);
  here.control.clock.advance(-5 * DAY * 1_000);
  expect(await usedBy(here, port)).toBe(used);
  here.control.editPort(port._id, { expiresAt: "9999-01-01" });
  here.control.clock.set("9998-01-01");
  expect(await usedBy(here, port)).toBeGreaterThan(1_000_000);
  const [kept] = here.control.state().ports;
  expect(Object.keys(kept?.traffic.byDay ?? {}).length).toBeLessThan(100);
});
