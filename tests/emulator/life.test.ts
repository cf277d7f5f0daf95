import { type WirePort } from "../../emulator";
import { DAY, NOON, type World, world } from "./harness";

const see = async (here: World, id: string) => {
  const { status, body } = await here.call<WirePort>(`GET /v1/ports/${id}`);
  return status === 200 ? body.status : status;
};

describe("by default", () => {
  let here: World;
  let port: WirePort;
  beforeEach(async () => {
    here = world();
    port = await here.buy({ expiresAt: DAY });
  });

  test.each([
    [0, "active"],
    [DAY - 1, "active"],
    [DAY, "expired"],
    [2 * DAY - 1, "expired"],
    [2 * DAY, 404],
  ])("after %i s a port of one day is %s", async (seconds, expected) => {
    here.control.clock.advance(seconds * 1_000);
    expect(await see(here, port._id)).toBe(expected);
  });

  test("an expired port keeps its slot until it is deleted", async () => {
    const used = async () =>
      (await here.call<{ shared: { slots: { used: number } } }>("GET /v1/account/summary")).body.shared.slots.used;
    here.control.clock.advance("1d");
    expect(await used()).toBe(1);
    here.control.clock.advance("1d");
    expect(await used()).toBe(0);
    expect(here.control.purchases()).toMatchObject([
      { portId: port._id, deletedBy: "clock", deletedAt: new Date(NOON + 2 * DAY * 1_000).toISOString() },
    ]);
  });

  test("an expired port neither rotates nor moves", async () => {
    here.control.clock.advance("1d");
    const rotated = await here.call(`POST /v1/ports/${port._id}/rotate`);
    const moved = await here.call(`PUT /v1/ports/${port._id}/reconfigure`, {
      body: { countryId: port.countryId },
    });
    expect([rotated.status, moved.status]).toEqual([400, 400]);
    expect((await here.call(`GET /v1/ports/${port._id}/status`)).body).toMatchObject({
      status: "offline",
      isActive: false,
      isOnline: false,
    });
  });

  test("a suspended port says so, whatever its lease", async () => {
    here.control.editPort(port._id, { status: "suspended" });
    expect(await see(here, port._id)).toBe("suspended");
    here.control.editPort(port._id, { suspended: false });
    expect(await see(here, port._id)).toBe("active");
  });

  test("a lease that control moves ends then", async () => {
    here.control.editPort(port._id, { expiresAt: new Date(NOON + 3_600_000).toISOString() });
    here.control.clock.advance("1h");
    expect(await see(here, port._id)).toBe("expired");
    here.control.editPort(port._id, { expiresAt: NOON + 7_200_000 });
    expect(await see(here, port._id)).toBe("active");
  });
});

test("with all windows open a port passes through every stage", async () => {
  const here = world({ config: { life: { pending: 60, expiringSoon: 3_600, expired: 7_200, grace: 7_200 } } });
  const { _id } = await here.buy({ expiresAt: DAY });
  const stages = [await see(here, _id)];
  for (const step of ["1m", "22h59m", "1h", "2h", "2h"]) {
    here.control.clock.advance(step);
    stages.push(await see(here, _id));
  }
  expect(stages).toEqual(["pending", "active", "expiring_soon", "expired", "grace_period", 404]);
});
