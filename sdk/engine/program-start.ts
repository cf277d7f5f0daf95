import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { hostOfRun } from "./host";
import { keptByRun } from "./kept-by-run";
import { logWarning } from "./program-log";
import { runError } from "./run-error";
import { checkStackSettings } from "./stack-settings";
import { STARTED_IN } from "./started-in";

/** The oldest Node.js that the package is for. */
const OLDEST_NODE = 20;

/**
 * Says once a run, before anything is asked or made, what is wrong with where and how the program runs. Nothing under
 * mocks.
 *
 * @throws RunError where a setting of the stack is refused
 */
export const beginProgram = keptByRun(() => {
  if (!pulumi.runtime.getEngine()) return;
  checkStackSettings();
  const [node = ""] = process.versions.node.split(".");
  if (Number(node) < OLDEST_NODE) {
    warn(`Node.js ${node} is too old for pulumi-proxies-sx: use ${OLDEST_NODE} or later.`);
  }
  const key = "proxies-sx:apiKey";
  if (pulumi.runtime.getConfig(key) && isConfigSecret?.(key) === false) {
    warn(
      `${key} is no secret of the stack: it stands in plain text in its configuration and in its state. ` +
        `Run \`pulumi config set --secret ${key}\` and enter it, then \`pulumi up\`; ` +
        "if others may have read it, take a new key.",
    );
  }
});

/** What the SDK has at run time, and its types leave out. */
const { isConfigSecret } = pulumi.runtime as unknown as {
  isConfigSecret?: (key: string) => boolean;
};

const warn = (text: string): void => void logWarning(text);

/**
 * The engine's own process finds the provider from the folder that the program runs in, not from here: see
 * provider-text.ts. Where only a library of a workspace depends on this package, there is none, and the engine would
 * say so with a stack trace, for each resource.
 *
 * @throws RunError in one line that says what to add where
 */
export const findProvider = keptByRun(() => {
  if (!pulumi.runtime.getEngine() || hostOfRun() === "plugin") return;
  const folder = isInline() ? process.cwd() : STARTED_IN;
  const load = createRequire(`${folder}/`);
  let found: string;
  try {
    found = load.resolve("pulumi-proxies-sx/provider");
  } catch {
    throw runError(notFound(folder));
  }
  const [provider, own] = [found, __filename].map(versionOf);
  if (provider !== undefined && own !== undefined && provider !== own) {
    warn(
      `pulumi-proxies-sx is installed twice: the program uses ${own}, the engine ${provider}, which it finds from ` +
        `${folder}. Make them one version.`,
    );
  }
});

function notFound(folder: string): string {
  const add = `\`${addCommand(folder)} pulumi-proxies-sx\``;
  if (isInline()) {
    return (
      `pulumi-proxies-sx: for an inline program the engine looks for it from the folder of the process, ${folder}, ` +
      `where it is not installed. Run ${add} there, or start the process in a folder that has it.`
    );
  }
  return (
    `pulumi-proxies-sx: the engine looks for it from the program's folder, ${folder}, where it is not installed: ` +
    `only a package that the program uses has it. Run ${add} there.`
  );
}

/** Whether the program is a function given to Pulumi's Automation API: no process of the engine's runs it. */
const isInline = (): boolean => !/[\\/]cmd[\\/]run([\\/]index\.js)?[\\/]?$/.test(process.argv[1] ?? "");

const LOCKFILES: Record<string, string> = {
  "pnpm-lock.yaml": "pnpm add",
  "yarn.lock": "yarn add",
  "bun.lock": "bun add",
  "bun.lockb": "bun add",
  "package-lock.json": "npm install",
};

/** How the user's package manager adds a package, by the nearest lockfile. */
function addCommand(folder: string): string {
  const lockfile = Object.keys(LOCKFILES).find((name) => existsSync(join(folder, name)));
  if (lockfile) return LOCKFILES[lockfile] as string;
  return dirname(folder) === folder ? "npm install" : addCommand(dirname(folder));
}

/** The version of this package, by a file of it. Undefined in a program that was bundled. */
function versionOf(file: string): string | undefined {
  const folder = dirname(file);
  if (folder === file) return undefined;
  try {
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
    if (about.name === "pulumi-proxies-sx") return about.version;
  } catch {
    // There is none here, or not one to read.
  }
  return versionOf(folder);
}
