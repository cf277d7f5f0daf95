import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Clock } from "./world/clock";
import { type ConfigPatch } from "./world/config";
import { restore, snapshot, type Snapshot } from "./world/snapshot";
import { type World } from "./world/world";

const PAUSE_MS = 200;

/** Keeps a world in a file. Writes go to a file beside it and are renamed, so no reader ever sees half a world. */
export class Store {
  private readonly path: string;
  private written = -1;

  constructor(path: string) {
    this.path = resolve(path);
  }

  load(clock: Clock, patch?: ConfigPatch): World | undefined {
    if (!existsSync(this.path)) return undefined;
    let saved: Snapshot;
    try {
      saved = JSON.parse(readFileSync(this.path, "utf8")) as Snapshot;
    } catch (cause) {
      throw new Error(`${this.path} holds no world of the emulator`, { cause });
    }
    return restore(saved, clock, patch);
  }

  /** Looks for changes every so often, however many come; returns how to stop. */
  watch(world: () => World): () => void {
    const timer = setInterval(() => this.save(world()), PAUSE_MS).unref();
    return () => clearInterval(timer);
  }

  save(world: World): void {
    if (world.revision === this.written) return;
    const beside = `${this.path}.${process.pid}.tmp`;
    writeFileSync(beside, JSON.stringify(snapshot(world)), { mode: 0o600 });
    renameSync(beside, this.path);
    this.written = world.revision;
  }
}
