#!/usr/bin/env node
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { must, runScript } from "./child.mjs";
import { createStack } from "./demo/stack.mjs";
import { terminalPage } from "./docs/terminal-page.mjs";
import { root } from "./project.mjs";
import { setUp } from "./setup.mjs";

const COUNTRIES = ["DE", "DE", "DE", "DE", "GB", "GB", "GB", "PL", "PL", "FR", "NL", "US"];

/** Takes the pictures of the documents, docs/up.png and docs/report.png, from real runs. Needs a Chromium. */
runScript(async () => {
  const engine = await setUp();
  const { startEmulator } = await import("../dist/emulator/index.js");
  const slots = { shared: COUNTRIES.length + 3, private: 0 };
  const emulator = await startEmulator({ config: { slots, trafficPerDayGB: { shared: 0.4, private: 0.4 } } });
  const folder = mkdtempSync(path.join(os.tmpdir(), "proxies-sx-pictures-"));
  try {
    const stack = await createStack({ engine, folder, colour: "always" });
    await stack.set("proxies-sx:apiUrl", emulator.url);
    await stack.setSecret("proxies-sx:apiKey", emulator.apiKey);
    await stack.set("countries", JSON.stringify(COUNTRIES.slice(3, 5)));
    const page = path.join(folder, "up.html");
    writeFileSync(page, terminalPage("pulumi up", await stack.up()));
    await photograph(page, "docs/up.png", { width: 800, height: 790 });

    // Bought over some days, so that leases do not all end at once.
    for (let size = 3; size <= COUNTRIES.length; size += 3) {
      emulator.control.clock.advance("4d");
      await stack.set("countries", JSON.stringify(COUNTRIES.slice(0, size)));
      await stack.up();
    }
    emulator.control.clock.advance("5d");
    const [state, report] = [path.join(folder, "demo.json"), path.join(folder, "report.html")];
    writeFileSync(state, await stack.exported());
    const env = { ...process.env, PROXIES_API_URL: emulator.url, PROXIES_API_KEY: emulator.apiKey };
    const args = ["dist/cli/main.js", "report", "--state", state, "--output", report];
    await must(process.execPath, args, { cwd: root, env, deadlineMs: 60_000 });
    await photograph(report, "docs/report.png", { width: 1100, height: 765 });
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function photograph(page, picture, { width, height }) {
  const args = ["--headless", "--no-sandbox", "--hide-scrollbars", "--virtual-time-budget=5000"];
  const to = [`--window-size=${width},${height}`, `--screenshot=${path.join(root, picture)}`, `file://${page}`];
  await must(process.env.CHROMIUM ?? "chromium", [...args, ...to], { cwd: root, deadlineMs: 60_000 });
  console.log(`${picture} is written.`);
}
