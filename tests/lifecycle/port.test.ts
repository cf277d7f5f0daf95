import { createApi } from "../../api";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { Life, World } from "./life";

const ARGS: PortArgs = { country: "DE", carrier: "Vodafone", slotType: "shared", expiresIn: "30d" };

const DAY = 86_400_000;

let world: World;
let life: Life<PortArgs>;

beforeEach(async () => {
  world = await World.open();
  life = new Life(port as never, world);
});
afterEach(() => world.close());

const live = (): string[] => world.emulator.control.ports().map(({ id }) => id);

describe("a port's life", () => {
  it("is bought once, unchanged by a second run and a refresh, and released", async () => {
    expect(await life.up(ARGS)).toBe("create");
    expect(live()).toEqual([life.state.id]);
    expect(life.state.outs).toMatchObject({
      portId: life.state.id,
      country: "DE",
      carrier: "Vodafone",
      slotType: "shared",
      status: "active",
      countryCode: "DE",
      carrierBrand: "Vodafone",
    });
    const { proxyLogin, proxyPassword, serverIp, httpPort, socksPort } =
      world.emulator.control.port(life.state.id as string) ?? {};
    expect(life.state.outs).toMatchObject({ proxyLogin, proxyPassword, serverIp, httpPort, socksPort });
    world.calls();

    expect(await life.up(ARGS)).toBe("same");
    expect(world.calls()).toHaveLength(1);
    expect(await life.refresh()).toBe("same");
    expect(await life.up(ARGS)).toBe("same");
    world.calls();

    await life.destroy();
    expect(world.calls()).toEqual([expect.stringMatching(/^DELETE .*\/ports\/[0-9a-f]{24}$/)]);
    expect(live()).toEqual([]);
  });

  it("gives the lease in the vendor's time", async () => {
    await life.up({ ...ARGS, expiresIn: "30d", renewBefore: "3d" });
    const { expiresAt = "", renewAt = "" } = life.state.outs as Record<string, string>;
    const now = Number(world.emulator.control.clock.now());
    expect(Math.abs(Date.parse(expiresAt) - now - 30 * 86_400_000)).toBeLessThan(5_000);
    expect(Date.parse(expiresAt) - Date.parse(renewAt)).toBe(3 * 86_400_000);
  });

  it("is read again where the answer to the purchase is sparse", async () => {
    world.emulator.control.setQuirks({ sparseCreate: true });
    expect(await life.up(ARGS)).toBe("create");
    expect(life.state.outs).toMatchObject({
      status: "active",
      rotationToken: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(await life.refresh()).toBe("same");
  });

  it("is asked for again where the vendor does not know it at once", async () => {
    world.emulator.control.setQuirks({ sparseCreate: true });
    world.emulator.control.addFault({ method: "GET", path: "/ports/*", status: 404, times: 1 });
    expect(await life.up(ARGS)).toBe("create");
    expect(life.state.outs.status).toBe("active");
  });

  it("that is missing is asked for again while it is young, and counts as gone at once a minute later", async () => {
    const { control } = world.emulator;
    const refreshed = async (): Promise<unknown> => {
      world.calls();
      control.addFault({ method: "GET", path: "/ports", status: 200, body: [], times: 1 });
      control.addFault({ method: "GET", path: "/ports/*", status: 404, times: 1 });
      await life.refresh();
      control.clearFaults();
      return [life.state.outs.status, world.calls().length];
    };
    await life.up(ARGS);
    control.clock.advance("50s");
    expect(await refreshed()).toEqual(["active", 3]);
    control.clock.advance("20s");
    // The third asks whose the key is.
    expect(await refreshed()).toEqual(["deleted", 3]);
  });

  it("is kept where the second read fails, and finished by the next run", async () => {
    world.emulator.control.setQuirks({ sparseCreate: true });
    world.emulator.control.addFault({ method: "GET", path: "/ports/*", status: 400, times: 1 });
    await expect(life.up(ARGS)).rejects.toThrow(/400/);
    expect(live()).toEqual([life.state.id]);
    expect(life.state.outs).toMatchObject({ __provider: "text", portId: life.state.id });
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.outs).toMatchObject({ status: "active", rotationToken: expect.any(String) as string });
    expect(await life.up(ARGS)).toBe("same");
    expect(live()).toHaveLength(1);
  });
});

describe("changes", () => {
  beforeEach(async () => {
    await life.up(ARGS);
    world.calls();
  });

  it.each<[string, Partial<PortArgs>, object]>([
    ["country", { country: "GB", carrier: undefined }, { countryCode: "GB" }],
    ["carrier", { carrier: "O2" }, { countryCode: "DE", carrierBrand: "O2" }],
  ])("%s moves the port in place, with its id and its login", async (_name, change, expected) => {
    const { id, outs } = life.state;
    expect(await life.up({ ...ARGS, ...change })).toBe("update");
    expect(world.writes()).toEqual([expect.stringMatching(/reconfigure$/)]);
    expect(life.state).toMatchObject({
      id,
      outs: { ...expected, proxyLogin: outs.proxyLogin, proxyPassword: outs.proxyPassword },
    });
    expect(await life.refresh()).toBe("same");
    expect(await life.up({ ...ARGS, ...change })).toBe("same");
  });

  it.each<[string, PortArgs]>([
    ["another spelling", { ...ARGS, country: "germany", carrier: "Vodafone D2 GmbH" }],
    ["the ISO code in small letters", { ...ARGS, country: "de" }],
  ])("%s is no change", async (_name, args) => {
    expect(await life.up(args)).toBe("same");
    expect(world.writes()).toEqual([]);
  });

  it.each<[string, PortArgs]>([
    ["expiresIn", { ...ARGS, expiresIn: "60d" }],
    ["renewBefore", { ...ARGS, renewBefore: "5d" }],
    ["onExpired", { ...ARGS, onExpired: "keep" }],
    ["a carrier that is no longer asked for", { ...ARGS, carrier: undefined }],
  ])("%s is recorded, nothing is called", async (_name, args) => {
    expect(await life.up(args)).toBe("update");
    expect(world.writes()).toEqual([]);
    expect(await life.up(args)).toBe("same");
    expect(await life.refresh()).toBe("same");
  });

  it("slotType replaces the port", async () => {
    const { id } = life.state;
    expect(await life.up({ ...ARGS, slotType: "private" })).toBe("replace");
    expect(life.state.id).not.toBe(id);
    expect(live()).toEqual([life.state.id]);
    expect(life.state.outs.slotType).toBe("private");
  });

  it("osFingerprint is set in place, and its removal resets it", async () => {
    expect(await life.up({ ...ARGS, osFingerprint: "windows:1" })).toBe("update");
    expect(world.writes()).toEqual([expect.stringMatching(/^PATCH .*os-fingerprint$/)]);
    expect(await life.up(ARGS)).toBe("update");
    expect(world.emulator.control.port(life.state.id as string)?.osFingerprint).toBe("");
  });

  it("a move that works before a fingerprint that fails is kept, and the next run does the rest", async () => {
    const wanted: PortArgs = { ...ARGS, country: "GB", carrier: undefined, osFingerprint: "ios:1" };
    world.emulator.control.addFault({ path: "/ports/*/os-fingerprint", status: 400, times: 1 });
    await expect(life.up(wanted)).rejects.toThrow(/400/);
    expect(life.state.outs).toMatchObject({ countryCode: "GB", country: "GB" });
    world.calls();
    expect(await life.up(wanted)).toBe("update");
    expect(world.writes()).toEqual([expect.stringMatching(/os-fingerprint$/)]);
    expect(await life.up(wanted)).toBe("same");
  });
});

describe("drift", () => {
  it.each<[string, Record<string, string>]>([
    ["country", { country: "GB" }],
    ["carrier", { carrier: "O2" }],
  ])("of the %s is seen by a refresh and repaired in place", async (_name, edit) => {
    await life.up(ARGS);
    world.emulator.control.editPort(life.state.id as string, edit);
    expect(await life.refresh()).toBe("changed");
    expect(await life.up(ARGS)).toBe("update");
    expect(world.emulator.control.port(life.state.id as string)).toMatchObject({
      device: { country: { code: "DE" }, carrier: { brand: "Vodafone" } },
    });
    expect(await life.refresh()).toBe("same");
  });

  it("of the fingerprint is repaired where the program sets it, and none of its business where it does not", async () => {
    await life.up({ ...ARGS, osFingerprint: "windows:1" });
    world.emulator.control.editPort(life.state.id as string, { osFingerprint: "android:1" });
    expect(await life.refresh()).toBe("changed");
    expect(await life.up({ ...ARGS, osFingerprint: "windows:1" })).toBe("update");
    const other = new Life<PortArgs>(port as never, world);
    await other.up(ARGS);
    world.emulator.control.editPort(other.state.id as string, { osFingerprint: "android:1" });
    expect(await other.refresh()).toBe("same");
  });

  it("is not what rotation changes by itself", async () => {
    await life.up(ARGS);
    const api = createApi({ apiKey: world.emulator.apiKey, apiUrl: world.emulator.url });
    await api.rotation.setSettings(life.state.id as string, {
      enabled: true,
      intervalSeconds: 300,
      matchCarrier: false,
    });
    api.close();
    world.emulator.control.clock.advance("2h");
    expect(await life.refresh()).toBe("same");
    expect(await life.up(ARGS)).toBe("same");
  });

  it("of a port that was deleted marks it, and the next run buys another in its place", async () => {
    await life.up(ARGS);
    const { id } = life.state;
    world.emulator.control.removePort(id as string);
    expect(await life.refresh()).toBe("changed");
    expect(life.state.outs.status).toBe("deleted");
    expect(await life.refresh()).toBe("same");
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.id).toBe(id);
    expect(life.state.outs).toMatchObject({ status: "active" });
    expect(life.state.outs.portId).not.toBe(id);
    expect(live()).toEqual([life.state.outs.portId]);
    expect(life.infos).toEqual([`port ${id} is gone: renewed.`]);
  });
});

describe("the lease", () => {
  const lease = { ...ARGS, expiresIn: "10d", renewBefore: "2d" };

  it("that is over is renewed by default, kept or reported on demand", async () => {
    await life.up({ ...lease, renewBefore: 0 });
    world.emulator.control.clock.advance(10 * DAY + 2_000);
    expect(await life.up({ ...lease, renewBefore: 0, onExpired: "keep" })).toBe("update");
    expect(await life.up({ ...lease, renewBefore: 0, onExpired: "keep" })).toBe("same");
    await expect(life.up({ ...lease, renewBefore: 0, onExpired: "fail" })).rejects.toThrow(
      /expired at .* onExpired is "fail"/,
    );
    const before = life.state.outs.portId;
    expect(await life.up({ ...lease, renewBefore: 0 })).toBe("update");
    expect(life.state.outs.portId).not.toBe(before);
    expect(life.state.outs.retiring).toBeUndefined();
    expect(live()).toEqual([life.state.outs.portId]);
  });

  it("of a port that is gone leaves it in the state where the user wants to keep it or the run to fail", async () => {
    for (const onExpired of ["keep", "fail"] as const) {
      const one = new Life<PortArgs>(port as never, world);
      await one.up({ ...ARGS, onExpired });
      world.emulator.control.removePort(one.state.id as string);
      expect(await one.refresh()).toBe("changed");
      expect(one.state.outs.status).toBe("deleted");
      expect(await one.refresh()).toBe("same");
      if (onExpired === "keep") expect(await one.up({ ...ARGS, onExpired })).toBe("same");
      else await expect(one.up({ ...ARGS, onExpired })).rejects.toThrow(/is gone and onExpired is "fail"/);
    }
  });
});

describe("adoption", () => {
  let id: string;
  beforeEach(() => {
    id = world.emulator.control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: 864_000 }).id;
    world.calls();
  });

  it("takes the port as it is, and the option may stay or go", async () => {
    expect(await life.up({ ...ARGS, expiresIn: "10d" }, { __adopt: id })).toBe("create");
    expect(life.state.id).toBe(id);
    expect(world.writes()).toEqual([]);
    expect(await life.up({ ...ARGS, expiresIn: "10d" })).toBe("same");
    expect(await life.up({ ...ARGS, expiresIn: "10d" }, { __adopt: id })).toBe("same");
    expect(live()).toEqual([id]);
  });

  it("is not repeated by a renewal, which buys", async () => {
    await life.up({ ...ARGS, expiresIn: "10d" }, { __adopt: id });
    world.emulator.control.clock.advance(9.5 * DAY);
    expect(await life.up({ ...ARGS, expiresIn: "10d", overlap: 0 }, { __adopt: id })).toBe("update");
    expect(life.state.id).toBe(id);
    expect(live()).toEqual([life.state.outs.portId]);
    expect(live()).not.toContain(id);
  });

  it.each<[string, Partial<PortArgs>, RegExp]>([
    ["another country", { country: "GB", carrier: undefined }, /country is "DE"/],
    ["another carrier", { carrier: "O2" }, /carrier is "Vodafone"/],
    ["another slot type", { slotType: "private" }, /slotType is "shared"/],
  ])("refuses a program that declares %s", async (_name, change, message) => {
    await expect(life.up({ ...ARGS, ...change }, { __adopt: id })).rejects.toThrow(message);
    expect(life.state.id).toBeUndefined();
  });

  it("refuses an id that does not exist, and buys nothing", async () => {
    await expect(life.up(ARGS, { __adopt: "f".repeat(24) })).rejects.toThrow(/does not exist/);
    expect(live()).toEqual([id]);
  });

  it("refuses an id that is empty, and buys nothing", async () => {
    await expect(life.up(ARGS, { __adopt: "" })).rejects.toThrow(/an id must be/);
    expect(live()).toEqual([id]);
  });
});

describe("what a second pair of eyes found", () => {
  it("a longer lease is for the next one: it does not make the running one due", async () => {
    await life.up({ ...ARGS, expiresIn: "1d" });
    expect(await life.up({ ...ARGS, expiresIn: "30d" })).toBe("update");
    expect(await life.up({ ...ARGS, expiresIn: "30d", renewBefore: "5d" })).toBe("update");
    expect(await life.up({ ...ARGS, expiresIn: "30d", renewBefore: "5d" })).toBe("same");
  });

  it("a vendor that sells another slot type than was ordered makes no run buy again", async () => {
    world.emulator.control.addFault({
      method: "POST",
      path: "/ports",
      times: 1,
      status: 201,
      body: { _id: world.emulator.control.buyPort({ country: "DE", carrier: "Vodafone" }).id, slotType: "shared" },
    });
    await life.up({ ...ARGS, slotType: "private" });
    expect(await life.refresh()).toBe("same");
    expect(await life.up({ ...ARGS, slotType: "private" })).toBe("same");
    expect(live()).toHaveLength(1);
  });

  it("a port is imported where its country has no other device", async () => {
    await world.close();
    world = await World.open({ config: { devicesPerCarrier: { shared: 1, private: 0 } } });
    life = new Life(port as never, world);
    const ids = ["Vodafone", "O2", "Telekom"].map(
      (carrier) => world.emulator.control.buyPort({ country: "DE", carrier, expiresIn: 864_000 }).id,
    );
    expect(await life.check({ ...ARGS, expiresIn: "10d" }, { __adopt: ids[0] })).toEqual([]);
    expect(await life.up({ ...ARGS, expiresIn: "10d" }, { __adopt: ids[0] })).toBe("create");
    expect(life.state.id).toBe(ids[0]);
    expect(await life.up({ ...ARGS, expiresIn: "10d" })).toBe("same");
  });

  it("a port that is imported under a new name is not deleted under the old one", async () => {
    await life.up(ARGS);
    const id = life.state.id as string;
    const process = life.process();
    const renamed = { ...ARGS, __urn: "urn:pulumi:dev::t::t::renamed", __adopt: id, __provider: "text" };
    await process.check({}, renamed);
    await process.create(renamed);
    await process.delete(id, life.state.outs);
    expect(live()).toEqual([id]);
    expect(life.notices.join()).toMatch(/is kept/);
  });

  it("a carrier's name without its brand is no drift", async () => {
    await life.up(ARGS);
    world.emulator.control.editPort(life.state.id as string, {
      device: { country: { code: "DE", name: "Germany" } },
      carrierName: "Vodafone D2 GmbH",
    });
    expect(await life.refresh()).toBe("same");
  });
});

it("what a killed run bought in one account is not taken up in another, and still is in its own", async () => {
  const { control } = world.emulator;
  const second = { "proxies-sx:apiKey": control.keys.addKey(undefined, "second") };
  const inputs = { ...ARGS, __urn: life.urn, __provider: "text" };
  const killed = life.process();
  await killed.check({}, inputs);
  const { id } = await killed.create(inputs);

  const other = new Life<PortArgs>(port as never, world, life.urn);
  await other.up(ARGS, {}, other.process(second));
  expect(control.ports("second").map((one) => one.id)).toEqual([other.state.id]);
  world.lives.pop(); // it is of another stack
  await life.up(ARGS);
  expect([life.state.id, control.ports("main").length]).toEqual([id, 1]);
});
