import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Failure, run, runScript } from "./child.mjs";
import { root } from "./project.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Breaks the rules of bench/breaks.json one by one, and fails where the tests beside a rule do not see that. */
runScript(async () => {
  const breaks = JSON.parse(readFileSync(path.join(root, "bench", "breaks.json"), "utf8"));
  const unseen = [];
  for (const one of breaks.filter(({ file }) => file.startsWith(process.argv[2] ?? ""))) {
    const isSeen = await breaking(one);
    console.log(`${isSeen ? "seen  " : "UNSEEN"} ${one.file}: ${one.rule} (tests/${one.tests})`);
    if (!isSeen) unseen.push(one);
  }
  if (unseen.length > 0) throw new Failure(`${unseen.length} broken rules are not seen.`);
});

async function breaking({ file, text, broken, tests }) {
  const where = path.join(root, file);
  const whole = readFileSync(where, "utf8");
  const parts = whole.split(text);
  if (parts.length !== 2) throw new Failure(`${file} has ${JSON.stringify(text)} ${parts.length - 1} times, not once.`);
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  const mend = () => writeFileSync(where, whole);
  const stop = () => (mend(), process.exit(1));
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    writeFileSync(where, parts.join(broken));
    // No test, no proof: that is a failure of its own.
    const { code, output } = await run(process.execPath, [jest, `tests/${tests}`], {
      cwd: root,
      deadlineMs: 5 * 60_000,
    });
    if (/No tests found/.test(output)) throw new Failure(`There is no tests/${tests}.`);
    return code !== 0;
  } finally {
    mend();
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
