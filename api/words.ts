import { cleanLines, type Redactor } from "../text";

/** Fields that are sent back as they are: a cleaned password is another one. */
const EXACT = /login|password|token|link|url|session/i;

/** Characters of one text of the vendor's: an alert is a sentence or two. */
const MOST = 1_000;

/**
 * An answer's body, made fit for states, caches and views at once: each text is one line that shows all that it has,
 * and none repeats the key. `text` is the body as it came: mostly nothing in it is odd, and the body stays as it is.
 */
export function fitToKeep(body: unknown, text: string, redactor: Redactor, apiKey: string): unknown {
  if (!text.includes(apiKey) && !mayHoldUnseen(text)) return body;
  return fit(body, redactor, "");
}

const mayHoldUnseen = (text: string): boolean => text.includes("\\") || cleanLines(text) !== text;

function fit(value: unknown, redactor: Redactor, name: string): unknown {
  if (typeof value === "string") return EXACT.test(name) ? redactor.cut(value) : redactor.line(value, { max: MOST });
  if (Array.isArray(value)) return value.map((one) => fit(one, redactor, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, fit(one, redactor, inner)]));
}
