import { clean } from "../text";

/** What users and the vendor wrote: each output makes it harmless in its own way. */
export class Word {
  readonly text: string;

  constructor(text: string) {
    this.text = clean(text, { max: MOST });
  }
}

/** A limit's line names many ports. */
const MOST = 2_000;

export type Cell = string | Word;

export const plain = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);
