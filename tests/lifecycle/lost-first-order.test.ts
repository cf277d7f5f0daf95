import { join } from "node:path";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { rotationSettings } from "../../provider/rotation-settings";
import { Life, World } from "./life";

/** A Port whose first order has lost its answer is in the state, so that any machine looks for what it bought. */
const ARGS: PortArgs = { country: "DE", slotType: "shared", expiresIn: "10d", renewBefore: "2d" };
const BOUGHT = { country: "DE", slotType: "shared", expiresIn: 10 * 86_400 } as const;
const URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a";

let world: World;
let life: Life<PortArgs>;
const folder = process.env.PROXIES_SX_JOURNAL_DIR ?? "";
let machine = 0;
/** The next run is on a machine that knows nothing of earlier ones. */
const elsewhere = (): void => {
  process.env.PROXIES_SX_JOURNAL_DIR = join(folder, `machine-${(machine += 1)}`);
};
/** A little later: an order of just now may still show up, and is waited for. */
let later = 0;
const here = (): void => {
  jest.restoreAllMocks();
  const { now } = Date;
  later += 20_000;
  jest.spyOn(Date, "now").mockImplementation(() => now() + later);
};
const places = { here, elsewhere };

beforeEach(async () => {
  later = 0;
  elsewhere();
  world = await World.open({ config: { slots: { shared: 3, private: 3 } } });
  life = new Life(port as never, world, URN);
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.env.PROXIES_SX_JOURNAL_DIR = folder;
  await world.close();
});

const live = (): string[] => world.emulator.control.ports().map(({ id }) => id);
const orders = (): number => world.calls().filter((call) => call === "POST /v1/ports").length;

/** An up whose order loses its answer. */
async function lose(args = ARGS, hidden: Record<string, unknown> = {}): Promise<void> {
  world.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, cut: "before" });
  await expect(life.up(args, hidden)).rejects.toThrow(
    /the answer to the purchase was lost .* no new port that fits the order has shown up\. The next run looks again/,
  );
}

describe.each(["here", "elsewhere"] as const)("the next run, %s", (where) => {
  it.each([0, 1, 2])("takes up what the order bought late, after %d refreshes", async (refreshes) => {
    await lose();
    const { id } = life.state;
    expect(life.state.outs).toMatchObject({ status: "renewing", portId: id, country: "DE" });
    const late = world.emulator.control.buyPort(BOUGHT);
    places[where]();
    for (let at = 0; at < refreshes; at += 1) expect(await life.refresh()).toBe("same");
    world.calls();
    expect(await life.up(ARGS)).toBe("update");
    expect(orders()).toBe(0);
    expect(life.state).toMatchObject({ id, outs: { portId: late.id, status: "active" } });
    expect(life.state.outs.__brokeOff).toBeUndefined();
    expect(await life.up(ARGS)).toBe("same");
    expect(await life.refresh()).toBe("same");
    await life.destroy();
    expect(live()).toEqual([]);
  });

  it("buys where the order bought nothing", async () => {
    await lose();
    places[where]();
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([life.state.outs.portId]);
    expect(await life.up(ARGS)).toBe("same");
  });

  it("takes it up under a new name of the Port", async () => {
    await lose();
    const late = world.emulator.control.buyPort(BOUGHT);
    const state = world.exported();
    world.exported = () => state;
    places[where]();
    Object.assign(life, { urn: `${URN}-new` });
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.outs.portId).toBe(late.id);
  });

  it("loses its answer too: the run after it looks for that one", async () => {
    await lose();
    places[where]();
    await lose();
    const late = world.emulator.control.buyPort(BOUGHT);
    places[where]();
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([late.id]);
  });

  it("imports the port that the user names", async () => {
    await lose();
    const [one, other] = [world.emulator.control.buyPort(BOUGHT), world.emulator.control.buyPort(BOUGHT)];
    places[where]();
    await expect(life.up(ARGS)).rejects.toThrow(/2 new ports fit/);
    expect(await life.up(ARGS, { __adopt: other.id })).toBe("update");
    expect(life.state.outs.portId).toBe(other.id);
    expect(live().sort()).toEqual([one.id, other.id].sort());
    expect(await life.up(ARGS, { __adopt: other.id })).toBe("same");
  });

  it("finds its lease over by then, and the Port is renewed as any other", async () => {
    await lose();
    const late = world.emulator.control.buyPort(BOUGHT);
    world.emulator.control.clock.advance(9 * 86_400_000);
    places[where]();
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.outs.portId).toBe(late.id);
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.outs.portId).not.toBe(late.id);
    expect(orders()).toBe(2);
  });
});

it.each(["first", "second"])("a port that another Port imports is no outcome of its order: the %s", async (which) => {
  await lose();
  const late = [world.emulator.control.buyPort(BOUGHT), world.emulator.control.buyPort(BOUGHT)] as const;
  const [one, other] = which === "first" ? late : ([late[1], late[0]] as const);
  const second = new Life<PortArgs>(port as never, world, `${URN}-second`);
  second.restore(life.state);
  Object.assign(second, { id: `${life.state.id}-second` });
  elsewhere();
  const { a, b } = life.processOf({ a: port, b: port });
  const given = (urn: string, more = {}) => ({ ...ARGS, ...more, __urn: urn, __provider: "text" });
  const [mine, theirs] = [given(URN), given(second.urn, { __adopt: one.id })];
  for (const [of, it, news] of [
    [life, a, mine],
    [second, b, theirs],
  ] as const) {
    await it.check(of.state.inputs, news);
    await it.diff(of.state.id as string, of.state.outs, news);
  }
  expect((await a.update(life.state.id as string, life.state.outs, mine)).outs.portId).toBe(other.id);
  expect((await b.update(second.state.id as string, second.state.outs, theirs)).outs.portId).toBe(one.id);
});

it("a key of another account is refused at the preview: the order was of the first", async () => {
  await lose();
  world.apiKey = world.emulator.control.keys.addKey(undefined, "other");
  const given = { ...ARGS, __urn: URN, __provider: "text" };
  const process = life.process();
  await process.check(life.state.inputs, given);
  await expect(process.diff(life.state.id as string, life.state.outs, given)).rejects.toThrow(
    /is in another account than that of this key/,
  );
});

it("a destroy releases nothing, and says where to look", async () => {
  await lose();
  const late = world.emulator.control.buyPort(BOUGHT);
  world.calls();
  await life.destroy();
  expect(world.writes()).toEqual([]);
  expect(live()).toEqual([late.id]);
  expect(life.notices).toEqual([
    "an order for it was lost, and may have bought a port: `npx proxies-sx orphans` finds it.",
  ]);
});

it("a replacement leaves nothing of its order in the state: the old port serves on", async () => {
  await life.up(ARGS);
  const before = life.state;
  await lose({ ...ARGS, slotType: "private" });
  expect(life.state.outs).toMatchObject({ portId: before.outs.portId, status: "active" });
  expect(await life.up(ARGS)).toBe("same");
});

it("the settings of one are made when it has its port, and follow it", async () => {
  await lose();
  here();
  expect(await life.up(ARGS)).toBe("update");
  const { id, outs } = life.state;
  const settings = new Life(rotationSettings as never, world, `${URN}-settings`);
  await settings.up({ port: id, intervalSeconds: 900 }, { __portId: outs.portId });
  expect(settings.state.outs).toMatchObject({ __portId: outs.portId });
});
