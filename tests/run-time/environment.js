const { TestEnvironment } = require("jest-environment-node");
const { AsyncLocalStorage } = require("node:async_hooks");
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

/**
 * Each test file runs in a context of its own, so jest compiles every package anew for it, which took a third of a unit
 * test's time. Node does not keep what V8 compiled: this does, for packages alone, beside them.
 */
const folder = path.join(__dirname, "..", "..", "node_modules", ".cache", `code-${process.version}-${process.arch}`);
const PACKAGE = /[\\/]node_modules[\\/]/;
/** UTF-16 units. What is shorter is compiled as quickly as it is read. */
const SHORT = 2_000;

const compile = vm.compileFunction;
/** What was compiled without a cache in the running file. */
const fresh = new Map();

vm.compileFunction = (code, parameters, options) => {
  if (!options?.parsingContext || code.length < SHORT || !PACKAGE.test(options.filename ?? "")) {
    return compile(code, parameters, options);
  }
  const file = path.join(folder, createHash("sha1").update(code).digest("hex"));
  const head = `(function (${parameters.join(", ")}) {`;
  const { filename, importModuleDynamically, parsingContext } = options;
  const cachedData = readIfThere(file);
  const script = new vm.Script(`${head}${code}\n})`, {
    filename,
    importModuleDynamically,
    columnOffset: -head.length,
    cachedData,
  });
  if (cachedData === undefined || script.cachedDataRejected) fresh.set(file, script);
  return script.runInContext(parsingContext);
};

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Storages that the running file's modules use. Node's own modules outlive the file, and each storage that is not
 * disabled costs time at each promise of all files after it.
 */
const storages = new Set();
const enable = AsyncLocalStorage.prototype._enable;
AsyncLocalStorage.prototype._enable = function () {
  storages.add(this);
  return enable.call(this);
};

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    // axios asks for it at each request, and jest's copy of `process` works it out anew.
    const value = process.allowedNodeEnvironmentFlags;
    Object.defineProperty(this.global.process, "allowedNodeEnvironmentFlags", { value });
  }

  /** When a file is done with a package, V8 knows which of its functions are used. */
  async teardown() {
    mkdirSync(folder, { recursive: true });
    for (const [file, script] of fresh) {
      writeFileSync(`${file}.${process.pid}`, script.createCachedData());
      renameSync(`${file}.${process.pid}`, file);
    }
    fresh.clear();
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
  }
};
