import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

test("outside text of a megabyte is read in linear time, wherever it is met", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", "ts-node/register/transpile-only", join(__dirname, "long-text.ts")],
    { timeout: 240_000 }, // it takes seconds, and with a pattern that is not linear, hours
  );
  expect(stdout).toMatch(/^read \d+ texts$/);
}, 300_000);
