import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

test("a megabyte of the user's files and arguments is read in linear time, wherever it is met", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", "ts-node/register/transpile-only", join(__dirname, "long-text.ts")],
    { timeout: 280_000 }, // it takes a minute, and with a pattern that is not linear, hours
  );
  expect(stdout).toMatch(/^read \d+ texts$/);
}, 300_000);
