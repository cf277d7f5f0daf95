import { Project } from "./project";
import { login, port } from "./resources";

/** What a run says of the program and its stack, on the real engine. */
jest.setTimeout(900_000);

let project: Project;
beforeAll(async () => {
  project = await Project.open();
  project.ownProcess = true;
});
afterAll(() => project.close());

it("two Credentials of one Port are refused by the first preview", async () => {
  const credentials = { proxyLogin: "a", proxyPassword: "canary" };
  project.declare(port("a"), login("x", "a", credentials), login("y", "a", credentials));
  const { code, output } = await project.tryRun("preview");
  expect(code).not.toBe(0);
  expect(output).toContain('error: Credentials "y": port: "x" is Credentials of the same port: keep one.');
  expect(output).not.toMatch(/\n\s+at |canary/);
});

it("a key in plain text is reported with the command that corrects it, and that command does", async () => {
  const { apiKey } = project.emulator;
  const held = async (): Promise<boolean> => JSON.stringify(await project.state()).includes(apiKey);
  project.declare(port("a", { onExpired: "fail" }));
  await project.pulumi(["config", "set", "--plaintext", "proxies-sx:apiKey", "--", apiKey]);
  const { output } = await project.up();
  expect(output.split("Diagnostics:")[1]?.match(/warning: .*/g)).toEqual([
    expect.stringMatching(/^warning: proxies-sx:apiKey is no secret .*`pulumi config set --secret proxies-sx:apiKey`/),
  ]);
  expect(output).not.toContain(apiKey);
  expect(await held()).toBe(true);

  await project.pulumi(["config", "set", "--secret", "proxies-sx:apiKey", "--", apiKey]);
  expect((await project.up()).output).not.toContain("warning");
  expect(await held()).toBe(false);
});

it("what the provider says below flags reaches the resource's row, and what it fails with is said once", async () => {
  for (const { id } of project.emulator.control.ports()) project.emulator.control.removePort(id);
  await project.refresh();
  const { output } = await project.tryRun("preview", "--logflow", "-v=1");
  const diagnostics = output.split("Diagnostics:")[1] ?? "";
  expect(diagnostics.match(/is gone and onExpired is "fail"/g)).toHaveLength(1);

  project.declare(port("a", { onExpired: "replace" }));
  const replacing = await project.tryRun("preview", "--logflow", "-v=1");
  const [, row = ""] = /Port \(a\):\n([\s\S]*?)(\n\n|$)/.exec(replacing.output.split("Diagnostics:")[1] ?? "") ?? [];
  expect(row).toMatch(/is gone: renewed/);
});
