import { type Declared, Project } from "./project";
import { equipped, fingerprint, login, port, rotation } from "./resources";

/** In which order resources that depend on each other are made, replaced and deleted is the engine's doing. */
jest.setTimeout(900_000);

let project: Project;
beforeAll(async () => {
  project = await Project.open();
});
afterAll(() => project.close());

const control = (): Project["emulator"]["control"] => project.emulator.control;
const up = async (...declared: Declared[]): Promise<Record<string, string>> => {
  project.declare(...declared);
  project.calls();
  return (await project.up()).steps;
};
const live = (): string[] =>
  control()
    .ports()
    .map(({ id }) => id);

describe("changes of one stack, in four runs", () => {
  const settingsOn = (name: string): Declared[] => [
    rotation("r", name, { intervalSeconds: 600, matchCarrier: true }),
    login("l", name, { proxyLogin: "team-b", proxyPassword: "another-password" }),
    fingerprint("f", name, { osFingerprint: "android:1" }),
  ];
  const put = {
    proxyLogin: "team-b",
    osFingerprint: "android:1",
    rotationSettings: { enabled: true, intervalSeconds: 600, matchCarrier: true },
  };
  const changed = (place: Record<string, unknown>, seconds: number, os: string, more = {}): Declared[] => [
    port("changes", place),
    rotation("changes-rotation", "changes", { intervalSeconds: seconds, ...more }),
    fingerprint("changes-os", "changes", { osFingerprint: os }),
  ];
  const movesTo = [port("from"), port("to")];
  const renamed = (name: string): Declared[] => [port("kept"), rotation(name, "kept", { intervalSeconds: 600 })];
  const inPlace = changed({ country: "GB" }, 900, "ios:2", { matchCity: true });
  const replaced = equipped("replaced", { slotType: "private" });

  const ids: Record<string, string> = {};
  let before: ReturnType<Project["emulator"]["control"]["port"]>;
  let steps: Record<string, string>;
  beforeAll(async () => {
    await up(
      ...changed({ carrier: "Vodafone" }, 1800, "ios:1"),
      ...equipped("replaced"),
      ...movesTo,
      ...renamed("old"),
    );
    for (const name of ["changes", "replaced", "from", "to", "kept"]) ids[name] = await project.id(name);
    before = control().port(ids.from ?? "");
    steps = await up(...inPlace, ...replaced, ...movesTo, ...settingsOn("from"), ...renamed("new"));
  });

  it("in place: place and settings", () => {
    expect(steps).toMatchObject({ changes: "update", "changes-rotation": "update", "changes-os": "update" });
    expect(control().port(ids.changes ?? "")).toMatchObject({
      device: { country: { code: "GB" } },
      osFingerprint: "ios:2",
      rotationSettings: { intervalSeconds: 900, matchCity: true },
    });
  });

  it("a Port that is replaced takes its settings along, and nothing is called on the dying port", async () => {
    const { replaced: old = "" } = ids;
    const names = ["", "-rotation", "-login", "-os"].map((part) => `replaced${part}`);
    expect(names.map((name) => steps[name])).toEqual(["replace", "replace", "replace", "replace"]);
    expect(project.writes().filter((call) => call.includes(old))).toEqual([`DELETE /v1/ports/${old}`]);
    const id = await project.id("replaced");
    const { changes = "", from = "", to = "", kept = "" } = ids;
    expect(live().sort()).toEqual([changes, id, from, to, kept].sort());
    expect(control().port(id)).toMatchObject({
      slotType: "private",
      proxyLogin: "team-a",
      osFingerprint: "windows:1",
    });
  });

  it("settings under a new name stay as they are", () => {
    expect(steps).toMatchObject({ old: "delete", new: "create" });
    expect(control().port(ids.kept ?? "")).toMatchObject({ rotationSettings: { enabled: true, intervalSeconds: 600 } });
  });

  it("settings that move to another port, or go alone, put back what was there; the terms of a lease are recorded", async () => {
    const { changes = "", from = "", to = "" } = ids;
    expect(control().port(from)).toMatchObject(put);
    const recorded = [
      port("changes", { country: "United Kingdom", expiresIn: "60d", renewBefore: "5d", onExpired: "keep" }),
      ...inPlace.slice(1),
    ];
    const others = [...recorded, ...replaced, ...movesTo, ...renamed("new")];
    const moved = await up(...others, ...settingsOn("to"));
    const { changes: lease, r, l, f, ...same } = moved;
    expect({ lease, r, l, f }).toEqual({ lease: "update", r: "replace", l: "replace", f: "replace" });
    expect(new Set(Object.values(same))).toEqual(new Set(["same"]));
    expect(project.writes().filter((call) => call.includes(changes))).toEqual([]);
    expect(await project.id("changes")).toBe(changes);
    expect(control().port(from)).toMatchObject({
      proxyLogin: before?.proxyLogin,
      proxyPassword: before?.proxyPassword,
      osFingerprint: before?.osFingerprint,
      rotationSettings: { enabled: false, matchCarrier: false },
    });
    expect(control().port(to)).toMatchObject(put);

    expect(await up(...others)).toMatchObject({ r: "delete", l: "delete", f: "delete", from: "same", to: "same" });
    expect(control().port(to)).toMatchObject({ osFingerprint: "", rotationSettings: { enabled: false } });
    await project.run("preview", "--refresh", "--expect-no-changes");
  });
});

describe("leases", () => {
  beforeAll(async () => {
    await project.close();
    const life = { expired: (30 * DAY) / 1_000 };
    project = await Project.open({ config: { slots: { shared: 10, private: 10 }, life } });
  });
  const DAY = 86_400_000;
  const [BUY, LEASE] = ["POST /v1/ports", { expiresIn: "10d", renewBefore: "2d" }];
  /** Private, so that it takes no slot of the other's. */
  const over = (onExpired: string): Declared =>
    port("over", { slotType: "private", expiresIn: "10d", renewBefore: 0, onExpired });
  const program = (onExpired = "keep"): Declared[] => [...equipped("a", LEASE), over(onExpired)];
  const elapse = (days: number): unknown => control().clock.advance(days * DAY + 2_000);
  const shared = (): string[] => live().filter((id) => control().port(id)?.slotType === "shared");

  async function expectRenewal(order: (old: string) => string[]): Promise<void> {
    const [id, old] = [await project.id("a"), await project.portId("a")];
    elapse(1);
    expect(await up(...program())).toMatchObject({ a: "update", "a-login": "update", over: "same" });
    expect(await project.id("a")).toBe(id);
    const calls = project.writes().filter((call) => /^(POST|DELETE)/.test(call) || call.includes(old));
    expect(calls).toEqual(order(old));
    expect(control().port(await project.portId("a"))).toMatchObject({
      proxyLogin: "team-a",
      rotationSettings: { intervalSeconds: 1800 },
    });
  }

  it("that are due are renewed: new before old where a slot is free", async () => {
    await up(...program());
    elapse(7);
    const old = await project.portId("a");
    await expectRenewal(() => [BUY]);
    expect(shared().sort()).toEqual([await project.portId("a"), old].sort());
    expect(await up(...program())).toMatchObject({ a: "update" });
    expect(shared()).toEqual([await project.portId("a")]);
    elapse(7);
    await project.run("preview", "--expect-no-changes");
  });

  it("old first where none is", async () => {
    control().configure({ slots: { shared: 1 } });
    await expectRenewal((old) => [`DELETE /v1/ports/${old}`, BUY]);
    expect(shared()).toEqual([await project.portId("a")]);
  });

  it("that are over: kept, reported, or renewed", async () => {
    const old = await project.id("over");
    expect(control().port(old)?.status).toBe("expired");
    project.declare(...program("fail"));
    const failed = await project.tryRun("preview");
    expect(failed.code).not.toBe(0);
    expect(failed.output).toMatch(/port [0-9a-f]{24} expired at .*onExpired is "fail"\. Set onExpired to "replace"/);
    expect(failed.output).not.toMatch(/\n\s+at /);

    const { over: renewed, ...others } = await up(...program("replace"));
    expect([renewed, ...Object.values(others)]).toEqual(["update", "same", "same", "same", "same"]);
    expect(await project.id("over")).toBe(old);
    expect(live().sort()).toEqual([await project.portId("over"), await project.portId("a")].sort());
    expect(live()).not.toContain(old);
  });
});
