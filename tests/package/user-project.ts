import { linkSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { providerText } from "../../sdk/engine/provider-text";
import { Project } from "../engine/project";
import { PASSWORD } from "./programs";

const ROOT = join(__dirname, "../..");

/** A user's project, as files. */
export interface Layout {
  files: Record<string, string>;
  /** The node_modules that some install made. */
  modules?: string;
  /** Packages that this user has not installed. */
  without?: string[];
  /** The project is a workspace of the folder above it, which has the node_modules. */
  workspace?: boolean;
}

/** A stack of a user's project: nothing of this repo is in it, or resolves from it. */
export async function openUserProject({ files, modules, without = [], workspace }: Layout): Promise<Project> {
  const project = await Project.open();
  project.ownProcess = true;
  const { folder, program, env } = project;
  delete env.NODE_OPTIONS;
  for (const path of ["program/index.js", "program/package.json", "node_modules"])
    rmSync(join(folder, path), { recursive: true });
  for (const [path, text] of Object.entries(files)) write(join(program, path), text);
  if (workspace) write(join(folder, "package.json"), '{ "private": true, "workspaces": ["program"] }\n');
  if (modules) {
    const home = join(workspace ? folder : program, "node_modules");
    linkTree(modules, home);
    for (const name of without) rmSync(join(home, name), { recursive: true });
  }
  return project;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The same files in a second place, in a second instead of the ten that an install takes. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

const NAMES = ["port", "rotation", "login"];
const all = (op: string): Record<string, string> => Object.fromEntries(NAMES.map((name) => [name, op]));

/**
 * The tests of one life of a program: each run must find what it should, and say no secret. A short one ends after the
 * first run: its destroy finds the provider without the program, as a refresh would.
 */
export function itLives(open: () => Project, isShort = false): void {
  const secrets: string[] = [];

  it("up makes all", async () => {
    const { emulator } = open();
    const { steps, output } = await open().up();
    expect(steps).toEqual(all("create"));
    expect(emulator.control.ports()).toMatchObject([
      { proxyLogin: "team-a", proxyPassword: PASSWORD, rotationSettings: { intervalSeconds: 1800 } },
    ]);
    const made = emulator.control.ports().map(({ rotationToken }) => rotationToken);
    secrets.push(emulator.apiKey, PASSWORD, ...made);
    expectNone(secrets, "what up said", output);
  });

  it("the state holds the constant text, no secret and no path of this machine", () => {
    const written = filesIn(open(), "state");
    const state = written.filter(({ path }) => /\.pulumi.(stacks|backups)/.test(path));
    expect(state.length).toBeGreaterThan(1);
    for (const { path, text } of written) expectNone(secrets, path, text);
    // The engine's history of its runs, which is no state, names the node that it ran.
    const machine = [open().folder, ROOT, tmpdir(), homedir()].map((folder) => folder + sep);
    for (const { path, text } of state) expectNone(machine, path, text);
    const texts = state.flatMap(({ text }) => [...text.matchAll(/"__provider": ?("(?:[^"\\]|\\.)*")/g)]);
    expect(new Set(texts.map(([, text]) => JSON.parse(text as string) as string))).toEqual(
      new Set((["port", "rotationSettings", "credentials"] as const).map(providerText)),
    );
  });

  if (!isShort) {
    it("a second up with a refresh finds nothing to do", async () => {
      open().calls();
      expect((await open().up("--refresh", "--expect-no-changes")).steps).toEqual(all("same"));
      expect(open().writes()).toEqual([]);
    });
  }

  it("destroy leaves nothing", async () => {
    const { steps } = await open().run("destroy", "--skip-preview");
    expect(steps).toEqual(all("delete"));
    expect(open().emulator.control.ports()).toEqual([]);
  });
}

const filesIn = (project: Project, folder: string): { path: string; text: string }[] =>
  project.files().filter(({ path }) => path.startsWith(join(project.folder, folder)));

function expectNone(texts: string[], where: string, whole: string): void {
  for (const text of texts) {
    const at = whole.indexOf(text);
    if (at >= 0) throw new Error(`${where} holds "${text}": …${whole.slice(Math.max(0, at - 100), at)}`);
  }
}
