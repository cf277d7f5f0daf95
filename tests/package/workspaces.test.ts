import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Project } from "../engine/project";
import { outside, pack, run, SDK_VERSION, tryInstall } from "./npm";
import { openUserProject } from "./user-project";

/**
 * Monorepos in which only a library depends on the package, as each package manager lays them out: where the engine
 * finds the provider all the same, the program lives; elsewhere one line says what to add, and it lives with that.
 */
jest.setTimeout(900_000);

const folder = outside();
let tarball: string;
beforeAll(async () => {
  tarball = await pack(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manager {
  /** Its package on npm and its command. None: npm itself. */
  from?: string;
  command: string;
  /** How the program names the library beside it. */
  sibling: string;
  install: string[];
  /** What keeps it from running scripts of packages, where no file says so. */
  noScripts?: string[];
  files?: Record<string, string>;
  /** The command that the error names to add the package, where that is needed. */
  add?: string;
  /** What Node.js loads before all else, from the folder of the workspace. */
  preload?: string;
}

// Under CI=true Yarn would refuse to write the lockfile that these workspaces do not have yet.
const QUIET_YARN = "enableTelemetry: false\nenableScripts: false\nenableImmutableInstalls: false\n";
const MANAGERS: Record<string, Manager> = {
  npm: { command: "npm", sibling: "*", install: ["install", "--prefer-offline", "--no-audit", "--no-fund"] },
  pnpm: {
    from: "pnpm@12",
    command: "pnpm",
    sibling: "workspace:*",
    install: ["install", "--prefer-offline"],
    noScripts: ["--ignore-scripts"],
    files: { "pnpm-workspace.yaml": "packages: [lib, program]\n" },
    add: "pnpm add",
  },
  "yarn, node-modules linker": {
    from: "@yarnpkg/cli-dist@4",
    command: "yarn",
    sibling: "workspace:*",
    install: ["install"],
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: node-modules\n${QUIET_YARN}` },
  },
  "yarn, pnpm linker": {
    from: "@yarnpkg/cli-dist@4",
    command: "yarn",
    sibling: "workspace:*",
    install: ["install"],
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: pnpm\n${QUIET_YARN}` },
    add: "yarn add",
  },
  "yarn, Plug'n'Play, with NODE_OPTIONS": {
    from: "@yarnpkg/cli-dist@4",
    command: "yarn",
    sibling: "workspace:*",
    install: ["install"],
    files: { "yarn.lock": "", ".yarnrc.yml": `nodeLinker: pnp\n${QUIET_YARN}` },
    add: "yarn add",
    preload: ".pnp.cjs",
  },
  bun: {
    from: "bun@1",
    command: "bun",
    sibling: "workspace:*",
    install: ["install", "--linker=isolated"],
    noScripts: ["--ignore-scripts"],
    add: "bun add",
  },
};

describe.each(Object.entries(MANAGERS))(
  "%s",
  (_name, { from, command, sibling, install, noScripts = [], files = {}, add, preload }) => {
    let project: Project | undefined;
    let manager = command;
    beforeAll(async () => {
      if (from) {
        const home = join(folder, "managers", command);
        if (!(await tryInstall(home, from))) return console.warn(`skipped: ${from} cannot be installed here`);
        manager = join(home, "node_modules/.bin", command);
      }
      const sdk = { "@pulumi/pulumi": SDK_VERSION };
      project = await openUserProject({ files: programFiles({ ...sdk, lib: sibling }), workspace: true });
      const lib = join(project.folder, "lib");
      mkdirSync(lib);
      const about = { name: "lib", version: "1.0.0", dependencies: { ...sdk, "pulumi-proxies-sx": `file:${tarball}` } };
      writeFileSync(join(lib, "package.json"), JSON.stringify(about));
      writeFileSync(join(lib, "index.js"), LIBRARY);
      const root = { "package.json": '{ "private": true, "workspaces": ["program", "lib"] }\n' };
      for (const [path, text] of Object.entries({ ...root, ...files })) writeFileSync(join(project.folder, path), text);
      await run(project.folder, manager, ...install, ...noScripts);
      if (preload) project.env.NODE_OPTIONS = `--require ${join(project.folder, preload)}`;
    });
    afterAll(() => project?.close());

    it(add ? `fails with one line that says to \`${add}\` it, and then lives` : "lives", async () => {
      if (!project) return;
      if (add) {
        const { code, output } = await project.tryRun("preview");
        expect(code).not.toBe(0);
        const [, diagnostics = ""] = output.split("Diagnostics:");
        const lines = diagnostics.split("Resources:")[0]?.trim().split("\n") ?? [];
        expect(lines).toEqual([
          "pulumi:pulumi:Stack (test-dev):",
          expect.stringMatching(
            new RegExp(`^ +error: pulumi-proxies-sx: .*/program, .*\`${add} pulumi-proxies-sx\` there\\.$`),
          ),
        ]);
        await run(project.program, manager, "add", ...noScripts, `pulumi-proxies-sx@file:${tarball}`);
      }
      expect((await project.up()).steps).toEqual({ port: "create" });
    });
  },
);

const programFiles = (dependencies: Record<string, string>): Record<string, string> => ({
  "package.json": JSON.stringify({ name: "program", version: "1.0.0", main: "index.js", dependencies }),
  "index.js": 'require("lib").make("port");\n',
});

const LIBRARY = `const proxies = require("pulumi-proxies-sx");
exports.make = (name) => new proxies.Port(name, { country: "DE", expiresIn: "30d" });
`;
