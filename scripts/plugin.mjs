import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./project.mjs";

/** The name by which the engine looks for a plugin. */
export const PLUGIN = "pulumi-resource-proxies-sx";

/** What packages load at each start and the plugin never uses: forms, and messages of zod in forty languages. */
const UNUSED = [
  { filter: /^form-data$/, contents: "module.exports = class FormData {};" },
  { filter: /\/locales\/index\.c?js$/, contents: "module.exports = {};" },
];

const withoutUnused = {
  name: "without-unused",
  setup(build) {
    UNUSED.forEach(({ filter, contents }, index) => {
      build.onResolve({ filter }, () => ({ path: String(index), namespace: "unused" }));
      build.onLoad({ filter: new RegExp(`^${index}$`), namespace: "unused" }, () => ({ contents }));
    });
  },
};

/**
 * The file begins as a script of the shell, and goes on as one of Node: what keeps it small must be set before Node starts.
 * With a heap of its own for each thread, glibc takes 10 MB more at 2,000 ports.
 */
const LAUNCH = '#!/bin/sh\n":" //; MALLOC_ARENA_MAX=1 exec node "$0" "$@"';

/** Makes the plugin's one file, which needs nothing but Node. Gives its place. */
export async function bundlePlugin(folder) {
  const { build } = await import("esbuild"); // not before the dependencies are installed
  const { version, dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, PLUGIN);
  await build({
    entryPoints: [path.join(root, "provider", "hosts", "plugin", "main.ts")],
    outfile,
    banner: { js: LAUNCH },
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    define: {
      PLUGIN_VERSION: JSON.stringify(version),
      RANDOM_VERSION: JSON.stringify(dependencies["@pulumi/random"].replace(/^[~^]/, "")),
    },
    // Looked for by the dynamic host alone.
    external: ["@pulumi/pulumi/package.json"],
    plugins: [withoutUnused],
    legalComments: "none",
    logLevel: "error",
  });
  chmodSync(outfile, 0o755);
  return outfile;
}
