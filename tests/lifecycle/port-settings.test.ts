import { credentials } from "../../provider/credentials";
import { type AnyHandler } from "../../provider/handler";
import { osFingerprint } from "../../provider/os-fingerprint";
import { rotationSettings } from "../../provider/rotation-settings";
import { Life, World } from "./life";

type Args = Record<string, unknown>;

interface Kind {
  name: string;
  handler: AnyHandler<never, never>;
  /** Two sets of inputs without the port. */
  first: Args;
  second: Args;
  /** What the emulator shows of each. */
  shown: (args: Args) => object;
  /** A change made behind our back. */
  drift: Args;
}

const KINDS: Kind[] = [
  {
    name: "RotationSettings",
    handler: rotationSettings as never,
    first: { enabled: true, intervalSeconds: 1800, matchCarrier: true },
    second: { enabled: true, intervalSeconds: 600, excludedDeviceIds: ["a".repeat(24)] },
    shown: ({ intervalSeconds, enabled }) => ({ rotationSettings: { intervalSeconds, enabled } }),
    drift: { rotationSettings: { enabled: false, intervalSeconds: 7200 } },
  },
  {
    name: "Credentials",
    handler: credentials as never,
    first: { proxyLogin: "team-a", proxyPassword: "first-password" },
    second: { proxyLogin: "team-a", proxyPassword: "second-password" },
    shown: (args) => args,
    drift: { proxyPassword: "changed-by-hand" },
  },
  {
    name: "OsFingerprint",
    handler: osFingerprint as never,
    first: { osFingerprint: "windows:1" },
    second: { osFingerprint: "ios:2" },
    shown: (args) => args,
    drift: { osFingerprint: "android:1" },
  },
];

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

const buy = (): string => world.emulator.control.buyPort({ country: "DE" }).id;
const shown = (id: string): unknown => world.emulator.control.port(id);

/** Inputs as an edit behind our back. */
const inEmulator = ({ intervalSeconds, enabled, matchCarrier, ...rest }: Args): Args =>
  intervalSeconds === undefined ? rest : { rotationSettings: { intervalSeconds, enabled, matchCarrier } };

describe.each(KINDS)("$name", ({ handler, first, second, shown: expected, drift }) => {
  let life: Life<never>;
  let port: string;
  beforeEach(() => {
    life = new Life(handler, world);
    port = buy();
  });
  const up = (args: Args, of = port): Promise<string> => life.up({ ...args, port: of } as never);

  it("is made, changed in place, and put back by delete", async () => {
    const before = shown(port);
    expect(await up(first)).toBe("create");
    expect(life.state.id).toBe(port);
    expect(shown(port)).toMatchObject(expected(first));
    expect(await up(first)).toBe("same");
    expect(await life.refresh()).toBe("same");

    world.calls();
    expect(await up(second)).toBe("update");
    expect(world.writes()).toHaveLength(1);
    expect(shown(port)).toMatchObject(expected(second));
    expect(await up(second)).toBe("same");
    expect(await life.refresh()).toBe("same");

    await life.destroy();
    const { proxyLogin, proxyPassword, osFingerprint: os, rotationSettings: rotation } = before as Args;
    expect(shown(port)).toMatchObject({ proxyLogin, proxyPassword, osFingerprint: os, rotationSettings: rotation });
  });

  it("of what the port has already sends nothing, and puts the same back", async () => {
    world.emulator.control.editPort(port, inEmulator(first));
    const before = shown(port);
    world.calls();
    expect(await up(first)).toBe("create");
    expect(world.writes()).toEqual([]);
    expect(await up(first)).toBe("same");
    expect(await life.refresh()).toBe("same");
    expect(await up(second)).toBe("update");
    await life.destroy();
    expect({ ...(shown(port) as object), updatedAt: 0 }).toEqual({ ...(before as object), updatedAt: 0 });
  });

  it("sees drift and repairs it", async () => {
    await up(first);
    world.emulator.control.editPort(port, drift);
    expect(await life.refresh()).toBe("changed");
    expect(await up(first)).toBe("update");
    expect(shown(port)).toMatchObject(expected(first));
    expect(await life.refresh()).toBe("same");
  });

  it("moves to another port by replacement", async () => {
    await up(first);
    const other = buy();
    expect(await up(first, other)).toBe("replace");
    expect(shown(other)).toMatchObject(expected(first));
    expect(shown(port)).not.toMatchObject(expected(first));
  });

  it("is done with a port that is gone: refresh keeps it, delete calls it done", async () => {
    await up(first);
    world.emulator.control.removePort(port);
    expect(await life.refresh()).toBe("same");
    await life.destroy();
  });

  it("says so where the port does not exist", async () => {
    await expect(up(first, "f".repeat(24))).rejects.toThrow(/^port: f{24} does not exist at the vendor/);
    await up(first);
    world.emulator.control.removePort(port);
    await expect(up(second)).rejects.toThrow(/does not exist at the vendor/);
  });

  it("refuses what is no port's id", async () => {
    expect(await life.check({ ...first, port: "../account" } as never)).toEqual([
      "port: is not a port: give a Port, or the id of one.",
    ]);
    expect(await life.check({ ...first, port: 7 } as never)).toHaveLength(1);
  });
});

describe("RotationSettings", () => {
  const settings = (): Life<Args> => new Life(rotationSettings as never, world);

  it("resets what is no longer asked for to the vendor's default", async () => {
    const life = settings();
    const port = buy();
    await life.up({
      port,
      intervalSeconds: 900,
      matchCarrier: true,
      matchCity: true,
      excludedDeviceIds: ["b".repeat(24)],
    });
    await life.up({ port, intervalSeconds: 900 });
    expect(shown(port)).toMatchObject({
      rotationSettings: { matchCarrier: false, matchCity: false, excludedDeviceIds: [] },
    });
  });

  it("does not care for the order of excluded devices", async () => {
    const life = settings();
    const port = buy();
    const [a, b] = ["a".repeat(24), "b".repeat(24)];
    await life.up({ port, intervalSeconds: 900, excludedDeviceIds: [a, b] });
    expect(await life.up({ port, intervalSeconds: 900, excludedDeviceIds: [b, a] })).toBe("same");
  });

  it.each([
    ["shared", 299, false],
    ["shared", 300, true],
    ["shared", 86_400, true],
    ["shared", 86_401, false],
    ["private", 59, false],
    ["private", 60, true],
    [undefined, 60, true],
    [undefined, 59, false],
    ["shared", 300.5, false],
  ])("on a %s slot, %p seconds: %p", async (slotType, intervalSeconds, fine) => {
    const failures = await settings().check({ port: "a".repeat(24), intervalSeconds }, { __slotType: slotType });
    expect(failures).toEqual(fine ? [] : [expect.stringMatching(/^intervalSeconds: /)]);
  });

  it("is refused before the call where the slot type is known from the port alone", async () => {
    const port = buy();
    world.calls();
    await expect(settings().up({ port, intervalSeconds: 60 })).rejects.toThrow(/300 to 86400 on a shared slot/);
    expect(world.writes()).toEqual([]);
  });

  it("sends what answers without match fields do not report, false too", async () => {
    const port = buy();
    world.emulator.control.editPort(port, {
      rotationSettings: { enabled: true, intervalSeconds: 900, matchCarrier: true },
    });
    world.emulator.control.setQuirks({ noRotationMatchFields: true });
    await settings().up({ port, intervalSeconds: 900, matchCarrier: false });
    expect(world.emulator.control.port(port)?.rotationSettings).toMatchObject({ matchCarrier: false });
  });

  it("keeps what answers without match fields do not report", async () => {
    world.emulator.control.setQuirks({ noRotationMatchFields: true });
    const life = settings();
    await life.up({ port: buy(), intervalSeconds: 900, matchCarrier: true });
    expect(await life.refresh()).toBe("same");
  });
});

describe("Credentials", () => {
  it("keeps a password that answers do not report", async () => {
    const life = new Life<Args>(credentials as never, world);
    await life.up({ port: buy(), proxyLogin: "team-a", proxyPassword: "a-password" });
    world.emulator.control.setQuirks({ noPassword: true });
    expect(await life.refresh()).toBe("same");
  });

  it.each([
    [{ proxyLogin: "", proxyPassword: "p" }, /^proxyLogin: /],
    [{ proxyLogin: "l", proxyPassword: "" }, /^proxyPassword: /],
    [{ proxyLogin: "l" }, /^proxyPassword: /],
    [{ proxyLogin: "team:a", proxyPassword: "p:q" }, /^proxyLogin: must have no ":"/],
  ])("refuses %j", async (args, message) => {
    const failures = await new Life<Args>(credentials as never, world).check({ port: "a".repeat(24), ...args });
    expect(failures).toEqual([expect.stringMatching(message)]);
  });

  it("never shows the password in an error", async () => {
    world.emulator.control.addFault({
      path: "/ports/*/credentials",
      status: 400,
      body: { statusCode: 400, message: "bad canary-password" },
      times: 2,
    });
    const life = new Life<Args>(credentials as never, world);
    const failed = life.up({ port: buy(), proxyLogin: "team-a", proxyPassword: "canary-password" });
    await expect(failed).rejects.toThrow(/400/);
    await expect(failed).rejects.not.toThrow(/canary-password/);
  });
});
