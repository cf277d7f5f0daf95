import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Project } from "../engine/project";
import { install, outside, pack, packNext, PULUMI } from "./npm";
import { WITH_REQUIRE } from "./programs";
import { openUserProject } from "./user-project";

/** A state that one version of the package made, in the hands of the next. */
jest.setTimeout(900_000);

const folder = outside();
let tarball: string;
let project: Project;
beforeAll(async () => {
  tarball = await pack(folder);
  project = await openUserProject({ files: { "package.json": '{ "main": "index.js" }\n', "index.js": WITH_REQUIRE } });
  await install(project.program, tarball, PULUMI);
});
afterAll(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

const installedVersion = (): string => {
  const path = join(project.program, "node_modules/pulumi-proxies-sx/package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
};

/** What the state says of the resources, in clear and in order, but for the times of its own writing. */
async function resources(): Promise<unknown> {
  const { output } = await project.pulumi(["stack", "export", "--show-secrets"]);
  const { deployment } = JSON.parse(output) as { deployment: { resources: { urn: string }[] } };
  return deployment.resources
    .map((resource) => ({ ...resource, created: undefined, modified: undefined }))
    .sort((one, other) => one.urn.localeCompare(other.urn));
}

let before: unknown;

it("the first version makes all", async () => {
  await project.up();
  before = await resources();
  expect(before).toHaveLength(5);
  project.calls();
});

it("the next version is installed over it", async () => {
  const was = installedVersion();
  mkdirSync(join(folder, "next"));
  await install(project.program, await packNext(tarball, join(folder, "next")));
  expect(installedVersion()).not.toBe(was);
});

it("up, refresh and both in one find nothing to do, and leave the state as it was", async () => {
  await project.up("--expect-no-changes");
  await project.refresh("--expect-no-changes");
  await project.up("--refresh", "--expect-no-changes");
  expect(project.writes()).toEqual([]);
  expect(await resources()).toEqual(before);
});

it("destroy leaves nothing", async () => {
  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports()).toEqual([]);
});
