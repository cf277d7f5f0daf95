import { execFile } from "node:child_process";
import { onPath } from "./on-path";

const HOW = "install it (Debian: `apt-get install -y --no-install-recommends prometheus`)";

const found = { prometheus: onPath("prometheus"), promtool: onPath("promtool") };
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
