import { cleanLines, type Redactor } from "../text";

/** Fields that are sent back as they are, since a cleaned password is another one; and those whose readers refuse what is odd. */
const EXACT = /login|username|password|token|link|url|session|status|type|id$|^http$|^socks5$/i;

/** Characters of one text of the vendor's: an alert is a sentence or two. A ticket's message may be longer. */
const MOST = 1_000;
const LONGEST_MESSAGE = 5_000;

/**
 * An answer's body, made fit for states, caches and views at once: each text is one line that shows all that it has,
 * and none repeats a secret. `text` is the body as it came: mostly nothing in it is odd, and the body stays as it is.
 */
export function fitToKeep(body: unknown, text: string, redactor: Redactor): unknown {
  if (!mayHoldUnseen(text) && redactor.cut(text) === text) return body;
  return eachText(body, (one, name) =>
    EXACT.test(name) ? redactor.cut(one) : redactor.line(one, { max: name === "message" ? LONGEST_MESSAGE : MOST }),
  );
}

const mayHoldUnseen = (text: string): boolean => text.includes("\\") || cleanLines(text) !== text;

/** Changes the texts of an answer at any depth, in place; a loop, since it may be nested deeper than calls can. */
export function eachText(body: unknown, change: (text: string, name: string) => string): unknown {
  const root: Record<string, unknown> = { body };
  const left: [Record<string, unknown>, string][] = [[root, ""]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [at, name] = next;
    for (const key of Object.keys(at)) {
      const value = at[key];
      const own = Array.isArray(at) ? name : key;
      if (typeof value === "string") at[key] = change(value, own);
      else if (typeof value === "object" && value !== null) left.push([value as Record<string, unknown>, own]);
    }
  }
  return root.body;
}
