import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { must } from "./child.mjs";
import { bundleProtocol } from "./mcp.mjs";
import { bundlePage } from "./page.mjs";
import { bundlePlugin } from "./plugin.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";
import { lockName, root } from "./project.mjs";

const dist = path.join(root, "dist");
// Beside node_modules, not in dist: all of dist is published.
const work = path.join(root, "node_modules", ".cache", "pulumi-proxies-sx");
/** Not published yet: what installs plugins takes archives of their own. */
const plugin = path.join(work, "plugin");
const stampFile = path.join(work, "compiled-from");

/** Compiles the sources into dist/, unless dist/ was made from just these. */
export async function ensureCompiled() {
  const isFresh = () => existsSync(dist) && existsSync(plugin) && readStamp() === fingerprint();
  if (!isFresh()) {
    await withLock(lockName("compile"), async () => {
      if (!isFresh()) await step("compiling into dist/", compile);
    });
  }
  linkCommand();
}

/** `npx proxies-sx` in this clone: npm links no command that was not built yet when it installed. */
function linkCommand() {
  const link = path.join(root, "node_modules", ".bin", "proxies-sx");
  if (process.platform === "win32" || existsSync(link)) return;
  rmSync(link, { force: true });
  symlinkSync(path.join("..", "..", "dist", "cli", "main.js"), link);
}

/** A new dist/ takes the old one's place in whole: nothing of a deleted source stays, and a failed run changes nothing. */
async function compile() {
  const compiledFrom = fingerprint();
  const fresh = path.join(work, "dist");
  const old = path.join(work, "dist-old");
  mkdirSync(work, { recursive: true });
  rmSync(fresh, { recursive: true, force: true });
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", "tsconfig.build.json", "--outDir", fresh, "--noEmitOnError"];
  await must(process.execPath, args, { cwd: root, deadlineMs: 5 * 60_000 });
  await bundlePage(path.join(fresh, "dashboard", "page"));
  await bundleProtocol(fresh);
  rmSync(plugin, { recursive: true, force: true }); // with what was kept beside the one before
  await bundlePlugin(plugin);
  const command = path.join(fresh, "cli", "main.js");
  if (existsSync(command)) chmodSync(command, 0o755);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
  writeFileSync(stampFile, compiledFrom);
}

function readStamp() {
  try {
    return readFileSync(stampFile, "utf8");
  } catch {
    return undefined;
  }
}

/** Of contents, not of times: a fresh checkout and a switched branch have new times and the same sources. */
function fingerprint() {
  const { include } = JSON.parse(readFileSync(path.join(root, "tsconfig.build.json"), "utf8"));
  const sources = include.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.join(folder, file)),
  );
  const hash = createHash("sha256");
  for (const file of [
    ...sources.filter((name) => /\.(ts|css)$/.test(name)).sort(),
    "dashboard/page/tsconfig.json",
    "provider/hosts/plugin/schema.json",
    "scripts/bundle.mjs",
    "scripts/mcp.mjs",
    "scripts/page.mjs",
    "scripts/plugin.mjs",
    "tsconfig.build.json",
    "tsconfig.json",
    "package-lock.json",
  ]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
