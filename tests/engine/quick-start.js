/**
 * Loaded before all else in the engine's processes of Node: programs of tests start in half the time. The SDK is the
 * same. What it loads and hardly ever uses waits for its first use: compilers, a reader of npm's trees, tracing. Plain
 * JavaScript is not compiled, and stack traces are not mapped to sources. tests/package runs without this.
 */
const { existsSync } = require("node:fs");
const { createRequire } = require("node:module");

const LATER = [
  ...[
    "./automation",
    "./typescript-shim",
    "typescript",
    "ts-node",
    "@npmcli/arborist",
    "normalize-package-data",
    "fdir",
  ],
  // Of what our provider imports: uploads of forms, and messages of zod in other languages.
  ...["form-data", "zod/v4/locales"],
].concat(
  ["exporter-zipkin", "instrumentation", "instrumentation-grpc", "resources", "sdk-trace-base", "sdk-trace-node"].map(
    (name) => `@opentelemetry/${name}`,
  ),
);
const [, sdk] = /^(.*@pulumi[\\/]pulumi[\\/])cmd[\\/]/.exec(process.argv[1] ?? "") ?? [];

if (sdk) {
  const ofSdk = createRequire(sdk);
  for (const name of ["source-map-support", "source-map-support/register"])
    put(ofSdk, name, () => ({ install: () => undefined }));
  for (const name of LATER) put(ofSdk, name, atFirstUse);
  if (!existsSync("index.ts")) delete process.env.PULUMI_NODEJS_TYPESCRIPT;
}

/** Puts something in the place of a package, for all who ask for it. */
function put(ofSdk, name, make) {
  let file;
  try {
    file = ofSdk.resolve(name);
  } catch {
    return; // this SDK has none
  }
  const load = () => {
    delete require.cache[file];
    return ofSdk(file);
  };
  require.cache[file] = { id: file, filename: file, loaded: true, children: [], paths: [], exports: make(load) };
}

function atFirstUse(load) {
  let loaded;
  const real = () => (loaded ??= load());
  return new Proxy(function () {}, {
    // So that TypeScript's import takes the module as it is, and copies nothing of it.
    get: (_, name) => (name === "__esModule" ? true : real()[name]),
    has: (_, name) => name in real(),
    apply: (_, self, args) => Reflect.apply(real(), self, args),
    construct: (_, args) => Reflect.construct(real(), args),
  });
}
