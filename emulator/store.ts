import { rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readOwnFile, replaceFile, requireSafeFolder } from "../files/own-files";
import { isRunning } from "../files/running";
import { type Clock } from "./world/clock";
import { type ConfigPatch } from "./world/config";
import { restore, snapshot, type Snapshot } from "./world/snapshot";
import { type World } from "./world/world";

const PAUSE_MS = 200;

/**
 * Keeps a world in a file. Writes go to a new file of a name that nobody can guess, which is then renamed, so no reader
 * ever sees half a world, and nothing is written through a link.
 */
export class Store {
  private readonly path: string;
  private readonly lock: string;
  private written = -1;
  private warned = false;

  /** @throws where the file is not the user's own and regular, or others may write to its folder. */
  constructor(path: string) {
    this.path = resolve(path);
    this.lock = `${this.path}.lock`;
    requireSafeFolder(dirname(this.path));
  }

  /**
   * Keeps other processes from the file until it is left. One that was killed leaves its number, and does not run.
   *
   * @throws where another one has it
   */
  take(): void {
    const pid = Number(readOwnFile(this.lock) || NaN);
    if (pid !== process.pid && isRunning(pid))
      throw new Error(
        `${this.path} is in use by another emulator, process ${pid}. Give another file. If that is no emulator, remove ${this.lock}`,
      );
    try {
      replaceFile(this.lock, String(process.pid));
    } catch {
      return; // as with the world itself: what cannot be kept ends no emulator
    }
  }

  leave(): void {
    rmSync(this.lock, { force: true });
  }

  /** @throws where the file holds no world, or one of another seed */
  load(clock: Clock, seed?: number, patch?: ConfigPatch): World | undefined {
    const text = readOwnFile(this.path);
    if (text === undefined) return undefined;
    const world = this.restored(text, clock, patch);
    if (seed === undefined || seed === world.seed) return world;
    throw new Error(
      `${this.path} holds a world of seed ${world.seed}, so seed ${seed} would have no effect. Leave it out, or give another file`,
    );
  }

  private restored(text: string, clock: Clock, patch?: ConfigPatch): World {
    try {
      return restore(JSON.parse(text) as Snapshot, clock, patch);
    } catch (cause) {
      const why = cause instanceof SyntaxError ? "it is not JSON" : (cause as Error).message;
      throw new Error(`${this.path} holds no world of the emulator: ${why}`, { cause });
    }
  }

  /** Looks for changes every so often, however many come; returns how to stop. */
  watch(world: () => World): () => void {
    const timer = setInterval(() => this.trySave(world()), PAUSE_MS).unref();
    return () => clearInterval(timer);
  }

  save(world: World): void {
    if (world.revision === this.written) return;
    replaceFile(this.path, JSON.stringify(snapshot(world)));
    this.written = world.revision;
  }

  /** A full disk must not end the emulator: it is reported once, and saving is tried again. */
  trySave(world: World): void {
    try {
      this.save(world);
      this.warned = false;
    } catch (error) {
      if (!this.warned) process.emitWarning(`the emulator cannot keep its world: ${(error as Error).message}`);
      this.warned = true;
    }
  }
}
