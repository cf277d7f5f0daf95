import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./project.mjs";

/** What every bundle has in common. */
export const BUNDLE = { bundle: true, minify: true, target: "es2022", legalComments: "none", logLevel: "error" };

/** The licences of packages whose code is in a bundle: they ask to be named where they are passed on. One text once. */
export function licences(packages) {
  const texts = new Map();
  for (const name of packages) {
    const text = licenceOf(name);
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  return { js: [...texts].map(([text, names]) => `/*! ${names.join(", ")}: ${text} */`).join("\n") };
}

function licenceOf(name) {
  const folder = path.join(root, "node_modules", name);
  const file = ["LICENSE.md", "LICENSE"].map((one) => path.join(folder, one)).find(existsSync);
  return readFileSync(file, "utf8").replaceAll("\r", "").replaceAll("*/", "* /").trim();
}
