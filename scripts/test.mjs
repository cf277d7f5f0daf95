import { statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { run, runScript } from "./child.mjs";
import { ensureCompiled } from "./compile.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { root } from "./project.mjs";
import { setUp } from "./setup.mjs";

/** What needs an engine, a registry, a browser, programs that run by themselves, or a compiler and dictionaries. */
const NO_UNIT = [
  "/tests/(engine|package|plugin)/",
  "\\.engine\\.test\\.ts$",
  "/tests/report/[\\w-]+-page\\.",
  "/[\\w-]+-(prometheus|squid-haproxy)\\.",
  "/tests/(review/policy|mcp/process)\\.",
  "/tests/docs/(examples|words)\\.",
];

/** `npm run test:languages` has what these need. */
const ELSEWHERE = ["/tests/languages/"];

/** Sets up, then runs jest with the arguments given: `npm test -- tests/api --watch`. With `--unit` what is quick. */
runScript(async () => {
  const given = process.argv.slice(2);
  const isUnit = given.includes("--unit");
  if (isUnit) {
    await ensureDependencies();
    await ensureCompiled(); // commands and policy packs are also run as they are shipped
  } else await setUp();
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  // A test on the engine waits a third of its time: one more of them than cores keeps the cores busy.
  const workers = `--maxWorkers=${os.availableParallelism() + (isUnit ? 0 : 1)}`;
  const ignored = ["--testPathIgnorePatterns", ...ELSEWHERE, ...(isUnit ? NO_UNIT : [])];
  const args = [jest, workers, ...given.filter((one) => one !== "--unit"), ...ignored];
  if (isUnit) Object.assign(process.env, { TESTS: "quick", ...inMemory() }); // see tests/cases.ts
  const { code } = await run(process.execPath, args, { cwd: root, inherit: true, deadlineMs: 85 * 60_000 });
  process.exitCode = code;
});

/** Temporary folders in memory, where there is room: a journal waits for the disk at each line. */
function inMemory() {
  const folder = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 ** 30 ? { TMPDIR: folder } : {};
  } catch {
    return {};
  }
}
