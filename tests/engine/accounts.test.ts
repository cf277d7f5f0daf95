import { type Host } from "../../domain/kinds";
import { startEmulator } from "../../emulator";
import { useHost } from "./hosts";
import { type Declared, Project } from "./project";
import { fleet, port, rotation } from "./resources";

/** Each account has a provider of its own, and the engine knows which resource is whose. */
jest.setTimeout(900_000);

it("two accounts in one program: each resource lives in the account of its provider", async () => {
  const project = await Project.open();
  const other = await startEmulator({ seed: 7 });
  try {
    project.declare(
      { type: "Account", name: "second", args: { apiKey: other.apiKey, apiUrl: other.url } },
      port("first"),
      port("elsewhere", { country: "GB" }, { provider: "second" }),
      { ...rotation("r", "elsewhere", { intervalSeconds: 900 }), options: { provider: "second" } },
    );
    await project.up();
    expect(project.emulator.control.ports().map(({ id }) => id)).toEqual([await project.id("first")]);
    expect(other.control.ports().map(({ id }) => id)).toEqual([await project.id("elsewhere")]);
    expect(other.control.port(await project.id("elsewhere"))).toMatchObject({
      rotationSettings: { enabled: true, intervalSeconds: 900 },
    });
    await project.run("preview", "--refresh", "--expect-no-changes");
    await project.run("destroy", "--skip-preview");
    expect([project.emulator.control.ports(), other.control.ports()]).toEqual([[], []]);
  } finally {
    await other.close();
    await project.close();
  }
});

it.each<Host>(["dynamic", "plugin"])(
  "a key of another account stops each run, and the right one goes on (%s)",
  async (host) => {
    const project = await Project.open();
    try {
      useHost(project, host);
      const { control, apiKey } = project.emulator;
      const other = control.keys.addKey(undefined, "other");
      const { id: outside } = control.buyPort();
      const settings: Declared = { type: "RotationSettings", name: "s", args: { port: outside, intervalSeconds: 900 } };
      const declare = (...more: Declared[]): void =>
        project.declare(fleet("f"), port("p"), rotation("r", "p", { intervalSeconds: 900 }), settings, ...more);
      declare();
      await project.up();
      const before = control.ports().map(({ id }) => id);
      const stops = async (...args: string[]): Promise<void> => {
        const { code, output } = await project.tryRun(...args);
        expect(output).toMatch(/is in another account than that of this key/);
        expect([args, code]).not.toEqual([args, 0]);
        expect(control.ports().map(({ id }) => id)).toEqual(before);
      };
      project.useKey(other);
      // A refresh alone goes by the key of the last run.
      await stops("preview");
      await stops("preview", "--refresh");
      await stops("up", "--skip-preview");
      await stops("refresh", "--skip-preview", "--run-program");
      await stops("destroy", "--skip-preview", "--run-program");
      expect(await project.id("s")).toBe(outside);
      declare(port("q"));
      await stops("up", "--skip-preview");
      control.clock.advance("28d");
      await stops("up", "--skip-preview");
      project.useKey(apiKey);
      await project.up();
      expect([control.purchases().length, control.ports().length]).toEqual([8, 8]);
      await project.run("preview", "--refresh");
      await project.run("destroy", "--skip-preview");
      expect(control.ports()).toMatchObject([{ id: outside, rotationSettings: { enabled: false } }]);
    } finally {
      await project.close();
    }
  },
);

it.each<Host>(["dynamic", "plugin"])(
  "ports that a refresh took for gone, of a fleet and protected, are taken back and not bought again (%s)",
  async (host) => {
    const project = await Project.open();
    try {
      useHost(project, host);
      const { control, apiKey } = project.emulator;
      project.declare(fleet("f"), port("p", {}, { protect: true }), rotation("r", "p", { intervalSeconds: 900 }));
      await project.up();
      const before = control.ports().map(({ id }) => id);
      // Whose this key is, the vendor does not say to it.
      project.useKey(control.keys.addKey(["ports:read", "ports:write"], "other"));
      await project.run("refresh", "--skip-preview", "--run-program");
      project.useKey(apiKey);
      await project.up("--target", "**::p");
      await project.up();
      expect([control.purchases().length, control.ports().map(({ id }) => id)]).toEqual([3, before]);
      await project.run("preview", "--refresh", "--expect-no-changes");
    } finally {
      await project.close();
    }
  },
);
