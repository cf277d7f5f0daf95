import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the build made of dashboard/page: the script of the page with its charts, and its style. */
export interface Assets {
  script: string;
  style: string;
}

/** The package was compiled without them, or not at all. */
export class AssetsMissing extends Error {
  constructor() {
    super("the page is not built: run `npm run build`");
  }
}

/** From dist/dashboard as well as from dashboard. */
const FOLDERS = [join(__dirname, "page"), join(__dirname, "../dist/dashboard/page")];

let loaded: Assets | undefined;

/** @throws AssetsMissing */
export function pageAssets(): Assets {
  return (loaded ??= load());
}

function load(): Assets {
  for (const folder of FOLDERS) {
    try {
      return {
        script: readFileSync(join(folder, "page.js"), "utf8"),
        style: readFileSync(join(folder, "page.css"), "utf8"),
      };
    } catch {
      continue;
    }
  }
  throw new AssetsMissing();
}
