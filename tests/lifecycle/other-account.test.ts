import { startEmulator } from "../../emulator";
import { credentials } from "../../provider/credentials";
import { osFingerprint } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { rotationSettings } from "../../provider/rotation-settings";
import { trafficPurchase } from "../../provider/traffic-purchase";
import { Life, World } from "./life";

/** A key of another account has none of the stack's ports: they are not gone, and nothing is bought in their place. */
const ARGS: PortArgs = { country: "DE", slotType: "shared", expiresIn: "30d", renewBefore: "3d" };
const IS_ANOTHERS = /is in another account than that of this key: set a key of its account/;

let world: World;
let life: Life<PortArgs>;
let id: string;

beforeEach(async () => {
  world = await World.open();
  life = new Life(port as never, world);
  await life.up(ARGS);
  id = life.state.id as string;
});
afterEach(() => world.close());

const ports = (): string[] => world.emulator.control.ports().map((one) => one.id);
const useOther = (): void => void (world.apiKey = world.emulator.control.keys.addKey(undefined, "other"));

const JOBS: Record<string, () => Promise<unknown>> = {
  "a run that changes nothing": async () => life.up(ARGS),
  "a refresh": async () => life.refresh(),
  "a destroy": async () => life.destroy(),
  "a replacement": async () => life.up({ ...ARGS, slotType: "private" }),
  "a move": async () => life.up({ ...ARGS, country: "GB" }),
  "a fingerprint": async () => life.up({ ...ARGS, osFingerprint: "windows:1" }),
  "a renewal": async () => {
    world.emulator.control.clock.advance("28d");
    return life.up(ARGS);
  },
};

it.each(Object.entries(JOBS))("%s with it stops, and the right key goes on as if nothing had been", async (_, job) => {
  const before = life.state;
  const right = world.apiKey;
  useOther();
  await expect(job()).rejects.toThrow(IS_ANOTHERS);
  expect(life.state).toEqual(before);
  expect(ports()).toEqual([id]);
  world.apiKey = right;
  await job();
  expect(life.state.outs.status).not.toBe("deleted");
});

it("a new port, and traffic, are not bought beside ports of another account, also before those are compared", async () => {
  const second = new Life<PortArgs>(port as never, world, `${life.urn}-2`);
  const traffic = new Life<object>(trafficPurchase as never, world, `${life.urn}-traffic`);
  useOther();
  world.calls();
  await expect(second.up(ARGS)).rejects.toThrow(IS_ANOTHERS);
  await expect(traffic.up({ amountGB: 5, maxPrice: 100 })).rejects.toThrow(IS_ANOTHERS);
  expect([ports(), world.writes()]).toEqual([[id], []]);
});

it("with an Account in the stack it is not known whose its ports are", async () => {
  const account = {
    type: "pulumi:providers:pulumi-nodejs",
    urn: "urn:pulumi:dev::test::pulumi:providers:pulumi-nodejs::eu",
  };
  const second = new Life<PortArgs>(port as never, world, `${life.urn}-2`);
  useOther();
  jest.spyOn(world, "resources").mockReturnValue([...world.resources(), account]);
  await second.up(ARGS);
  expect(ports()).toEqual([id, second.state.id]);
});

it("a new key of the same account changes nothing, and one that may not read the account is taken for right", async () => {
  world.apiKey = world.emulator.control.keys.addKey();
  expect(await life.refresh()).toBe("same");
  world.apiKey = world.emulator.control.keys.addKey(["ports:read", "ports:write"], "other");
  expect([await life.refresh(), life.state.outs.status]).toEqual(["changed", "deleted"]);
});

it("a key of another user that has the ports all the same is right: whether an account may have several is not known", async () => {
  const body = { user: { _id: "another" } };
  world.emulator.control.addFault({ method: "GET", path: "/account", status: 200, body });
  expect(await life.up(ARGS)).toBe("same");
  const second = new Life<PortArgs>(port as never, world, `${life.urn}-2`);
  expect(await second.up(ARGS)).toBe("create");
  await life.destroy();
  expect(ports()).toEqual([second.state.id]);
});

it("an emulator that was begun anew is the same account, emptied", async () => {
  const { url, apiKey } = world.emulator;
  await world.emulator.close();
  const anew = await startEmulator({ port: Number(new URL(url).port), seed: 9 });
  Object.assign(world, { emulator: anew, apiKey });
  expect([await life.refresh(), life.state.outs.status]).toEqual(["changed", "deleted"]);
});

it("a refused key fails each run by its own words, also one that would change nothing", async () => {
  const why = /Invalid API key \(401 unauthorized.*Check the API key/;
  world.emulator.control.addFault({ path: "/**", status: 401, body: { message: "Invalid API key" } });
  await expect(life.up(ARGS)).rejects.toThrow(why);
  await expect(life.up({ ...ARGS, country: "GB" })).rejects.toThrow(why);
  await expect(new Life<PortArgs>(port as never, world, `${life.urn}-2`).up(ARGS)).rejects.toThrow(why);
});

it("an account that cannot be reached stops no run, and a renewal keeps what was known", async () => {
  world.emulator.control.addFault({ method: "GET", path: "/account", cut: "before" });
  expect(await life.up(ARGS)).toBe("same");
  world.emulator.control.clock.advance("28d");
  const { __account } = life.state.outs;
  expect(await life.up(ARGS)).toBe("update");
  expect([typeof __account, life.state.outs.__account]).toEqual(["string", __account]);
});

it("a port that a refresh took for gone, and that serves, is not bought again", async () => {
  const right = world.apiKey;
  world.apiKey = world.emulator.control.keys.addKey(["ports:read", "ports:write"], "other");
  await life.refresh();
  expect(life.state.outs.status).toBe("deleted");
  world.apiKey = right;
  expect(await life.up(ARGS)).toBe("update");
  expect([life.state.outs.status, life.state.outs.portId, ports()]).toEqual(["active", id, [id]]);
  expect([await life.up(ARGS), await life.refresh()]).toEqual(["same", "same"]);
});

const SETTINGS: Record<string, [handler: unknown, ...args: object[]]> = {
  RotationSettings: [rotationSettings, { intervalSeconds: 900 }, { intervalSeconds: 1200 }],
  Credentials: [
    credentials,
    { proxyLogin: "login", proxyPassword: "password-1" },
    { proxyLogin: "login", proxyPassword: "password-2" },
  ],
  OsFingerprint: [osFingerprint, { osFingerprint: "windows:1" }, { osFingerprint: "android:1" }],
};

it.each(Object.entries(SETTINGS))(
  "%s are not forgotten by a destroy with it, also once changed",
  async (kind, [handler, ...all]) => {
    const { updatedAt, ...found } = world.emulator.control.port(id) as object & { updatedAt: unknown };
    const settings = new Life<object>(handler as never, world, `${life.urn}-${kind}`);
    for (const args of all) await settings.up({ port: id, ...args });
    const before = settings.state;
    const right = world.apiKey;
    useOther();
    await expect(settings.destroy()).rejects.toThrow(IS_ANOTHERS);
    expect(settings.state).toEqual(before);
    world.apiKey = right;
    await settings.destroy();
    expect(world.emulator.control.port(id)).toMatchObject(found);
  },
);

it("a port that is imported, or was bought before its state had an account, is known by it", async () => {
  const imported = new Life<PortArgs>(port as never, world, `${life.urn}-imported`);
  imported.restore({ id, outs: {}, inputs: {} });
  await imported.refresh();
  expect(imported.state.outs).toMatchObject({ __account: life.state.outs.__account });
  delete life.state.outs.__account;
  await life.up({ ...ARGS, osFingerprint: "windows:1" });
  expect(life.state.outs).toMatchObject({ __account: imported.state.outs.__account });
});
