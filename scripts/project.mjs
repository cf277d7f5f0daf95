import { createHash } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The top folder of this clone. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Two clones may be set up at the same time, one clone may not be set up twice at the same time. */
export function lockName(work) {
  return `${work}-${createHash("sha256").update(root).digest("hex").slice(0, 12)}`;
}
