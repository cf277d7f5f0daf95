import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheRoot } from "../engine/locate.js";
import { Failure } from "./child.mjs";
import { note } from "./progress.mjs";

/** Longer than the slowest work under a lock, the engine's build on a slow machine. */
const DEADLINE_MS = 60 * 60_000;

/** Does the work while no other process on this machine does work of the same name. */
export async function withLock(name, work) {
  const file = path.join(cacheRoot(), "locks", name);
  mkdirSync(path.dirname(file), { recursive: true });
  await take(file);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

async function take(file) {
  const deadline = Date.now() + DEADLINE_MS;
  let told = false;
  while (!tryToTake(file)) {
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) {
      discard(file, holder);
      continue;
    }
    if (Date.now() > deadline)
      throw new Failure(`Another set-up (process ${holder}) holds ${file}. End it, or delete that file.`);
    if (!told) note(`waiting for another set-up (process ${holder})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The file appears with its content in one step: nobody ever reads a lock without a holder. */
function tryToTake(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined; // just released
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Removes the lock of a dead process; a rename, since only one of several waiters can win it. */
function discard(file, dead) {
  const taken = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, taken);
    // Between our look and the rename another waiter may have discarded the same lock and taken a new one: give it back.
    if (holderOf(taken) !== dead) linkSync(taken, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(taken, { force: true });
  }
}
