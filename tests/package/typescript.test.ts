import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Project } from "../engine/project";
import { install, outside, pack, PULUMI, run, TYPESCRIPT } from "./npm";
import { OLDER_TSCONFIG, WITH_IMPORT, WITH_NAMED_IMPORTS, WITH_TYPES } from "./programs";
import { itLives, type Layout, openUserProject } from "./user-project";

/** Programs in TypeScript, in each way that Pulumi runs them. */
jest.setTimeout(900_000);

const folder = outside();
const modules = join(folder, "node_modules");
beforeAll(async () => install(folder, await pack(folder), PULUMI, ...TYPESCRIPT));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAIN = '{ "main": "index.ts" }\n';

const WAYS: [name: string, Layout][] = [
  [
    "by the engine's defaults: nodenext, without a tsconfig.json",
    { files: { "package.json": MAIN, "index.ts": WITH_TYPES }, without: ["ts-node"] },
  ],
  [
    "by the older template: node10",
    { files: { "package.json": MAIN, "index.ts": WITH_TYPES, "tsconfig.json": OLDER_TSCONFIG }, without: ["ts-node"] },
  ],
  [
    "by the TypeScript 3.8 that the engine's SDK brings along",
    { files: { "package.json": MAIN, "index.ts": WITH_IMPORT }, without: ["ts-node", "typescript"] },
  ],
  [
    "as ES modules",
    { files: { "package.json": '{ "type": "module", "main": "index.ts" }\n', "index.ts": WITH_NAMED_IMPORTS } },
  ],
];

describe.each(WAYS)("%s", (_, layout) => {
  let project: Project;
  beforeAll(async () => {
    project = await openUserProject({ ...layout, modules });
  });
  afterAll(() => project.close());

  itLives(() => project, layout !== WAYS[0]?.[1]);

  // The engine's ts-node reports the errors of the program alone, tsc also those of the packages' types.
  if (layout.files["index.ts"] === WITH_TYPES) {
    it("passes tsc, with the types of all packages", async () => {
      const nodenext = ["--module", "nodenext", "--target", "es2022", "--strict", "index.ts"];
      const how = layout.files["tsconfig.json"] ? ["--project", "."] : nodenext;
      await run(project.program, "npx", "tsc", "--noEmit", "--pretty", "false", ...how);
    });
  }
});
