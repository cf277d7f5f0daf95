/** `npm run bench [-- --quick]`: the figures of docs/performance.md, on the real engine, side by side in one run. */
import { measure } from "./engine";
import { sdkCost } from "./sdk-cost";

async function main(): Promise<void> {
  const quick = process.argv.includes("--quick");
  const [count, rounds] = quick ? [20, 1] : [300, 5];
  const figures = await measure(["ports.js", "random-ids.js"], count, rounds);
  const ports = figures["ports.js"];
  const random = figures["random-ids.js"];
  if (!ports || !random) throw new Error("nothing was measured");

  console.log(`\n${count} resources, medians of ${rounds} (seconds)\n`);
  console.log("| job | Port | RandomId | ratio |\n|---|---|---|---|");
  for (const job of ["up", "empty", "refresh", "destroy"] as const) {
    console.log(
      `| ${job} | ${ports[job].toFixed(2)} | ${random[job].toFixed(2)} | ${(ports[job] / random[job]).toFixed(2)} |`,
    );
  }
  const { first, second, preview, refresh } = ports.calls;
  console.log(
    `\nAPI calls for ${count} Ports: first up ${first}, second up ${second}, preview ${preview}, refresh ${refresh}`,
  );
  console.log(
    `State per Port: ${ports.stateBytes.toFixed(0)} bytes, of which outputs ${ports.outputBytes.toFixed(0)}; ` +
      `per RandomId: ${random.stateBytes.toFixed(0)}, of which outputs ${random.outputBytes.toFixed(0)}`,
  );

  const sdk = await sdkCost(quick ? 200 : 2_000, rounds);
  console.log(`SDK time per resource beyond pulumi.CustomResource: ${sdk.extraMs.toFixed(3)} ms`);
  console.log(`Importing the SDK loads axios or zod: ${sdk.loadsClient ? "yes" : "no"}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
