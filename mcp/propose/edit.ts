import { ToolError } from "../tool";
import { entriesOf, type Entry, type Span } from "./resource";
import { type Token } from "./tokens";

/**
 * A program's text with another value at a path below the object or list that begins at a token.
 *
 * @param value as a program writes it; undefined takes the property away
 */
export function edited(
  text: string,
  tokens: readonly Token[],
  open: number,
  [name, ...deeper]: (string | number)[],
  value: string | undefined,
): string {
  const bracket = tokens[open]?.text;
  if (bracket !== (typeof name === "number" ? "[" : "{"))
    throw new ToolError(
      `the inputs are not written where the resource is made (${typeof name === "number" ? "no list" : "no object"} there): a person changes the program.`,
    );
  const entries = entriesOf(open, tokens);
  const at = typeof name === "number" ? name : entries.findLastIndex((entry) => entry.name === name);
  const entry = entries[at];
  if (entry && entries.slice(at + 1).some(isSpread) && typeof name === "string")
    throw new ToolError(`a spread after ${name} may set it again: a person changes the program.`);
  if (entry && deeper.length > 0) return edited(text, tokens, entry.value.from, deeper, value);
  if (entry) return value === undefined ? without(text, tokens, entries, at) : replaced(text, tokens, entry, value);
  if (deeper.length > 0 || typeof name === "number" || name === undefined || value === undefined)
    throw new ToolError(`there is no ${String(name)} to change: set the whole of what holds it.`);
  return added(text, tokens, open, entries, `${name}: ${value}`);

  function isSpread({ from }: Span): boolean {
    return tokens[from]?.text === "...";
  }
}

const startOf = (span: Span, tokens: readonly Token[]): number => tokens[span.from]?.start ?? 0;
const endOf = (span: Span, tokens: readonly Token[]): number => tokens[span.to - 1]?.end ?? 0;

function replaced(text: string, tokens: readonly Token[], { name, from, value: old }: Entry, value: string): string {
  const isShort = name !== undefined && old.from === from;
  const written = isShort ? `${name}: ${value}` : value;
  return text.slice(0, startOf(old, tokens)) + written + text.slice(endOf(old, tokens));
}

/** With its comma, and the line that it stood on alone. */
function without(text: string, tokens: readonly Token[], entries: readonly Entry[], at: number): string {
  const entry = entries[at] as Entry;
  const [before, after] = [entries[at - 1], entries[at + 1]];
  if (after) return text.slice(0, startOf(entry, tokens)) + text.slice(startOf(after, tokens));
  const from = before ? endOf(before, tokens) : startOf(entry, tokens);
  return text.slice(0, from) + text.slice(endOf(entry, tokens));
}

/** Behind the last one: on a line of its own where the first one has one. */
function added(
  text: string,
  tokens: readonly Token[],
  open: number,
  entries: readonly Entry[],
  written: string,
): string {
  const brace = tokens[open]?.end ?? 0;
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) {
    const close = tokens[open + 1]?.start ?? brace;
    return `${text.slice(0, brace)} ${written} ${text.slice(close)}`;
  }
  const gap = text.slice(brace, startOf(first, tokens));
  const indent = gap.includes("\n") ? `\n${/[ \t]*$/.exec(gap)?.[0] ?? ""}` : " ";
  const comma = tokens[last.to]?.text === "," ? tokens[last.to] : undefined;
  const end = comma?.end ?? endOf(last, tokens);
  const line = comma ? `${indent}${written}${indent === " " ? "" : ","}` : `,${indent}${written}`;
  return text.slice(0, end) + line + text.slice(end);
}
