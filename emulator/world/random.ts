import { createHash } from "node:crypto";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Seeded generator (mulberry32): one seed and one order of calls give one world. */
export class Random {
  constructor(public state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  hex(length: number): string {
    return this.text(length, "0123456789abcdef");
  }

  base36(length: number): string {
    return this.text(length, BASE36);
  }

  alphanumeric(length: number): string {
    return this.text(length, ALPHANUMERIC);
  }

  /** 24 hex digits that begin with the time, as MongoDB makes them. */
  objectId(now: number): string {
    return (Math.floor(now / 1_000) >>> 0).toString(16).padStart(8, "0") + this.hex(16);
  }

  private text(length: number, alphabet: string): string {
    let text = "";
    for (let index = 0; index < length; index++) text += alphabet[Math.floor(this.next() * alphabet.length)];
    return text;
  }
}

/** An id that depends on its name alone, not on how many were made before it. */
export function namedId(seed: number, name: string): string {
  return createHash("sha256").update(`${seed}:${name}`).digest("hex").slice(0, 24);
}
