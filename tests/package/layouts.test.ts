import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Project } from "../engine/project";
import { install, outside, pack, PULUMI, SDK_VERSION } from "./npm";
import { WITH_IMPORT, WITH_REQUIRE } from "./programs";
import { itLives, openUserProject } from "./user-project";

/** Programs in JavaScript, in each place where the package may be installed. */
jest.setTimeout(900_000);

const folder = outside();
const modules = join(folder, "node_modules");
let tarball: string;
let project: Project;
beforeAll(async () => {
  tarball = await pack(folder);
  await install(folder, tarball, PULUMI);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an ES module", () => {
  beforeAll(async () => {
    const files = { "package.json": '{ "type": "module", "main": "index.js" }\n', "index.js": WITH_IMPORT };
    project = await openUserProject({ files, modules });
  });
  afterAll(() => project.close());

  itLives(() => project);
});

describe("a program in a sub-folder, by `main` of Pulumi.yaml", () => {
  beforeAll(async () => {
    const files = {
      "package.json": "{}\n",
      "Pulumi.yaml": "name: test\nruntime: nodejs\nmain: src/\n",
      "src/index.js": WITH_REQUIRE,
    };
    project = await openUserProject({ files, modules });
  });
  afterAll(() => project.close());

  itLives(() => project, true);
});

describe("an npm workspace, all packages in the folder above", () => {
  beforeAll(async () => {
    const dependencies = { "@pulumi/pulumi": SDK_VERSION, "pulumi-proxies-sx": `file:${tarball}` };
    const files = {
      "package.json": JSON.stringify({ name: "infra", version: "1.0.0", main: "index.js", dependencies }),
      "index.js": WITH_REQUIRE,
    };
    project = await openUserProject({ files, modules, workspace: true });
    await install(project.folder);
  });
  afterAll(() => project.close());

  it("npm sees it as one", () => {
    expect(readFileSync(join(project.folder, "package-lock.json"), "utf8")).toContain('"node_modules/infra"');
  });
  itLives(() => project, true);
});
