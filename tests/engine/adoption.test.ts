import { type Declared, Project } from "./project";
import { port, rotation } from "./resources";

/** The engine passes the option `import` and `Port.get` on in its own ways. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(() => project.close());

it("the option import takes a port under management, changes nothing, and may go afterwards", async () => {
  const { id } = project.emulator.control.buyPort({ country: "DE", carrier: "Vodafone" });
  project.declare(port("a", { carrier: "Vodafone" }, { import: id }));
  expect((await project.up()).steps).toEqual({ a: "create" });
  expect(await project.id("a")).toBe(id);
  expect(project.writes()).toEqual([]);

  project.declare(port("a", { carrier: "Vodafone" }));
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");

  project.declare(port("a", { carrier: "O2" }));
  expect((await project.up()).steps).toEqual({ a: "update" });
  expect(project.emulator.control.ports().map((one) => one.id)).toEqual([id]);

  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports()).toEqual([]);
});

it("a renewal of an imported port buys, also while the option is still there", async () => {
  const { id } = project.emulator.control.buyPort({ country: "DE" });
  project.declare(port("a", {}, { import: id }));
  await project.up();
  project.declare(port("a", { slotType: "private" }, { import: id }));
  expect((await project.up()).steps).toEqual({ a: "replace" });
  expect(await project.id("a")).not.toBe(id);
  expect(project.emulator.control.ports().map((one) => one.id)).toEqual([await project.id("a")]);
});

it("Port.get reads a port that is managed elsewhere, and leaves it alone", async () => {
  const bought = project.emulator.control.buyPort({ country: "GB" });
  const existing: Declared & { get: string } = { type: "Port", name: "existing", args: {}, get: bought.id };
  project.declare(existing, rotation("r", "existing", { intervalSeconds: 600 }));
  await project.up();
  const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
  expect(httpUrls.existing).toBe(
    `http://${bought.proxyLogin}:${bought.proxyPassword}@${bought.serverIp}:${bought.httpPort}`,
  );
  expect(project.emulator.control.port(bought.id)).toMatchObject({
    rotationSettings: { enabled: true, intervalSeconds: 600 },
  });
  await project.run("preview", "--expect-no-changes");
  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.port(bought.id)).toMatchObject({ rotationSettings: { enabled: false } });
});
