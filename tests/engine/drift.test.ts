import { Project } from "./project";
import { equipped, port, rotation } from "./resources";

/** What a refresh shows, and what `up --refresh` repairs, is the engine's doing. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open({
    config: { slots: { shared: 300, private: 0 }, devicesPerCarrier: { shared: 200, private: 0 } },
  });
});
afterEach(() => project.close());

it("drift is shown by a refresh and repaired by one `up --refresh`; rotation is none, and new words are passed on", async () => {
  const { control } = project.emulator;
  project.declare(
    ...equipped("drifts", { carrier: "Vodafone" }),
    ...equipped("goes"),
    port("rotates", { carrier: "Vodafone" }),
    rotation("r", "rotates", { intervalSeconds: 300 }),
  );
  await project.up();
  const [id, old, rotating] = [await project.id("drifts"), await project.id("goes"), await project.id("rotates")];
  control.editPort(id, {
    country: "GB",
    proxyPassword: "changed-by-hand",
    osFingerprint: "android:1",
    rotationSettings: { enabled: false, intervalSeconds: 3600, matchCarrier: false },
  });
  const before = control.port(rotating);
  control.clock.advance("1d");
  const seen = await project.run("refresh", "--preview-only", "--diff");
  expect(seen.output).toMatch(/country\s*: "DE" => "GB"/);
  expect(seen.output).toMatch(/intervalSeconds\s*: 1800 => 3600/);
  expect(seen.output).toMatch(/osFingerprint\s*: "windows:1" => "android:1"/);
  expect(seen.output).not.toContain("changed-by-hand");

  // A port that was deleted by hand is bought anew with its settings.
  control.removePort(old);
  const { steps } = await project.up("--refresh");
  const parts = ["", "-rotation", "-login", "-os"];
  const updated = ["drifts", "goes"].flatMap((name) => parts.map((part) => [name + part, "update"]));
  // One that rotates has another name, device and address.
  expect(steps).toEqual({ ...Object.fromEntries(updated), rotates: "same", r: "same" });
  expect(control.port(rotating)?.name).not.toBe(before?.name);
  expect(control.port(id)).toMatchObject({
    device: { country: { code: "DE" }, carrier: { brand: "Vodafone" } },
    proxyLogin: "team-a",
    proxyPassword: "a-password-of-tests",
    osFingerprint: "windows:1",
    rotationSettings: { enabled: true, intervalSeconds: 1800, matchCarrier: true },
  });
  expect(await project.id("goes")).toBe(old);
  const anew = await project.portId("goes");
  expect(anew).not.toBe(old);
  expect(control.ports()).toHaveLength(3);
  expect(control.port(anew)).toMatchObject({
    proxyLogin: "team-a",
    osFingerprint: "windows:1",
    rotationSettings: { enabled: true },
  });
  await project.run("preview", "--refresh", "--expect-no-changes");

  // A word of the vendor's that no source knows: one warning.
  for (const each of control.ports()) control.editPort(each.id, { status: "hibernating" });
  const { output } = await project.refresh();
  expect(output.split("Diagnostics:")[1]?.match(/warning: .*hibernating/g)).toHaveLength(1);
});

it("a refresh of many ports with their settings takes one list per 100 ports", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
  project.declare(...names.flatMap((name) => equipped(name)));
  await project.up();
  for (let others = 0; others < 190; others += 1) project.emulator.control.buyPort({ country: "DE" });
  project.calls();
  await project.refresh("--expect-no-changes");
  expect(project.calls().length).toBeLessThanOrEqual(3 + 2);
});
