import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./project.mjs";

/** The name by which the engine looks for a plugin. */
export const PLUGIN = "pulumi-resource-proxies-sx";

/** Makes the plugin's one file, which needs nothing but Node. Gives its place. */
export async function bundlePlugin(folder) {
  const { build } = await import("esbuild"); // not before the dependencies are installed
  const { version, dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, PLUGIN);
  await build({
    entryPoints: [path.join(root, "provider", "hosts", "plugin", "main.ts")],
    outfile,
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
    legalComments: "none",
    logLevel: "error",
  });
  chmodSync(outfile, 0o755);
  return outfile;
}
