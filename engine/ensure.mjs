import { withLock } from "../scripts/lock.mjs";
import { note } from "../scripts/progress.mjs";
import { buildEngine, buildRandomPlugin } from "./build.mjs";
import { downloadEngine, downloadRandomPlugin } from "./download.mjs";
import { engineOnPath, findEngine, hasRandomPlugin, wanted } from "./locate.js";

/**
 * Finds an engine, or gets one: Pulumi's own download, else a build from its Go modules.
 * Either fills the same folder, so whatever came first serves every later run.
 */
export async function ensureEngine() {
  const isReady = () => findEngine() && hasRandomPlugin();
  if (!isReady()) {
    await withLock("engine", async () => {
      if (!findEngine()) {
        sayWhyNotPath();
        if (!(await downloadEngine())) await buildEngine();
      }
      if (!hasRandomPlugin() && !(await downloadRandomPlugin(findEngine()))) await buildRandomPlugin();
    });
  }
  return findEngine();
}

function sayWhyNotPath() {
  const found = engineOnPath();
  if (found && !found.recent)
    note(`pulumi ${found.version} on PATH is not used: ${wanted.oldestPulumi} or newer is needed`);
}
