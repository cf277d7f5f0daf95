import { Random } from "../../emulator/world/random";

/** Seeded chance: one seed and one order of throws give one plan. */
export class Dice extends Random {
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(all: readonly T[]): T {
    return all[this.integer(0, all.length - 1)] as T;
  }
}
