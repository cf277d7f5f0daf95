import { Automaton } from "./automaton";
import { clean } from "./clean";
import { UNSEEN } from "./unseen";
import { bytesIn, decoded, ESCAPES, seen, type View, viewOf } from "./views";

/** Stands where a secret was. */
export const MASK = "[secret]";

/** UTF-16 units. A shorter secret is likely a part of ordinary words, and gaps in them would spell it. */
const SHORTEST = 4;

/** How many encodings deep a secret is looked for: JSON in a URL, base64 in JSON, either twice. */
const DEEPEST = 2;

/** Up to so many secrets a text is looked through for each. */
const FEW = 8;
/** The case of its letters is that of A to Z alone. */
const ASCII = /^[\x20-\x7e]*$/;
/** Of a URL, JSON or HTML. */
const ESCAPED = /[%\\]|&(?:#|(?:amp|lt|gt|quot|apos);)/i;

/** Unseen too: a secret may be broken by them. */
const LINE_ENDS = /[\n\r\t]+/g;

type Span = [start: number, end: number];

/**
 * Cuts secrets out of text, whatever their case: as they are, with unseen characters in between, escaped as in URLs,
 * JSON and HTML, and as hexadecimal digits, base64 or base64url, of a longer text too. Time is linear in the text for
 * any number of secrets. A secret of fewer than 4 characters is not cut out: a text that has it as a word of its own is
 * left out whole.
 */
export class Redactor {
  private readonly secrets: readonly string[];
  /** Signs that the shortest secret takes as hexadecimal digits, base64 or base64url: base64 is the shortest. */
  private readonly leastEncoded: number;
  /** As they stand in most texts, in small letters; undefined where a text has to be read unit by unit for them. */
  private readonly few?: readonly string[];
  private made?: { long: Automaton; short?: Automaton };

  constructor(secrets: Iterable<string | undefined>) {
    this.secrets = [...new Set(secrets)].filter((secret): secret is string => !!secret);
    if (this.secrets.length <= FEW && this.secrets.every((secret) => ASCII.test(secret)))
      this.few = this.secrets.flatMap((secret) => [secret, formEncoded(secret)]).map((one) => one.toLowerCase());
    const shortest = Math.min(1_000, ...this.secrets.map(({ length }) => length));
    this.leastEncoded = Math.floor((shortest * 4) / 3);
  }

  /** The text, else as it is. */
  cut(text: string): string {
    if (this.secrets.length === 0 || text === "" || this.isPlainlyWithout(text)) return text;
    const { long, short } = (this.made ??= automatonsOf(this.secrets));
    const view = viewOf(text);
    if (short && hasWord(short, view)) return "(a text that repeats a secret is left out)";
    const spans: Span[] = [];
    for (const each of readings(text, view)) {
      long.search(each.units, (start, end) => spans.push([each.from[start] ?? 0, each.to[end - 1] ?? 0]));
    }
    return spans.length === 0 ? text : without(text, spans);
  }

  /**
   * Most texts are quickly seen to hold none of a few secrets: nothing in them is escaped or unseen, no secret stands
   * in them as it is, and all signs of an encoding that they have, put together, spell none.
   */
  private isPlainlyWithout(text: string): boolean {
    const { few } = this;
    if (!few) return false;
    // What a text has of secrets and escapes stays when its lines are joined.
    const oneLine = text.replace(LINE_ENDS, "");
    if (UNSEEN.test(oneLine) || ESCAPED.test(oneLine)) return false;
    for (const read of [oneLine, ...bytesIn(oneLine, this.leastEncoded)]) {
      const lower = read.toLowerCase();
      if (few.some((secret) => lower.includes(secret))) return false;
    }
    return true;
  }

  /** One line of it, bounded: see `clean`. */
  line(text: string, options?: { max?: number }): string {
    return clean(this.cut(text), options);
  }

  /** For these secrets too. */
  and(...secrets: (string | undefined)[]): Redactor {
    return new Redactor([...this.secrets, ...secrets]);
  }
}

function automatonsOf(secrets: readonly string[]): { long: Automaton; short?: Automaton } {
  const isLong = (secret: string): boolean => secret.length >= SHORTEST;
  const short = secrets.filter((secret) => !isLong(secret));
  const long = new Set(secrets.filter(isLong).flatMap((secret) => [secret, bytesOf(secret), formEncoded(secret)]));
  return { long: new Automaton(long), ...(short.length > 0 && { short: new Automaton(short) }) };
}

/** As the bytes of UTF-8, each as a unit: so hexadecimal digits, base64 and URLs write it. */
const bytesOf = (secret: string): string => Buffer.from(secret).toString("latin1");

/** A form writes its blanks as "+". */
const formEncoded = (secret: string): string => bytesOf(secret).replaceAll(" ", "+");

/** The text in each way that a secret could stand in it. */
function* readings(text: string, view: View): Generator<View> {
  yield* readingsOf(view, 0);
  const shown = seen(text);
  if (shown) yield* readingsOf(shown, 0);
}

function* readingsOf(view: View, depth: number): Generator<View> {
  yield view;
  if (depth === DEEPEST) return;
  yield* decoded(view);
  for (const unescape of ESCAPES) {
    const inner = unescape(view);
    if (inner) yield* readingsOf(inner, depth + 1);
  }
}

function hasWord(words: Automaton, { units }: View): boolean {
  let found = false;
  words.search(units, (start, end) => (found ||= !isLetter(units[start - 1]) && !isLetter(units[end])));
  return found;
}

const isLetter = (unit: number | undefined): boolean =>
  unit !== undefined && /[\p{L}\p{N}_]/u.test(String.fromCharCode(unit));

/** What was cut before stays: a secret may be a part of the word that stands for one. */
function without(text: string, spans: Span[]): string {
  const masks = new Set<number>();
  for (let at = text.indexOf(MASK); at >= 0; at = text.indexOf(MASK, at + 1)) masks.add(at);
  const isMasked = ([start, end]: Span): boolean => {
    for (let at = start; at > start - MASK.length; at--) if (masks.has(at)) return end <= at + MASK.length;
    return false;
  };
  const parts: string[] = [];
  let done = 0;
  let cutTo = -1;
  for (const [start, end] of spans.filter((span) => !isMasked(span)).sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start > cutTo) parts.push(text.slice(done, start), MASK);
    cutTo = Math.max(cutTo, end);
    done = cutTo;
  }
  return [...parts, text.slice(done)].join("");
}
