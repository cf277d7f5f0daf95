#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { ensureEngine } from "../engine/ensure.mjs";
import { Failure, runScript } from "./child.mjs";
import { ensureCompiled } from "./compile.mjs";
import { ensureDependencies } from "./dependencies.mjs";

const OLDEST_NODE = 20;

/** Makes a fresh clone ready to run: dependencies, dist/ and a Pulumi engine. What is there already is skipped. */
export async function setUp() {
  if (parseInt(process.versions.node) < OLDEST_NODE) {
    throw new Failure(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}.`);
  }
  await ensureDependencies();
  await ensureCompiled();
  return ensureEngine();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  runScript(async () => {
    const engine = await setUp();
    const asJson = process.argv.includes("--json");
    console.log(asJson ? JSON.stringify(engine) : `Ready: Pulumi ${engine.version} at ${engine.pulumi}`);
  });
}
