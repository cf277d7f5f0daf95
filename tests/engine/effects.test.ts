import { type Declared, Project } from "./project";
import { equipped, fingerprint, login, port, rotation } from "./resources";

/** In which order resources that depend on each other are made, replaced and deleted is the engine's doing. */
jest.setTimeout(900_000);

const DAY = 86_400_000;
let project: Project;
afterEach(() => project.close());

const open = async (shared = 10): Promise<void> => {
  project = await Project.open({ config: { slots: { shared, private: 10 } } });
};
const up = async (...declared: Declared[]): Promise<Record<string, string>> => {
  project.declare(...declared);
  project.calls();
  return (await project.up()).steps;
};
const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);

it("changes in place: place, settings; recorded: the terms of the lease", async () => {
  await open();
  await up(
    port("a", { carrier: "Vodafone" }),
    rotation("r", "a", { intervalSeconds: 1800 }),
    fingerprint("f", "a", { osFingerprint: "ios:1" }),
  );
  const id = await project.id("a");

  const changed = [
    port("a", { country: "GB" }),
    rotation("r", "a", { intervalSeconds: 900, matchCity: true }),
    fingerprint("f", "a", { osFingerprint: "ios:2" }),
  ];
  expect(await up(...changed)).toEqual({ a: "update", r: "update", f: "update" });
  expect(project.emulator.control.port(id)).toMatchObject({
    device: { country: { code: "GB" } },
    osFingerprint: "ios:2",
    rotationSettings: { intervalSeconds: 900, matchCity: true },
  });

  const recorded = port("a", { country: "United Kingdom", expiresIn: "60d", renewBefore: "5d", onExpired: "keep" });
  expect(await up(recorded, ...changed.slice(1))).toMatchObject({ a: "update", r: "same", f: "same" });
  expect(project.writes()).toEqual([]);
  expect(await project.id("a")).toBe(id);
  await project.run("preview", "--expect-no-changes");
});

it("a Port that is replaced takes its settings along, and nothing is called on the dying port", async () => {
  await open();
  await up(...equipped("a"));
  const old = await project.id("a");

  const steps = await up(...equipped("a", { slotType: "private" }));
  expect(steps).toEqual({ a: "replace", "a-rotation": "replace", "a-login": "replace", "a-os": "replace" });
  expect(project.writes().filter((call) => call.includes(old))).toEqual([`DELETE /v1/ports/${old}`]);
  const id = await project.id("a");
  expect(live()).toEqual([id]);
  expect(project.emulator.control.port(id)).toMatchObject({
    slotType: "private",
    proxyLogin: "team-a",
    osFingerprint: "windows:1",
  });
  await project.run("preview", "--expect-no-changes");
});

it.each([
  [10, "new before old where a slot is free"],
  [1, "old first where none is"],
])("a lease that is due is renewed (%p slots: %s)", async (slots) => {
  await open(slots);
  await up(...equipped("a", { expiresIn: "10d", renewBefore: "2d" }));
  const old = await project.id("a");
  project.emulator.control.clock.advance(7 * DAY);
  await project.run("preview", "--expect-no-changes");

  project.emulator.control.clock.advance(1 * DAY + 2_000);
  expect(await up(...equipped("a", { expiresIn: "10d", renewBefore: "2d" }))).toMatchObject({
    a: "update",
    "a-login": "update",
  });
  expect(await project.id("a")).toBe(old);
  const id = await project.portId("a");
  const buysAndReleases = project.writes().filter((call) => /^(POST|DELETE)/.test(call) || call.includes(old));
  const [buy, release] = ["POST /v1/ports", `DELETE /v1/ports/${old}`];
  expect(buysAndReleases).toEqual(slots > 1 ? [buy] : [release, buy]);
  expect(live().sort()).toEqual((slots > 1 ? [id, old] : [id]).sort());
  expect(project.emulator.control.port(id)).toMatchObject({
    proxyLogin: "team-a",
    rotationSettings: { intervalSeconds: 1800 },
  });
  if (slots > 1) {
    expect(await up(...equipped("a", { expiresIn: "10d", renewBefore: "2d" }))).toMatchObject({ a: "update" });
    expect(live()).toEqual([id]);
  }
  await project.run("preview", "--expect-no-changes");
});

it("a lease that is over: kept, reported, or renewed", async () => {
  await open();
  const lease = (onExpired: string): Declared => port("a", { expiresIn: "10d", renewBefore: 0, onExpired });
  await up(lease("keep"));
  const old = await project.id("a");
  project.emulator.control.clock.advance(10 * DAY + 2_000);
  expect(await up(lease("keep"))).toEqual({ a: "same" });

  project.declare(lease("fail"));
  const failed = await project.tryRun("preview");
  expect(failed.code).not.toBe(0);
  expect(failed.output).toMatch(/port [0-9a-f]{24} expired at .*onExpired is "fail"\. Set onExpired to "replace"/);
  expect(failed.output).not.toMatch(/\n\s+at /);

  expect(await up(lease("replace"))).toEqual({ a: "update" });
  expect(await project.id("a")).toBe(old);
  expect(live()).toEqual([await project.portId("a")]);
  expect(live()).not.toContain(old);
});

it("settings that move to another port, or go alone, put back what was there", async () => {
  await open();
  const ports = [port("a"), port("b")];
  await up(...ports);
  const [a, b] = [await project.id("a"), await project.id("b")];
  const before = project.emulator.control.port(a);
  const on = (name: string): Declared[] => [
    rotation("r", name, { intervalSeconds: 600, matchCarrier: true }),
    login("l", name, { proxyLogin: "team-b", proxyPassword: "another-password" }),
    fingerprint("f", name, { osFingerprint: "android:1" }),
  ];
  const put = {
    proxyLogin: "team-b",
    osFingerprint: "android:1",
    rotationSettings: { enabled: true, intervalSeconds: 600, matchCarrier: true },
  };
  const original = {
    proxyLogin: before?.proxyLogin,
    proxyPassword: before?.proxyPassword,
    osFingerprint: before?.osFingerprint,
    rotationSettings: { enabled: false, matchCarrier: false },
  };
  await up(...ports, ...on("a"));
  expect(project.emulator.control.port(a)).toMatchObject(put);

  expect(await up(...ports, ...on("b"))).toMatchObject({
    r: "replace",
    l: "replace",
    f: "replace",
    a: "same",
    b: "same",
  });
  expect(project.emulator.control.port(a)).toMatchObject(original);
  expect(project.emulator.control.port(b)).toMatchObject(put);

  expect(await up(...ports)).toMatchObject({ r: "delete", l: "delete", f: "delete", a: "same", b: "same" });
  expect(project.emulator.control.port(b)).toMatchObject({ osFingerprint: "", rotationSettings: { enabled: false } });
  await project.refresh("--expect-no-changes");
});

it("settings under a new name stay as they are", async () => {
  await open();
  await up(port("a"), rotation("old", "a", { intervalSeconds: 600 }));
  expect(await up(port("a"), rotation("new", "a", { intervalSeconds: 600 }))).toMatchObject({
    old: "delete",
    new: "create",
  });
  expect(project.emulator.control.port(await project.id("a"))).toMatchObject({
    rotationSettings: { enabled: true, intervalSeconds: 600 },
  });
});
