import { type Declared, Project } from "./project";
import { port, rotation } from "./resources";

/** The engine passes the option `import` and `Port.get` on in its own ways. */
jest.setTimeout(900_000);

let project: Project;
beforeAll(async () => {
  project = await Project.open();
});
afterAll(() => project.close());

it("ports are imported, renewed, changed and read: nothing else happens to them", async () => {
  const { control } = project.emulator;
  const { id } = control.buyPort({ country: "DE", carrier: "Vodafone" });
  const { id: old } = control.buyPort({ country: "DE" });
  const elsewhere = control.buyPort({ country: "GB" });
  const read: Declared & { get: string } = { type: "Port", name: "existing", args: {}, get: elsewhere.id };
  const others = [read, rotation("r", "existing", { intervalSeconds: 600 })];
  const renews = (args = {}): Declared => port("renews", args, { import: old });
  const live = (): string[] =>
    control
      .ports()
      .map((one) => one.id)
      .sort();

  // The option import takes a port under management. Port.get reads one that is managed elsewhere.
  project.declare(port("a", { carrier: "Vodafone" }, { import: id }), renews(), ...others);
  expect((await project.up()).steps).toMatchObject({ a: "create", renews: "create" });
  expect([await project.id("a"), await project.id("renews")]).toEqual([id, old]);
  expect(project.writes()).toEqual([`PATCH /v1/ports/${elsewhere.id}/rotation-settings`]);
  const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
  const { proxyLogin, proxyPassword, serverIp, httpPort } = elsewhere;
  expect(httpUrls.existing).toBe(`http://${proxyLogin}:${proxyPassword}@${serverIp}:${httpPort}`);
  expect(control.port(elsewhere.id)).toMatchObject({ rotationSettings: { enabled: true, intervalSeconds: 600 } });

  // The option may go afterwards. A renewal buys, also while it is still there.
  project.declare(port("a", { carrier: "Vodafone" }), renews({ slotType: "private" }), ...others);
  expect((await project.up()).steps).toMatchObject({ a: "same", renews: "replace", r: "same" });
  const renewed = await project.id("renews");
  expect(renewed).not.toBe(old);
  expect(live()).toEqual([id, renewed, elsewhere.id].sort());
  await project.run("preview", "--refresh", "--expect-no-changes");

  project.declare(port("a", { carrier: "O2" }), renews({ slotType: "private" }), ...others);
  expect((await project.up()).steps).toMatchObject({ a: "update", renews: "same" });
  expect(live()).toEqual([id, renewed, elsewhere.id].sort());

  await project.run("destroy", "--skip-preview");
  expect(live()).toEqual([elsewhere.id]);
  expect(control.port(elsewhere.id)).toMatchObject({ rotationSettings: { enabled: false } });
});
