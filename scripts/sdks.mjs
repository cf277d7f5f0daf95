#!/usr/bin/env node
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, requireGo } from "../engine/build.mjs";
import { must, runScript } from "./child.mjs";
import { withLock } from "./lock.mjs";
import { step } from "./progress.mjs";
import { lockName, root } from "./project.mjs";

const SCHEMA = path.join(root, "provider", "hosts", "plugin", "schema.json");
const GENERATE_MS = 60_000;

/** Writes the SDKs for Python and Go into a folder, by Pulumi's own generators from the plugin's schema. */
export async function writeSdks(folder) {
  await requireGo("The SDKs cannot be made here.", []);
  await withLock(lockName("sdks"), async () => {
    const generator = path.join(root, "node_modules", ".cache", "pulumi-proxies-sx", "generate-sdks");
    mkdirSync(path.dirname(generator), { recursive: true });
    await step("building the generator of SDKs", () => build("cli", ["-ldflags", "-s -w", "-o", generator, "./sdks"]));
    rmSync(folder, { recursive: true, force: true });
    await must(generator, [SCHEMA, folder], { deadlineMs: GENERATE_MS });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  runScript(async () => {
    await writeSdks(path.join(root, "sdks"));
    console.log("Written: sdks/python, sdks/go");
  });
}
