import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const DEADLINE = 600_000;

/** The oldest SDK that the package is for, unless the run is for another: "latest". */
export const SDK_VERSION = process.env.PROXIES_SX_TEST_SDK ?? "3.248.0";
export const PULUMI = `@pulumi/pulumi@${SDK_VERSION}`;
/** What a TypeScript program has beside it. ts-node lets the engine run TypeScript as ES modules. */
export const TYPESCRIPT = ["typescript@~5.9.3", "@types/node@^20.19.0", "ts-node@^10.9.2"];

/** A folder outside the repo, from which nothing of the repo resolves. */
export const outside = (): string => mkdtempSync(join(tmpdir(), "proxies-sx-package-"));

/** Packs what `npm run build` made, as it would be published. Gives the tarball's path. */
export async function pack(folder: string): Promise<string> {
  if (!existsSync(join(ROOT, "dist/sdk/index.js")))
    throw new Error("There is no dist/ yet: run `npm run build` first.");
  return packFolder(ROOT, folder);
}

/** The same package as the next version. Gives the tarball's path. */
export async function packNext(tarball: string, folder: string): Promise<string> {
  await run(folder, "tar", "-xzf", tarball);
  const unpacked = join(folder, "package");
  await npm(unpacked, "version", "patch", "--no-git-tag-version");
  return packFolder(unpacked, folder);
}

async function packFolder(source: string, folder: string): Promise<string> {
  // dist/ is not compiled again: other tests run from it at this time.
  const told = await npm(source, "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [{ filename }] = JSON.parse(told) as [{ filename: string }];
  return join(folder, filename);
}

/** An ordinary install, as a user does it, into a new project or one that is there. */
export async function install(folder: string, ...packages: string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  await npm(folder, "install", "--prefer-offline", "--no-audit", "--no-fund", ...packages);
}

/** Whether packages could be installed: not where a registry has them not, or there is none. */
export const tryInstall = (folder: string, ...packages: string[]): Promise<boolean> =>
  install(folder, ...packages).then(
    () => true,
    () => false,
  );

const npm = (folder: string, ...args: string[]): Promise<string> => run(folder, "npm", ...args);

/** What a command prints on its standard output. The error of a failure has what it printed on both outputs. */
export function run(folder: string, command: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, env: userEnvironment(), timeout: DEADLINE, maxBuffer: 64 << 20 };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const end = error.killed ? `no end within ${DEADLINE / 1000} s` : error.message.split("\n")[0];
      reject(new Error(`${command} ${args.join(" ")}: ${end}\n${(stdout + stderr).slice(0, 4_000)}`));
    });
  });
}

/** A user's shell knows nothing of the npm and the jest that run these tests. */
function userEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_|INIT_CWD$|NODE_ENV$|JEST_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
