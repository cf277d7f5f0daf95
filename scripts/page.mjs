import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./project.mjs";

/** Packages whose code is in the bundle: their licences ask to be named where they are passed on. */
const BUNDLED = ["chart.js", "@kurkle/color"];

/** Makes the page's one script, with its charts in it, and puts its style beside it. */
export async function bundlePage(folder) {
  const { build } = await import("esbuild"); // not before the dependencies are installed
  mkdirSync(folder, { recursive: true });
  const source = path.join(root, "dashboard", "page");
  await build({
    entryPoints: [path.join(source, "main.ts")],
    outfile: path.join(folder, "page.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    banner: { js: BUNDLED.map(licence).join("\n") },
    logLevel: "error",
  });
  copyFileSync(path.join(source, "page.css"), path.join(folder, "page.css"));
}

function licence(name) {
  const text = readFileSync(path.join(root, "node_modules", name, "LICENSE.md"), "utf8");
  return `/*! ${name}: ${text.replaceAll("\r", "").trim()} */`;
}
