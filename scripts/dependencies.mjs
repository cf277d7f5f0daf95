import { readFileSync } from "node:fs";
import path from "node:path";
import { must } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";
import { lockName, root } from "./project.mjs";

/** Installs what package-lock.json says, unless just that is installed. */
export async function ensureDependencies() {
  if (installedAsLocked()) return;
  await withLock(lockName("dependencies"), async () => {
    if (installedAsLocked()) return;
    await step("installing the dependencies (npm ci)", () =>
      must("npm", ["ci"], { cwd: root, deadlineMs: 10 * 60_000 }),
    );
  });
}

/** npm writes down what it installed in a lock file of its own, so no stamp of ours can be out of step with it. */
function installedAsLocked() {
  const locked = packagesIn("package-lock.json");
  const installed = packagesIn("node_modules/.package-lock.json");
  if (!installed) return false;
  return Object.entries(locked).every(([where, { version, optional, link }]) => {
    if (!where.includes("node_modules/") || link) return true;
    const found = installed[where];
    return found ? found.version === version : optional === true; // an optional one may be for another platform
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
