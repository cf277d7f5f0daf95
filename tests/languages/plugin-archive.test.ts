import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { openYamlProject } from "./yaml-project";

/** The plugin as a user installs it, by archives that `pulumi plugin install` takes, for a program without Node. */
jest.setTimeout(900_000);

const { version } = jest.requireActual<{ version: string }>("../../package.json");
const folder = mkdtempSync(join(tmpdir(), "proxies-sx-archives-"));
beforeAll(() => {
  execFileSync(process.execPath, [join(__dirname, "../../scripts/archive.mjs"), folder], { stdio: "pipe" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = {
  resources: { a: { type: "proxies-sx:index:Port", properties: { country: "DE", expiresIn: "30d" } } },
  outputs: { status: "${a.status}" },
};

it.each<[string, RegExp, boolean]>([
  ["one executable, where there is no Node", /-(linux|darwin)-(amd64|arm64)\.tar\.gz$/, false],
  ["one file, with the user's Node", /-node\.tar\.gz$/, true],
])("%s", async (_what, name, hasNode) => {
  const archive = readdirSync(folder).find((file) => name.test(file)) ?? "";
  const { project } = await openYamlProject(PROGRAM, "installed");
  const home = join(project.folder, "own-home");
  const { env } = project;
  try {
    const node = hasNode ? [join(process.execPath, "..")] : [];
    const found = (env.PATH ?? "").split(delimiter).filter((one) => !readsNode(one));
    Object.assign(env, { PULUMI_HOME: home, PATH: [...found, ...node].join(delimiter) });
    const install = ["plugin", "install", "resource", "proxies-sx", `v${version}`, "--file", join(folder, archive)];
    execFileSync("pulumi", install, { cwd: project.program, env, stdio: "pipe" });
    expect((await project.up()).steps).toEqual({ a: "create" });
    expect(await project.outputs()).toEqual({ status: "active" });
    await project.run("destroy", "--skip-preview");
    expect(project.emulator.control.ports()).toEqual([]);
  } finally {
    await project.close();
  }
});

/** Whether a folder of the PATH has Node. */
function readsNode(one: string): boolean {
  try {
    return readdirSync(one).includes("node");
  } catch {
    return false;
  }
}
