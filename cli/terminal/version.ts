import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The version of this package: from dist/cli/terminal as well as from cli/terminal. */
export function version(): string {
  for (const up of ["../../..", "../.."]) {
    try {
      const found = JSON.parse(readFileSync(join(__dirname, up, "package.json"), "utf8")) as {
        name: string;
        version: string;
      };
      if (found.name === "pulumi-proxies-sx") return found.version;
    } catch {
      continue;
    }
  }
  return "unknown";
}
