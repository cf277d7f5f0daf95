import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runScript } from "./child.mjs";
import { story } from "./demo/story.mjs";
import { createStack } from "./demo/stack.mjs";
import { setUp } from "./setup.mjs";

/** Applies the root project with the real Pulumi engine against an emulator, and leaves nothing behind. */
runScript(async () => {
  const engine = await setUp();
  // Not at the top of this file: dist/ exists only after the set-up.
  const { startEmulator } = await import("../dist/emulator/index.js");
  const emulator = await startEmulator({ config: { trafficPerDayGB: { shared: 1.2, private: 1.2 } } });
  const folder = mkdtempSync(path.join(os.tmpdir(), "proxies-sx-demo-"));
  try {
    await story({ emulator, stack: await createStack({ engine, folder }), commands: howToGoOn(engine) });
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** For a terminal in this clone; an engine from the cache is reached through npm's `pulumi`, which looks there first. */
function howToGoOn({ home, bin }) {
  const cached = bin.startsWith(home);
  return [
    ...(cached ? [`export PULUMI_HOME=${home}`] : []),
    'export PULUMI_BACKEND_URL=file://~ PULUMI_CONFIG_PASSPHRASE=""',
    `${cached ? "npx " : ""}pulumi stack init dev`,
    `${cached ? "npx " : ""}pulumi up`,
  ];
}
