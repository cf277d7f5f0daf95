import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Declared, Project } from "./project";
import { login, port } from "./resources";

jest.setTimeout(900_000);

const PASSWORD = "canary-password-0";

let project: Project;
beforeAll(async () => {
  project = await Project.open();
  project.ownProcess = true;
});
afterAll(() => project.close());

const declared: Declared[] = [];
/** Each run makes a port and its login, beside those of the runs before. */
function declareAnother(): string {
  const name = `port-${declared.length}`;
  declared.push(port(name), login(`${name}-login`, name, { proxyLogin: "team-a", proxyPassword: PASSWORD }));
  project.declare(...declared);
  return name;
}

/** What docs/security.md warns of is Pulumi's own. If one of these changes, the page is to be changed. */
it.each<[string, string[], { key: boolean; passwords: boolean }]>([
  ["none", [], { key: false, passwords: false }],
  ["--debug", ["--debug"], { key: false, passwords: true }],
  ["-v=8", ["--logtostderr", "--logflow", "-v=8"], { key: false, passwords: true }],
  ["-v=9", ["--logtostderr", "--logflow", "-v=9"], { key: true, passwords: true }],
])("what the engine logs with %s", async (_level, flags, told) => {
  declareAnother();
  const { output } = await project.run("up", "--skip-preview", ...flags);
  expect({ key: output.includes(project.emulator.apiKey), passwords: output.includes(PASSWORD) }).toEqual(told);
});

it("PULUMI_DEBUG_GRPC writes the key and passwords in clear, in a file for this user only", async () => {
  const file = join(project.folder, "grpc.json");
  const name = declareAnother();
  project.env.PULUMI_DEBUG_GRPC = file;
  await project.run("up", "--skip-preview");
  delete project.env.PULUMI_DEBUG_GRPC;
  const bought = project.emulator.control.port(await project.id(name));
  const text = readFileSync(file, "utf8");
  for (const secret of [project.emulator.apiKey, PASSWORD, bought?.rotationToken]) expect(text).toContain(secret);
  expect(statSync(file).mode & 0o077).toBe(0);
});
