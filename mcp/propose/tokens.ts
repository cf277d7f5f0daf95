import jsTokens from "js-tokens";

/** A token of a program: what it is, and where it stands. Comments and blanks are none. */
export interface Token {
  type: string;
  text: string;
  start: number;
  end: number;
}

const SKIPPED = /Comment$|^WhiteSpace$|^LineTerminatorSequence$/;

/** The tokens of TypeScript or JavaScript. The build puts the tokenizer in: see scripts/mcp.mjs. */
export function tokensOf(program: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  for (const { type, value } of jsTokens(program)) {
    const end = start + value.length;
    if (!SKIPPED.test(type)) tokens.push({ type, text: value, start, end });
    start = end;
  }
  return tokens;
}
