import fc from "fast-check";

/** Parts that draw on a terminal, hide, turn around, command a CI, or leave a quoted place. */
export const HOSTILE = [
  "\u001b[2J",
  "\u009b31m",
  "\r",
  "\n",
  "\u0007",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u{e0041}",
  "\u{e0101}",
  "\ud83d",
  "\udc00",
  "::error title=x::",
  "##[error]",
  "##vso[task.complete]",
  "<script>",
  "*/",
  "`",
  "|",
  '"',
  "'",
  "\\",
  "%41",
  "&amp;",
  "\\u0041",
  " ",
  "a",
  "0f",
];

/** A text of such parts, among others. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 12 })
  .map((parts) => parts.join(""));

/** By ranges of Unicode, written out as a second opinion. */
export function isUnseen(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return RANGES.some(([from, to]) => code >= from && code <= to);
}

const RANGES = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
] as const;
