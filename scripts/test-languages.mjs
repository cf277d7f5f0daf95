import path from "node:path";
import { ensureLanguages } from "../engine/languages.mjs";
import { Failure, run, runScript } from "./child.mjs";
import { root } from "./project.mjs";
import { writeSdks } from "./sdks.mjs";
import { setUp } from "./setup.mjs";

/** What users of these languages have. */
const TOOLS = { go: ["version"], python3: ["-c", "import venv, ensurepip"] };

/** Runs the examples in YAML, Python and Go on the real engine: what they need is built once, and kept in the cache. */
runScript(async () => {
  for (const [tool, args] of Object.entries(TOOLS)) await requireTool(tool, args);
  const bin = await ensureLanguages(await setUp());
  await writeSdks(path.join(root, "sdks"));
  const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
  const args = [jest, "--maxWorkers=3", "--testPathPatterns", "/tests/languages/", ...process.argv.slice(2)];
  const env = { ...process.env, PROXIES_SX_LANGUAGES: bin };
  const { code } = await run(process.execPath, args, { cwd: root, env, inherit: true, deadlineMs: 60 * 60_000 });
  process.exitCode = code;
});

/** A run without it would test nothing, and say that all is well. */
async function requireTool(tool, args) {
  const works = await run(tool, args, { deadlineMs: 30_000 }).then(
    ({ code }) => code === 0,
    () => false,
  );
  if (!works) throw new Failure(`\`${tool} ${args.join(" ")}\` does not work here: nothing was tested.`);
}
