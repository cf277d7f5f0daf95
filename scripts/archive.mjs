import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { must, runScript } from "./child.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { bundlePlugin, PLUGIN, pluginCode } from "./plugin.mjs";
import { step } from "./progress.mjs";
import { root } from "./project.mjs";

/** Node's own mark in its executable, which the injection turns on (source: Node's documentation of SEA). */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
/** Where one is left for `npm run bench -- --parts`. */
const EXECUTABLE = path.join(root, "node_modules", ".cache", "pulumi-proxies-sx", "executable");
const DEADLINE = 5 * 60_000;
const SYSTEMS = { linux: "linux", darwin: "darwin", win32: "windows" };
const MACHINES = { x64: "amd64", arm64: "arm64" };

/**
 * `npm run plugin:archive -- [FOLDER]`: archives that `pulumi plugin install resource proxies-sx VERSION --file` takes.
 * One is for this system and needs nothing; the other is for any system but Windows, and needs Node.
 */
runScript(async () => {
  await ensureDependencies();
  const folder = path.resolve(process.argv[2] ?? path.join(root, "archives"));
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(path.join(tmpdir(), "proxies-sx-plugin-"));
  try {
    const bundle = await step("bundling the plugin", () => bundlePlugin(path.join(work, "node")));
    await packed(bundle, path.join(folder, archiveName(version, "node")));
    const [system, machine] = [SYSTEMS[process.platform], MACHINES[process.arch]];
    const executable = await step("making one executable of it", () => executableOf(path.join(work, "alone")));
    await packed(executable, path.join(folder, archiveName(version, `${system}-${machine}`)));
    mkdirSync(EXECUTABLE, { recursive: true });
    copyFileSync(executable, path.join(EXECUTABLE, path.basename(executable)));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

/** As Pulumi names a plugin's archives. */
const archiveName = (version, of) => `${PLUGIN}-v${version}-${of}.tar.gz`;

async function packed(file, archive) {
  await must("tar", ["-czf", archive, "-C", path.dirname(file), path.basename(file)], { deadlineMs: DEADLINE });
  console.log(archive);
}

/** This Node with the bundle inside, and with the code that V8 made of it: it starts without reading or compiling. */
async function executableOf(folder) {
  mkdirSync(folder);
  const file = path.join(folder, process.platform === "win32" ? `${PLUGIN}.exe` : PLUGIN);
  const [main, blob, config] = ["main.cjs", "blob", "config.json"].map((name) => path.join(folder, name));
  writeFileSync(main, await pluginCode());
  writeFileSync(
    config,
    JSON.stringify({ main, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true }),
  );
  const own = { cwd: folder, deadlineMs: DEADLINE };
  await must(process.execPath, ["--experimental-sea-config", config], own);
  copyFileSync(process.execPath, file);
  chmodSync(file, 0o755);
  if (process.platform === "darwin") await must("codesign", ["--remove-signature", file], own);
  const { inject } = (await import("postject")).default; // not before the dependencies are installed
  await inject(file, "NODE_SEA_BLOB", readFileSync(blob), { sentinelFuse: FUSE, machoSegmentName: "NODE_SEA" });
  if (process.platform === "darwin") await must("codesign", ["--sign", "-", file], own);
  return file;
}
