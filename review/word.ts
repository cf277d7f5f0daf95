/** What users and the vendor wrote: each output makes it harmless in its own way. */
export class Word {
  readonly text: string;

  constructor(text: string) {
    this.text = text.replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
  }
}

/** Control characters, and what turns the direction of a text around or takes no room. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+/g;

export type Cell = string | Word;

export const plain = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);
