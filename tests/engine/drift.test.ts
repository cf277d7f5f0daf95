import { Project } from "./project";
import { equipped, port, rotation } from "./resources";

/** What a refresh shows, and what `up --refresh` repairs, is the engine's doing. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(() => project.close());

it("drift of each resource is shown by a refresh and repaired by one `up --refresh`", async () => {
  project.declare(...equipped("a", { carrier: "Vodafone" }));
  await project.up();
  const id = await project.id("a");
  project.emulator.control.editPort(id, {
    country: "GB",
    proxyPassword: "changed-by-hand",
    osFingerprint: "android:1",
    rotationSettings: { enabled: false, intervalSeconds: 3600, matchCarrier: false },
  });

  const seen = await project.run("refresh", "--preview-only", "--diff");
  expect(seen.output).toMatch(/country\s*: "DE" => "GB"/);
  expect(seen.output).toMatch(/intervalSeconds\s*: 1800 => 3600/);
  expect(seen.output).toMatch(/osFingerprint\s*: "windows:1" => "android:1"/);
  expect(seen.output).not.toContain("changed-by-hand");

  const { steps } = await project.up("--refresh");
  expect(steps).toEqual({ a: "update", "a-rotation": "update", "a-login": "update", "a-os": "update" });
  expect(project.emulator.control.port(id)).toMatchObject({
    device: { country: { code: "DE" }, carrier: { brand: "Vodafone" } },
    proxyLogin: "team-a",
    proxyPassword: "a-password-of-tests",
    osFingerprint: "windows:1",
    rotationSettings: { enabled: true, intervalSeconds: 1800, matchCarrier: true },
  });
  await project.run("preview", "--refresh", "--expect-no-changes");
});

it("a port that was deleted by hand is bought anew with its settings, by one `up --refresh`", async () => {
  project.declare(...equipped("a"), port("b"));
  await project.up();
  const old = await project.id("a");
  project.emulator.control.removePort(old);

  const { steps } = await project.up("--refresh");
  expect(steps).toMatchObject({ a: "update", b: "same" });
  expect(await project.id("a")).toBe(old);
  const id = await project.portId("a");
  expect(id).not.toBe(old);
  expect(project.emulator.control.ports()).toHaveLength(2);
  expect(project.emulator.control.port(id)).toMatchObject({
    proxyLogin: "team-a",
    osFingerprint: "windows:1",
    rotationSettings: { enabled: true },
  });
  await project.run("preview", "--refresh", "--expect-no-changes");
  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports()).toEqual([]);
});

it("rotation that changes name, device and address is no drift", async () => {
  project.declare(port("a", { carrier: "Vodafone" }), rotation("r", "a", { intervalSeconds: 300 }));
  await project.up();
  const before = project.emulator.control.port(await project.id("a"));
  project.emulator.control.clock.advance("1d");
  await project.refresh("--expect-no-changes");
  const after = project.emulator.control.port(await project.id("a"));
  expect(after?.name).not.toBe(before?.name);
});

it("a refresh of many ports with their settings takes one list per 100 ports", async () => {
  await project.close();
  project = await Project.open({
    config: { slots: { shared: 300, private: 0 }, devicesPerCarrier: { shared: 200, private: 0 } },
  });
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
  project.declare(...names.flatMap((name) => equipped(name)));
  await project.up();
  for (let others = 0; others < 190; others += 1) project.emulator.control.buyPort({ country: "DE" });
  project.calls();
  await project.refresh("--expect-no-changes");
  expect(project.calls().length).toBeLessThanOrEqual(3 + 2);
});

it("a word of the vendor's that no source knows is passed on with one warning", async () => {
  project.declare(port("a"), port("b"));
  await project.up();
  for (const { id } of project.emulator.control.ports())
    project.emulator.control.editPort(id, { status: "hibernating" });
  const { output } = await project.refresh();
  expect(output.split("Diagnostics:")[1]?.match(/warning: .*hibernating/g)).toHaveLength(1);
});
