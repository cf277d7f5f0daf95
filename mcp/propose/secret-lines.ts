import { depthOf, type Span } from "./resource";
import { type Token } from "./tokens";

/** A name that says that its value is a secret, of a variable, a property or an argument. */
const NAME = /(?:password|secret|token|login|key)\w*["'`]?$/i;
/** What a value goes on with, on whatever line. */
const GOES_ON = ["+", "=", "??", "||", "&&", "?", ":", "."];

/** Lines of a program, as their text, that give something a secret's name a value. */
export function secretLines(program: string, tokens: readonly Token[]): ReadonlySet<string> {
  const spans = tokens.flatMap((token, from): Span[] =>
    NAME.test(token.text) && gives(token, tokens[from + 1]) ? [{ from, to: endOf(from + 2, tokens) }] : [],
  );
  return new Set(
    spans.flatMap(({ from, to }) => {
      const start = program.lastIndexOf("\n", tokens[from]?.start) + 1;
      const end = program.indexOf("\n", tokens[to - 1]?.end);
      return program.slice(start, end < 0 ? undefined : end).split("\n");
    }),
  );
}

/** `set("token", "…")` does too, and `{ token, country }` does not. */
const gives = ({ type }: Token, next: Token | undefined): boolean =>
  next?.text === ":" || next?.text === "=" || (next?.text === "," && type === "StringLiteral");

/** Behind the value that begins at a token. */
function endOf(from: number, tokens: readonly Token[]): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    depth += depthOf(tokens[at] as Token);
    const next = tokens[at + 1]?.text ?? "";
    const goesOn = GOES_ON.includes(next) || GOES_ON.includes(tokens[at]?.text ?? "");
    if (depth <= 0 && !goesOn) return at + 1;
  }
  return tokens.length;
}
