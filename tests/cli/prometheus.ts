import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const HOW = "install it (Debian: `apt-get install -y --no-install-recommends prometheus`)";

function find(name: string): string | undefined {
  const paths = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const found = { prometheus: find("prometheus"), promtool: find("promtool") };
const isThere = found.prometheus !== undefined && found.promtool !== undefined;

/** Tests that need Prometheus and its promtool. Without them they are skipped, with a word. */
export const describeWithPrometheus: jest.Describe = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`\nSKIPPED, no Prometheus reads the metrics and rules: ${HOW}\n\n`);

export const prometheusFile = (): string => found.prometheus ?? "prometheus";

/** What promtool says, and with which code it ends. */
export function promtool(args: string[], input = ""): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(found.promtool ?? "promtool", args, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? NaN), said: out + err }),
    );
    child.stdin?.end(input);
  });
}
