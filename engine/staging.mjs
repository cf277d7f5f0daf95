import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { cacheRoot } from "./locate.js";

/** Lends a folder to make something in, on the cache's file system, and removes what is left of it. */
export async function withStaging(work) {
  mkdirSync(cacheRoot(), { recursive: true });
  const staging = mkdtempSync(path.join(cacheRoot(), "staging-"));
  try {
    return await work(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Puts a finished folder in its place in one step: nobody ever sees half of it. */
export function publish(finished, place) {
  mkdirSync(path.dirname(place), { recursive: true });
  if (existsSync(place)) rmSync(place, { recursive: true });
  renameSync(finished, place);
}
