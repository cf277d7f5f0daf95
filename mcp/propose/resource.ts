import { type Token } from "./tokens";

/** A part of a program: tokens from `from` to before `to`. */
export interface Span {
  from: number;
  to: number;
}

/** Something in an object or a list of a program. */
export interface Entry extends Span {
  /** Of a property, unless it is a spread or computed. */
  name?: string;
  /** The property's value; of `{ country }` the name itself. */
  value: Span;
}

const OPENING = "([{";
const CLOSING = ")]}";
const isPunctuator = ({ type }: Token): boolean => type === "Punctuator";
/** `${` and `}` of a template are tokens of their own kind. */
export const depthOf = (token: Token): number => {
  if (token.type === "TemplateHead") return 1;
  if (token.type === "TemplateTail") return -1;
  if (!isPunctuator(token)) return 0;
  return OPENING.includes(token.text) ? 1 : CLOSING.includes(token.text) ? -1 : 0;
};

/** Of each `new Port("name", …)` of these classes: its class, and the second argument. */
export function resourcesNamed(name: string, classes: readonly string[], tokens: readonly Token[]) {
  return tokens.flatMap((token, at) => {
    if (token.text !== "new" || token.type !== "IdentifierName") return [];
    let last = at + 1;
    while (tokens[last + 1]?.text === "." && tokens[last + 2]?.type === "IdentifierName") last += 2;
    const className = tokens[last]?.text ?? "";
    const [open, given, comma] = tokens.slice(last + 1);
    if (!classes.includes(className) || open?.text !== "(" || stringIn(given) !== name || comma?.text !== ",")
      return [];
    return [{ className, args: last + 4 }];
  });
}

/** What is between the brackets that stand at a place. */
export function entriesOf(open: number, tokens: readonly Token[]): Entry[] {
  const entries: Entry[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    depth += depthOf(token);
    const isEnd = depth === 0;
    if (!isEnd && !(depth === 1 && at > open && isPunctuator(token) && token.text === ",")) continue;
    if (at > from) entries.push(entryOf({ from, to: at }, tokens));
    if (isEnd) return entries;
    from = at + 1;
  }
  throw new Error("the program ends within brackets: it cannot be read");
}

function entryOf({ from, to }: Span, tokens: readonly Token[]): Entry {
  const [first, colon] = tokens.slice(from, to) as [Token, Token | undefined];
  const name = first.type === "IdentifierName" ? first.text : stringIn(first);
  if (name !== undefined && colon?.text === ":") return { from, to, name, value: { from: from + 2, to } };
  return { from, to, ...(name !== undefined && to === from + 1 && { name }), value: { from, to } };
}

/** The value of a plain literal of a string. */
function stringIn(token: Token | undefined): string | undefined {
  if (token?.type !== "StringLiteral" && token?.type !== "NoSubstitutionTemplate") return undefined;
  const inner = token.text.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  try {
    return JSON.parse(`"${inner.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`) as string;
  } catch {
    return undefined;
  }
}
