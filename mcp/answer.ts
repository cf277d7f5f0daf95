import { cleanLines, messageOf, type Redactor, withoutCommands } from "../text";
import { type Limits } from "./around";
import { type Told } from "./tool";

/** What an agent gets of a call. */
export interface Answer {
  text: string;
  structured: Record<string, unknown>;
  isError: boolean;
}

/** The one way by which text reaches an agent: no secret, and nothing that a reader does not see. */
export function answerOf({ said, data, secrets = [] }: Told, redactor: Redactor, { showSecrets }: Limits): Answer {
  const cut = showSecrets ? redactor : redactor.and(...secrets);
  const safe = (text: string): string => withoutCommands(cleanLines(cut.cut(text)));
  const notShown: Record<string, number> = {};
  const shown = shortened(data, notShown) as Record<string, unknown>;
  const all = Object.keys(notShown).length === 0 ? shown : { ...shown, notShown };
  const structured = fit(all, safe) as Record<string, unknown>;
  const isMasked = !showSecrets && secrets.some((secret) => secret !== undefined && secret !== "");
  const note = isMasked
    ? "\n\nLogins and tokens are masked: whoever runs this server can start it with --show-secrets."
    : "";
  const facts = linesOf(structured).join("\n");
  return { text: `${safe(said)}${facts && `\n\n${safe(facts)}`}${note}`, structured, isError: false };
}

export function refusalOf(error: unknown, redactor: Redactor, secrets: readonly string[] = []): Answer {
  const cut = redactor.and(...secrets);
  const message = messageOf(error);
  const text = withoutCommands(cleanLines(cut.cut(message)));
  const { code } = error as { code?: unknown };
  const shown = typeof code === "string" && /^[a-z_]{1,40}$/.test(code) ? { code } : {};
  return { text, structured: { error: { message: text, ...shown } }, isError: true };
}

/** Names of what the client gives in epoch ms. */
const TIME = /(?:[a-z]At|^testTime|^lastChecked|^nextEnd|^nextRenewal)$/;
const isTime = (name: string, value: unknown): value is number =>
  TIME.test(name) && typeof value === "number" && value > 1e11 && value < 8e15;

/** What is of several lines: texts of ours. Any other could forge a line. */
const LINES = ["diff", "formats"];

/** Of a list. An account may have thousands of ports, and a model has room for some. The world has fewer countries. */
const MOST_LISTED = 250;

/** A copy with the beginning of each list. @param notShown gets how many each leaves out, by where it is */
function shortened(value: unknown, notShown: Record<string, number>, at = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, shortened(one, notShown, at === "" ? key : `${at}.${key}`)]),
    );
  if (value.length > MOST_LISTED) notShown[at] = value.length - MOST_LISTED;
  return value.slice(0, MOST_LISTED).map((one, index) => shortened(one, notShown, `${at}.${index}`));
}

/** A copy whose texts are safe and whose times are ISO 8601, without what is undefined. */
function fit(value: unknown, safe: (text: string) => string, name = "", hasLines = false): unknown {
  if (typeof value === "string") return hasLines ? safe(value) : inOneLine(safe(value));
  if (isTime(name, value)) return new Date(value).toISOString();
  if (Array.isArray(value)) return value.map((one) => fit(one, safe, name, hasLines));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    fields.map(([key, one]) => [inOneLine(safe(key)), fit(one, safe, key, hasLines || LINES.includes(key))]),
  );
}

/** Blanks stay as they are: they may be a password's. Line ends and tabs, which `cleanLines` leaves, are written as JSON does. */
const inOneLine = (text: string): string => text.replaceAll("\n", "\\n").replaceAll("\t", "\\t");

/** Lines that a model reads with fewer words than JSON: `name: value`, what is inside two blanks further in. */
function linesOf(value: unknown, indent = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${String(value)}`];
  return Object.entries(value).flatMap(([name, one]) => {
    const head = `${indent}${Array.isArray(value) ? "-" : `${name}:`}`;
    if (typeof one !== "object" || one === null) {
      const text = one === "" ? '""' : String(one);
      return text.includes("\n")
        ? [head, ...text.split("\n").map((line) => `${indent}  ${line}`)]
        : [`${head} ${text}`];
    }
    const inner = linesOf(one, `${indent}  `);
    if (inner.length === 0) return [`${head} none`];
    return Array.isArray(value) ? [`${head} ${inner[0]?.trimStart()}`, ...inner.slice(1)] : [head, ...inner];
  });
}
