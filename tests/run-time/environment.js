const { TestEnvironment } = require("jest-environment-node");
const { AsyncLocalStorage } = require("node:async_hooks");
const vm = require("node:vm");

/**
 * Each test file runs in a context of its own, so jest compiles every module anew for it, which took a third of a unit
 * test's time. The files that a worker runs share what V8 compiled.
 */
const compile = vm.compileFunction;
const compiled = new Map();

vm.compileFunction = (code, parameters, options = {}) => {
  const { filename, importModuleDynamically, parsingContext } = options;
  if (!parsingContext || filename?.endsWith(".test.ts")) return compile(code, parameters, options);
  const head = `(function (${parameters.join(", ")}) {`;
  const text = `${head}${code}\n})`;
  const key = `${filename}\n${text}`;
  const script =
    compiled.get(key) ?? new vm.Script(text, { filename, importModuleDynamically, columnOffset: -head.length });
  compiled.set(key, script);
  return script.runInContext(parsingContext);
};

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

/** What tests keep for those of the files after theirs. */
const keptByWorker = new Map();

module.exports = class extends TestEnvironment {
  /** A context whose global is a plain object: jest's own asks a proxy at each use of `Object`, `Array` or `Map`. */
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }

  async setup() {
    await super.setup();
    this.global.keptByWorker = keptByWorker;
    // axios asks for it at each request, and jest's copy of `process` works it out anew.
    const value = process.allowedNodeEnvironmentFlags;
    Object.defineProperty(this.global.process, "allowedNodeEnvironmentFlags", { value });
  }

  async teardown() {
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
  }
};
