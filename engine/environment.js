"use strict";
const path = require("node:path");
const { findEngine } = require("./locate.js");

/**
 * The environment to run the engine in, with its state in `stateDir` and nothing of the user's own Pulumi:
 * no backend, token, stack choice or plugin, and no key for the vendor.
 */
function engineEnvironment({ stateDir, engine = requireEngine() }) {
  const foreign = (name) => name.startsWith("PULUMI_") || name.startsWith("PROXIES_API_");
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign(name))),
    PATH: engine.bin + path.delimiter + (process.env.PATH ?? ""),
    PULUMI_HOME: engine.home,
    PULUMI_BACKEND_URL: `file://${stateDir}`,
    PULUMI_CONFIG_PASSPHRASE: "state of a test, thrown away after it",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PROXIES_SX_JOURNAL_DIR: path.join(stateDir, "journal"),
  };
}

/** The engine that the set-up found or made. */
function requireEngine() {
  const engine = findEngine();
  if (!engine) throw new Error("There is no Pulumi engine yet: run `npm run setup` first.");
  return engine;
}

module.exports = { engineEnvironment };
