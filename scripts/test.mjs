import os from "node:os";
import path from "node:path";
import { run, runScript } from "./child.mjs";
import { root } from "./project.mjs";
import { setUp } from "./setup.mjs";

/** Sets up, then runs jest with the arguments given: `npm test -- tests/api --watch`. */
runScript(async () => {
  await setUp();
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  // Jest's own default leaves one worker on two cores, where tests that wait for an engine would run one by one.
  const workers = `--maxWorkers=${Math.max(2, os.availableParallelism() >> 1)}`;
  const args = [jest, workers, ...process.argv.slice(2)];
  const { code } = await run(process.execPath, args, { cwd: root, inherit: true, deadlineMs: 60 * 60_000 });
  process.exitCode = code;
});
