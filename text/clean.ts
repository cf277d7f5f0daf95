import { GAPS, UNSEEN_IN_LINES } from "./unseen";

/** Characters of one text that came from outside, by default: a line or two on a terminal. */
const MOST = 300;

/**
 * A text from outside as one line that shows all that it has: each run of blanks, line ends and unseen characters
 * becomes one blank, and none commands a CI: see `withoutCommands`. Of more than `max` UTF-16 units the rest is cut, and "…" stands for it.
 */
export function clean(text: string, { max = MOST }: { max?: number } = {}): string {
  const line = withoutCommands(text.replace(GAPS, " ").trim());
  return line.length > max ? `${line.slice(0, max).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}

/**
 * A text of ours in lines: tables, JSON, code. Line ends and tabs stay. Another unseen character is written as JSON and
 * JavaScript write it in a string, `\u202e`, so that what parses the text gets the same value.
 */
export function cleanLines(text: string): string {
  return text.replace(UNSEEN_IN_LINES, escaped);
}

/** Each UTF-16 unit as `\u202e`. */
function escaped(unseen: string): string {
  let text = "";
  for (let at = 0; at < unseen.length; at++) text += `\\u${unseen.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return text;
}

/**
 * A text in lines of which no line is a command to the CI that keeps its log. GitHub takes a line that begins with
 * "::", blanks before it or not, and "##[" anywhere; Azure takes "##vso[", TeamCity "##teamcity[".
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\r\n\u2028\u2029]*:)(?=:)/gm, "$1 ").replace(COMMAND_ANYWHERE, "# #");
}

const COMMAND_ANYWHERE = /##(?=\[|vso\[|teamcity\[)/gi;

/** JSON in lines of which none draws on a terminal or commands a CI. Whoever parses it gets `value`. */
export function asJson(value: unknown, indent = 2): string {
  return cleanLines(JSON.stringify(value, undefined, indent)).replace(COMMAND_ANYWHERE, "#\\u0023");
}
