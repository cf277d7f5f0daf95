"use strict";
/** Finds a Pulumi engine on this machine. CommonJS, so that the tests can load it as well as the set-up. */
const { execFileSync } = require("node:child_process");
const { accessSync, constants, readFileSync, realpathSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(__dirname, "..", "package.json"), "utf8"));

/** The versions that package.json asks for, each the one place where it is written. */
const wanted = {
  pulumi: bare(devDependencies.pulumi),
  random: bare(dependencies["@pulumi/random"]),
  /** Pulumi releases its CLI and SDK in pairs: a CLI runs programs of an older SDK, not of a newer one. */
  oldestPulumi: bare(devDependencies["@pulumi/pulumi"]),
};

/** What can be recreated at any time, shared by all clones. */
function cacheRoot() {
  const { PROXIES_SX_CACHE, XDG_CACHE_HOME } = process.env;
  return PROXIES_SX_CACHE || path.join(XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "pulumi-proxies-sx");
}

/** The PULUMI_HOME of every engine that this project runs: ~/.pulumi, with the user's stack choice, stays untouched. */
const engineHome = () => path.join(cacheRoot(), "home");

/** Where the npm package `pulumi` and the Automation API keep a downloaded CLI. */
const cachedEngine = (home = engineHome()) => path.join(home, "versions", wanted.pulumi, "bin");

const randomPlugin = (home = engineHome()) => path.join(home, "plugins", `resource-random-v${wanted.random}`);

/** Can this folder's pulumi run Node.js programs with dynamic providers? */
const isComplete = (bin) =>
  ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"].every((name) =>
    isExecutable(path.join(bin, name)),
  );

const hasRandomPlugin = (home = engineHome()) => isExecutable(path.join(randomPlugin(home), "pulumi-resource-random"));

/**
 * The engine that this project uses: a recent one on PATH, else the one in the cache.
 * PROXIES_SX_ENGINE=cache passes over PATH, so that everybody runs the very same version.
 */
function findEngine() {
  const onPath = process.env.PROXIES_SX_ENGINE === "cache" ? undefined : engineOnPath();
  if (onPath?.recent) return describe(onPath.bin, onPath.version);
  return isComplete(cachedEngine()) ? describe(cachedEngine(), wanted.pulumi) : undefined;
}

const describe = (bin, version) => ({ bin, pulumi: path.join(bin, "pulumi"), home: engineHome(), version });

/** The first complete pulumi on PATH, and whether it is recent enough. */
function engineOnPath() {
  const bin = (process.env.PATH ?? "")
    .split(path.delimiter)
    .find((folder) => path.isAbsolute(folder) && isComplete(folder) && !isDownloader(folder));
  if (!bin) return undefined;
  try {
    const env = { ...process.env, PULUMI_HOME: engineHome(), PULUMI_SKIP_UPDATE_CHECK: "1" };
    const stdio = ["ignore", "pipe", "ignore"];
    const version = bare(
      execFileSync(path.join(bin, "pulumi"), ["version"], { env, stdio, encoding: "utf8", timeout: 10_000 }),
    );
    return { bin, version, recent: isAtLeast(version, wanted.oldestPulumi) };
  } catch {
    return undefined; // it is there, but does not run
  }
}

/** The npm package's `pulumi` is a script that downloads the real one: npm puts it on PATH for its scripts. */
const isDownloader = (folder) => realpathSync(path.join(folder, "pulumi")).endsWith(".js");

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isAtLeast(version, oldest) {
  const numbers = (text) => text.split("-")[0].split(".").map(Number);
  const [have, need] = [numbers(version), numbers(oldest)];
  const index = need.findIndex((number, at) => number !== have[at]);
  return index === -1 || have[index] > need[index];
}

/** "v3.259.0\n", "^3.259.0" and "3.259.0" are one version. */
function bare(version) {
  return version.trim().replace(/^[v^~]/, "");
}

module.exports = {
  wanted,
  cacheRoot,
  cachedEngine,
  randomPlugin,
  isComplete,
  isExecutable,
  hasRandomPlugin,
  engineOnPath,
  findEngine,
};
