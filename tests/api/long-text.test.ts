import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Of processor time, whatever else the machine does: it takes a fourth of it, and with a pattern that is not linear, hours. */
const CPU_SECONDS = 240;

test("outside text of 1 MB is read in linear time, wherever it is met", async () => {
  const node = `"${process.execPath}" --require ts-node/register/transpile-only "${join(__dirname, "long-text.ts")}"`;
  const { stdout } = await promisify(execFile)("sh", ["-c", `ulimit -t ${CPU_SECONDS} && exec ${node}`]);
  expect(stdout).toMatch(/^read \d+ texts$/);
}, 3_600_000);
