import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { BUNDLE, licences } from "./bundle.mjs";
import { root } from "./project.mjs";

/** Makes the page's one script, with its charts in it, and puts its style beside it. */
export async function bundlePage(folder) {
  const { build } = await import("esbuild"); // not before the dependencies are installed
  mkdirSync(folder, { recursive: true });
  const source = path.join(root, "dashboard", "page");
  await build({
    ...BUNDLE,
    entryPoints: [path.join(source, "main.ts")],
    outfile: path.join(folder, "page.js"),
    format: "iife",
    banner: licences(["chart.js", "@kurkle/color"]),
  });
  copyFileSync(path.join(source, "page.css"), path.join(folder, "page.css"));
}
