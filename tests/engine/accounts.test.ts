import { startEmulator } from "../../emulator";
import { Project } from "./project";
import { port, rotation } from "./resources";

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
