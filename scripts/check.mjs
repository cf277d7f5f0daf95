import { readFileSync } from "node:fs";
import path from "node:path";
import { must, runScript } from "./child.mjs";
import { root } from "./project.mjs";
import { setUp } from "./setup.mjs";
import { step } from "./progress.mjs";

/** Sets up, then runs every `check:…` script of package.json and the tests, all of them even after a failure. */
runScript(async () => {
  await setUp();
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const failures = [];
  for (const name of Object.keys(scripts).filter((script) => script.startsWith("check:"))) {
    const check = () => must("npm", ["run", "--silent", name], { cwd: root, deadlineMs: 5 * 60_000 });
    await step(`${name.slice("check:".length)}: ${scripts[name]}`, check).catch((error) => failures.push(error));
  }
  for (const { message } of failures) console.error(`\n${message}`);
  await must(process.execPath, ["scripts/test.mjs"], { cwd: root, inherit: true, deadlineMs: 90 * 60_000 });
  if (failures.length > 0) process.exitCode = 1;
});
