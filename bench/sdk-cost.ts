import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median } from "./median";

const ROOT = join(__dirname, "..");

/** What a program pays for the classes of the SDK, in processes of their own, with the engine's monitor mocked away. */
export async function sdkCost(count: number, rounds: number): Promise<{ extraMs: number; loadsClient: boolean }> {
  const run = (make: string): number =>
    Number(execFileSync(process.execPath, ["-e", program(make, count)], { cwd: ROOT }).toString());
  const samples = Array.from({ length: rounds }, () => ({
    own: run('new proxies.Port("p" + i, { country: "DE", expiresIn: "30d" })'),
    plain: run('new pulumi.CustomResource("a:b:C", "p" + i, { country: "DE", expiresIn: "30d", slotType: "shared" })'),
  }));
  const loaded = execFileSync(
    process.execPath,
    [
      "-e",
      'require("pulumi-proxies-sx"); console.log(Object.keys(require.cache).some((file) => /node_modules.(axios|zod)./.test(file)))',
    ],
    { cwd: ROOT },
  ).toString();
  return {
    extraMs: (median(samples.map(({ own }) => own)) - median(samples.map(({ plain }) => plain))) / count,
    loadsClient: loaded.trim() === "true",
  };
}

/** Milliseconds from the first constructor to the last registration. */
const program = (make: string, count: number): string => `
  const pulumi = require("@pulumi/pulumi");
  pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs }), call: () => ({}) });
  const proxies = require("pulumi-proxies-sx");
  (async () => {
    const start = performance.now();
    const ids = [];
    for (let i = 0; i < ${count}; i += 1) ids.push((${make}).id);
    await new Promise((resolve) => pulumi.all(ids).apply(resolve));
    process.stdout.write(String(performance.now() - start));
  })();
`;
