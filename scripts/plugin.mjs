import { createHash } from "node:crypto";
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

const OPTIONS = {
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  legalComments: "none",
  logLevel: "error",
};
const entry = (name) => [path.join(root, "provider", "hosts", "plugin", name)];

/** Makes the plugin's one file, which needs nothing but Node. Gives its place. */
export async function bundlePlugin(folder) {
  const { build } = await import("esbuild"); // not before the dependencies are installed
  const outfile = path.join(folder, PLUGIN);
  const code = await pluginCode();
  mkdirSync(folder, { recursive: true });
  await build({
    ...OPTIONS,
    entryPoints: entry("start.ts"),
    outfile,
    banner: { js: LAUNCH },
    // In a comment, which costs no time to read: see start.ts.
    footer: { js: `/*${code.replaceAll("*/", "*\0/").replaceAll("\n/*", "\n\0/*")}*/` },
    define: {
      PLUGIN_DIGEST: JSON.stringify(createHash("sha256").update(code).digest("hex").slice(0, 16)),
    },
  });
  chmodSync(outfile, 0o755);
  return outfile;
}

/** What the plugin does, as one text of CommonJS. */
export async function pluginCode() {
  const { build } = await import("esbuild");
  const { version, dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: entry("main.ts"),
    write: false,
    keepNames: true,
    define: {
      PLUGIN_VERSION: JSON.stringify(version),
      RANDOM_VERSION: JSON.stringify(dependencies["@pulumi/random"].replace(/^[~^]/, "")),
    },
    // Looked for by the dynamic host alone.
    external: ["@pulumi/pulumi/package.json"],
    plugins: [withoutUnused],
  });
  return outputFiles[0].text;
}
