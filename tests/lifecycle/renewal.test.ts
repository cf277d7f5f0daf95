import { credentials, type CredentialsArgs } from "../../provider/credentials";
import { osFingerprint, type OsFingerprintArgs } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { rotation, type RotationArgs } from "../../provider/rotation";
import { rotationSettings, type RotationSettingsArgs } from "../../provider/rotation-settings";
import { Life, World } from "./life";

const DAY = 86_400_000;
const ARGS: PortArgs = {
  country: "DE",
  carrier: "Vodafone",
  slotType: "shared",
  expiresIn: "10d",
  renewBefore: "2d",
};
const URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx";

let world: World;
let life: Life<PortArgs>;

async function open(options: Parameters<typeof World.open>[0] = {}): Promise<void> {
  world = await World.open(options);
  life = new Life(port as never, world, `${URN}:Port::a`);
}
const full = (shared = 1): Promise<void> => open({ config: { slots: { shared, private: 0 } } });

afterEach(() => world.close());

const live = (): string[] => world.emulator.control.ports().map(({ id }) => id);
const portId = (of = life): string => of.state.outs.portId as string;
const retiring = (of = life): string[] =>
  ((of.state.outs.retiring ?? []) as { portId: string }[]).map((one) => one.portId);
const purchases = (): number => world.emulator.control.purchases().length;

describe("a lease that is due", () => {
  beforeEach(() => open());

  it("is renewed in place: the id stays, the old port serves until the next run", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(8 * DAY - 2_000);
    expect(await life.up(ARGS)).toBe("same");
    world.emulator.control.clock.advance(4_000);
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.id).toBe(first);
    expect(retiring()).toEqual([first]);
    expect(live().sort()).toEqual([first, portId()].sort());
    expect(life.state.outs).toMatchObject({ status: "active", country: "DE", countryCode: "DE" });
    expect(life.infos).toEqual([
      "lease ends in 1 d 23 h: renewed; the old port serves until the next run if a slot is free.",
    ]);

    expect(await life.refresh()).toBe("same");
    expect(await life.up(ARGS)).toBe("update");
    expect(life.infos.at(-1)).toBe(`old port ${first} is released.`);
    expect(live()).toEqual([portId()]);
    expect(life.state.outs.retiring).toBeUndefined();
    expect(await life.up(ARGS)).toBe("same");
    expect(purchases()).toBe(2);
  });

  it("is renewed year after year under one id", async () => {
    await life.up(ARGS);
    const { id } = life.state;
    for (let round = 0; round < 5; round += 1) {
      world.emulator.control.clock.advance(8.5 * DAY);
      expect(await life.up(ARGS)).toBe("update");
      expect(await life.up(ARGS)).toBe("update");
      expect(await life.up(ARGS)).toBe("same");
    }
    expect(life.state.id).toBe(id);
    expect(live()).toEqual([portId()]);
    expect(purchases()).toBe(6);
  });

  it.each<[PortArgs["overlap"], string]>([
    ["0s", "the old port is released"],
    [0, "the old port is released"],
  ])("with overlap %p the old port goes in the same update", async (overlap, words) => {
    await life.up({ ...ARGS, overlap });
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    expect(await life.up({ ...ARGS, overlap })).toBe("update");
    expect(live()).toEqual([portId()]);
    expect(portId()).not.toBe(first);
    expect(life.infos.join()).toContain(words);
    expect(await life.up({ ...ARGS, overlap })).toBe("same");
  });

  it("serves on for the time that overlap says, but never beyond its own lease", async () => {
    const args = { ...ARGS, overlap: "6h" };
    await life.up(args);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(args);
    world.emulator.control.clock.advance(DAY / 4 - 10_000);
    expect(await life.up(args)).toBe("same");
    world.emulator.control.clock.advance(20_000);
    expect(await life.up(args)).toBe("update");
    expect(live()).not.toContain(first);

    const long = { ...ARGS, overlap: "9d" };
    await life.up(long);
    const second = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(long);
    world.emulator.control.clock.advance(DAY + 60_000);
    expect(await life.up(long)).toBe("update");
    expect(live()).toEqual([portId()]);
    expect(live()).not.toContain(second);
  });

  it("waits while others of the fleet are renewed, but not until it ends", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(8 * DAY + 2_000);
    expect(await life.up(ARGS, { __hold: 86_400 })).toBe("same");
    world.emulator.control.clock.advance(DAY);
    expect(await life.up(ARGS, { __hold: 86_400 })).toBe("update");
  });

  it("an update for another reason renews nothing that was held back", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(8 * DAY + 2_000);
    expect(await life.up({ ...ARGS, osFingerprint: "windows:1" }, { __hold: 3_600 })).toBe("update");
    expect(portId()).toBe(first);
    expect(live()).toEqual([first]);
  });

  it("a refresh's comparison renews nothing", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    const process = life.process();
    const { id, outs, inputs } = life.state;
    expect(await process.diff(id as string, outs, inputs)).toEqual({ changes: false });
  });

  it("renews and moves in one purchase", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    world.calls();
    expect(await life.up({ ...ARGS, country: "GB", carrier: undefined })).toBe("update");
    expect(world.writes()).toEqual(["POST /v1/ports"]);
    expect(life.state.outs).toMatchObject({ countryCode: "GB", country: "GB" });
  });

  it("a release that is refused is a warning, and blocks nothing", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    world.emulator.control.addFault({ method: "DELETE", path: "/ports/*", status: 409, times: 1 });
    expect(await life.up(ARGS)).toBe("update");
    expect(life.notices.join()).toMatch(new RegExp(`old port ${first} was not released`));
    expect(retiring()).toEqual([first]);
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
  });

  it("a retiring port that is gone is dropped by a refresh, and is no error of a release", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    world.emulator.control.removePort(first);
    expect(await life.up(ARGS)).toBe("update");
    expect(life.notices).toEqual([]);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    world.emulator.control.removePort(retiring()[0] as string);
    expect(await life.refresh()).toBe("changed");
    expect(life.state.outs.retiring).toBeUndefined();
    expect(await life.up(ARGS)).toBe("same");
  });

  it("destroy releases retiring ports too", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    expect(live()).toHaveLength(2);
    await life.destroy();
    expect(live()).toEqual([]);
  });

  it("a forced replacement leaves one port, and no retiring one", async () => {
    await life.up(ARGS);
    await life.replace(ARGS);
    expect(live()).toEqual([portId()]);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    await life.replace(ARGS);
    expect(live()).toEqual([portId()]);
    expect(life.state.id).toBe(portId());
    expect(await life.up(ARGS)).toBe("same");
  });

  it("a suspended port is renewed when its lease is due, and released at once", async () => {
    await life.up(ARGS);
    world.emulator.control.editPort(portId(), { status: "suspended" });
    expect(await life.refresh()).toBe("changed");
    expect(await life.up(ARGS)).toBe("same");
    world.emulator.control.clock.advance(9 * DAY);
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
    expect(life.state.outs.retiring).toBeUndefined();
  });

  it("a purchase that fails leaves the old port at work, and the next run renews", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    world.emulator.control.addFault({ method: "POST", path: "/ports", status: 400, times: 1 });
    await expect(life.up(ARGS)).rejects.toThrow(/400/);
    expect([portId(), live()]).toEqual([first, [first]]);
    expect(await life.up(ARGS)).toBe("update");
    expect(purchases()).toBe(2);
  });

  it("an answer to the purchase that has a part only is completed by the next run, which releases nothing", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    world.emulator.control.setQuirks({ sparseCreate: true });
    world.emulator.control.addFault({ method: "GET", path: "/ports/*", status: 400, times: 1 });
    await expect(life.up(ARGS)).rejects.toThrow(/400/);
    expect(life.state.outs.status).toBeUndefined();
    expect(await life.up(ARGS)).toBe("update");
    expect(live().sort()).toEqual([first, portId()].sort());
    expect(life.state.outs.status).toBe("active");
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
    expect(purchases()).toBe(2);
  });

  it("a renewal that was killed after its purchase is finished by the next run, with that port", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    const { id, outs, inputs } = life.state;
    const killed = life.process();
    await killed.check(inputs, inputs);
    await killed.diff(id as string, outs, inputs);
    await killed.update(id as string, outs, inputs); // its answer never reaches the state
    expect(await life.up(ARGS)).toBe("update");
    expect(life.notices.join()).toMatch(/is taken up/);
    expect(purchases()).toBe(2);
    expect(live().sort()).toEqual([portId(), ...retiring()].sort());
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
  });
});

describe("without a free slot", () => {
  beforeEach(() => full());

  it("the old port is released first, and the new one bought at once", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    world.calls();
    expect(await life.up(ARGS)).toBe("update");
    expect(world.writes()).toEqual([`DELETE /v1/ports/${first}`, "POST /v1/ports"]);
    expect(live()).toEqual([portId()]);
    expect(life.infos.at(-1)).toBe(`no slot was free: port ${first} was released before the purchase.`);
    expect(await life.up(ARGS)).toBe("same");
  });

  it("a slot that the vendor frees late is waited for", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    world.emulator.control.addFault({
      method: "POST",
      path: "/ports",
      status: 403,
      body: { statusCode: 403, message: "No available shared port slots" },
      times: 3,
    });
    expect(await life.up(ARGS)).toBe("update");
    expect(life.progress.join()).toContain("waiting for the slot");
    expect(purchases()).toBe(2);
    expect(live()).toEqual([portId()]);
  });

  it.each(["replace", "keep", "fail"] as const)(
    "a purchase that fails after the release is marked, and the next run buys, with onExpired %p",
    async (onExpired) => {
      const args: PortArgs = { ...ARGS, onExpired };
      await life.up(args);
      world.emulator.control.clock.advance(9 * DAY);
      world.emulator.control.addFault({ method: "POST", path: "/ports", status: 400, times: 7 });
      await expect(life.up(args)).rejects.toThrow(/400/);
      expect([life.state.outs.status, live()]).toEqual(["renewing", []]);
      expect(await life.refresh()).toBe("same");
      expect(life.state.outs.status).toBe("renewing");
      expect(await life.up(args)).toBe("update");
      expect([life.state.outs.status, live()]).toEqual(["active", [portId()]]);
      expect(await life.up(args)).toBe("same");
    },
  );

  it("a run that was killed between release and purchase is finished by the next one", async () => {
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    world.emulator.control.removePort(portId());
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
    expect(life.state.outs.retiring).toBeUndefined();
  });

  it("the device that the old port frees is found, and no other", async () => {
    await world.close();
    await open({ config: { slots: { shared: 3, private: 0 }, devicesPerCarrier: { shared: 1, private: 0 } } });
    const lives = ["Vodafone", "O2", "Telekom"].map(
      (carrier, index) =>
        [new Life<PortArgs>(port as never, world, `${URN}:Port::p${index}`), { ...ARGS, carrier }] as const,
    );
    for (const [one, args] of lives) await one.up(args);
    world.emulator.control.clock.advance(9 * DAY);
    for (const [one, args] of lives) expect(await one.up(args)).toBe("update");
    expect(live()).toHaveLength(3);
  });

  it("a place without a device leaves the old port at work", async () => {
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await expect(life.up({ ...ARGS, country: "XX", carrier: undefined })).rejects.toThrow(/country/);
    expect(live()).toEqual([first]);
  });
});

/** One run that updates all of these at once. */
async function updateTogether(lives: readonly Life<PortArgs>[]): Promise<void> {
  const process = life.process();
  const run = async (one: Life<PortArgs>): Promise<unknown> => {
    const { id, outs, inputs } = one.state;
    await process.check(inputs, inputs);
    await process.diff(id as string, outs, inputs);
    return process.update(id as string, outs, inputs);
  };
  await Promise.all(lives.map(run));
}

describe("retiring ports make room", () => {
  it("for another's renewal, so that no member is without a port", async () => {
    await full(3);
    const other = new Life<PortArgs>(port as never, world, `${URN}:Port::b`);
    await life.up(ARGS);
    await other.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    expect(live()).toHaveLength(3);
    world.calls();
    expect(await other.up(ARGS)).toBe("update");
    expect(world.writes()).toEqual([`DELETE /v1/ports/${first}`, "POST /v1/ports"]);
    expect(other.infos.at(-1)).toBe(`no slot was free: old port ${first} was released early.`);
    expect(live().sort()).toEqual([portId(), portId(other), ...retiring(other)].sort());
    expect(await life.up(ARGS)).toBe("update");
    expect(await other.up(ARGS)).toBe("update");
    expect(live().sort()).toEqual([portId(), portId(other)].sort());
  });

  it("for all renewals of a run in turn, with one free slot: none is released before its purchase", async () => {
    await full(4);
    const others = ["b", "c"].map((name) => new Life<PortArgs>(port as never, world, `${URN}:Port::${name}`));
    const lives = [life, ...others];
    for (const one of lives) await one.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    world.calls();
    await updateTogether(lives);
    const order = world.writes().map((call) => call.split(" ")[0]);
    expect(order).toEqual(["POST", "DELETE", "POST", "DELETE", "POST"]);
    expect(life.infos.join()).not.toContain("before the purchase");
    expect(live()).toHaveLength(4);
  });

  it("where the old port of one is released at once, the next one has its slot", async () => {
    await full(3);
    const args: PortArgs = { ...ARGS, overlap: 0 };
    const lives = [life, new Life<PortArgs>(port as never, world, `${URN}:Port::b`)];
    for (const one of lives) await one.up(args);
    world.emulator.control.clock.advance(9 * DAY);
    world.calls();
    await updateTogether(lives);
    expect(world.writes().map((call) => call.split(" ")[0])).toEqual(["POST", "DELETE", "POST", "DELETE"]);
    expect(live()).toHaveLength(2);
  });

  it("as many as it takes, where a smaller tariff left more ports than slots", async () => {
    await full(4);
    const [other, third] = ["b", "c"].map((name) => new Life<PortArgs>(port as never, world, `${URN}:Port::${name}`));
    const lives = [life, other as Life<PortArgs>];
    const args: PortArgs = { ...ARGS, overlap: "1d" };
    for (const one of lives) await one.up(args);
    world.emulator.control.clock.advance(9 * DAY);
    for (const one of lives) await one.up(args);
    expect(live()).toHaveLength(4);
    world.emulator.control.configure({ slots: { shared: 3, private: 0 } });
    expect(await third?.up(args)).toBe("create");
    expect(live().sort()).toEqual([...lives, third as Life<PortArgs>].map((one) => portId(one)).sort());
  });

  it("none, where more slots are used than there are: a port that serves is kept until there is one", async () => {
    await full(2);
    const other = new Life<PortArgs>(port as never, world, `${URN}:Port::b`);
    for (const one of [life, other]) await one.up(ARGS);
    const before = live();
    world.emulator.control.clock.advance(9 * DAY);
    world.emulator.control.configure({ slots: { shared: 1, private: 0 } });
    world.calls();
    for (const one of [life, other]) await expect(one.up(ARGS)).rejects.toThrow("would free none");
    expect([world.writes(), live()]).toEqual([[], before]);
    world.emulator.control.configure({ slots: { shared: 2, private: 0 } });
    for (const one of [life, other]) expect(await one.up(ARGS)).toBe("update");
    expect(live().sort()).toEqual([life, other].map((one) => portId(one)).sort());
  });

  it("for a new port, also where this run has not reached them yet", async () => {
    await full(2);
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    const fresh = new Life<PortArgs>(port as never, world, `${URN}:Port::new`);
    expect(await fresh.up(ARGS)).toBe("create");
    expect(live().sort()).toEqual([portId(), portId(fresh)].sort());
    expect(await life.up(ARGS)).toBe("update");
    expect(await life.up(ARGS)).toBe("same");
  });

  it("not where the refusal is for another reason", async () => {
    await open();
    await life.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    world.emulator.control.addFault({ method: "POST", path: "/ports", status: 409, times: 1 });
    const fresh = new Life<PortArgs>(port as never, world, `${URN}:Port::new`);
    await expect(fresh.up(ARGS)).rejects.toThrow(/409/);
    expect(live()).toHaveLength(2);
  });

  it("none for a forced replacement without a slot: the error names the option", async () => {
    await full();
    await life.up(ARGS);
    await expect(life.replace(ARGS)).rejects.toThrow(/deleteBeforeReplace/);
    expect(live()).toEqual([portId()]);
  });
});

describe("what is set for a port that is renewed", () => {
  let login: Life<CredentialsArgs>;
  let interval: Life<RotationSettingsArgs>;
  let system: Life<OsFingerprintArgs>;
  let fresh: Life<RotationArgs>;

  beforeEach(async () => {
    await open();
    login = new Life(credentials as never, world, `${URN}:Credentials::login`);
    interval = new Life(rotationSettings as never, world, `${URN}:RotationSettings::interval`);
    system = new Life(osFingerprint as never, world, `${URN}:OsFingerprint::system`);
    fresh = new Life(rotation as never, world, `${URN}:Rotation::fresh`);
    await life.up(ARGS);
    await settings();
    world.emulator.control.clock.advance(9 * DAY);
  });

  const settings = async (known = portId()): Promise<string[]> => {
    const id = life.state.id as string;
    const hidden = { __portId: known, __slotType: "shared" };
    return [
      await login.up({ port: id, proxyLogin: "team", proxyPassword: "pass-word-1" }, hidden),
      await interval.up({ port: id, intervalSeconds: 1_200, matchCarrier: true }, hidden),
      await system.up({ port: id, osFingerprint: "ios:1" }, hidden),
      await fresh.up({ port: id }, hidden),
    ];
  };
  const rented = (id: string) => world.emulator.control.port(id);

  it("follows by update, and Rotation does not fire", async () => {
    const first = portId();
    await life.up(ARGS);
    world.calls();
    expect(await settings()).toEqual(["update", "update", "update", "same"]);
    expect(rented(portId())).toMatchObject({
      proxyLogin: "team",
      proxyPassword: "pass-word-1",
      osFingerprint: "ios:1",
      rotationSettings: { enabled: true, intervalSeconds: 1_200, matchCarrier: true },
    });
    expect(rented(first)).toMatchObject({ proxyLogin: "team" });
    expect(login.state).toMatchObject({ id: first, outs: { port: first, __portId: portId() } });
    expect(login.state.outs.httpPort).toBe(rented(portId())?.httpPort);
    for (const one of [login, interval, system]) expect(await one.refresh()).toBe("same");
    expect(await settings()).toEqual(["same", "same", "same", "same"]);
  });

  it("puts back what the new port had", async () => {
    await life.up(ARGS);
    const { proxyLogin, proxyPassword } = rented(portId()) ?? {};
    await settings();
    for (const one of [login, interval, system]) await one.destroy();
    expect(rented(portId())).toMatchObject({
      proxyLogin,
      proxyPassword,
      osFingerprint: "",
      rotationSettings: { enabled: false },
    });
  });

  it("is changed and followed on the new port from then on", async () => {
    await life.up(ARGS);
    await settings();
    const hidden = { __portId: portId() };
    const id = life.state.id as string;
    expect(await login.up({ port: id, proxyLogin: "other", proxyPassword: "pass-word-1" }, hidden)).toBe("update");
    expect(rented(portId())?.proxyLogin).toBe("other");
    world.emulator.control.editPort(portId(), { osFingerprint: "android:1" });
    expect(await system.refresh()).toBe("changed");
    expect(await system.up({ port: id, osFingerprint: "ios:1" }, hidden)).toBe("update");
    expect(rented(portId())?.osFingerprint).toBe("ios:1");
  });

  it("an id that is not known yet is no change", async () => {
    await life.up(ARGS);
    await settings();
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(await settings(unknown)).toEqual(["same", "same", "same", "same"]);
  });

  it("the old port is not released before they are on the new one", async () => {
    const first = portId();
    await life.up(ARGS); // broken off before its settings
    expect(await life.up(ARGS)).toBe("same");
    expect(live()).toContain(first);
    await settings();
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
  });
});
