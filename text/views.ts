import { UNSEEN } from "./unseen";

/** A text as something would read it that takes an encoding off, and where each unit of that stands in the text. */
export interface View {
  /** UTF-16 units, or bytes. */
  units: Uint16Array;
  /** Of each unit: the first of the text's units that write it. */
  from: Uint32Array;
  /** Of each unit: the end of those, exclusive. */
  to: Uint32Array;
}

/** Units that no word has, so that none is found across a gap. */
const GAP = 0xffff;

/** The text itself. */
export function viewOf(text: string): View {
  const made = new Making(text.length);
  for (let at = 0; at < text.length; at++) made.put(text.charCodeAt(at), at, at + 1);
  return made.view();
}

/** Without what nobody sees: it could stand within a secret. Undefined where there is nothing of it. */
export function seen(text: string): View | undefined {
  if (!UNSEEN.test(text)) return undefined;
  const made = new Making(text.length);
  let at = 0;
  for (const char of text) {
    if (!UNSEEN.test(char))
      for (let unit = 0; unit < char.length; unit++) made.put(char.charCodeAt(unit), at + unit, at + unit + 1);
    at += char.length;
  }
  return made.view();
}

/** Each takes one way of escaping off, as of URLs, JSON and HTML. Undefined where the text has nothing of it. */
export const ESCAPES: ((view: View) => View | undefined)[] = [
  escapes("%", (view, at) => {
    const byte = hexAt(view, at + 1, 2);
    return byte === undefined ? undefined : [byte, 3];
  }),
  escapes("\\", (view, at) => {
    const sign = String.fromCharCode(view.units[at + 1] ?? GAP);
    const length = sign === "u" ? 4 : sign === "x" ? 2 : 0;
    const unit = length > 0 ? hexAt(view, at + 2, length) : undefined;
    if (unit !== undefined) return [unit, 2 + length];
    const plain = "bfnrt".indexOf(sign);
    if (plain >= 0) return ["\b\f\n\r\t".charCodeAt(plain), 2];
    return /[\\/"'`]/.test(sign) ? [sign.charCodeAt(0), 2] : undefined;
  }),
  escapes("&", (view, at) => {
    const [all, , decimal, hex, name = ""] =
      /^&(#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/i.exec(textOf(view, at, at + 12)) ?? [];
    if (all === undefined) return undefined;
    const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }[name.toLowerCase()];
    const unit = named?.charCodeAt(0) ?? (decimal === undefined ? parseInt(hex ?? "", 16) : Number(decimal));
    return [unit & 0xffff, all.length];
  }),
];

function escapes(
  sign: string,
  read: (view: View, at: number) => [unit: number, length: number] | undefined,
): (view: View) => View | undefined {
  const code = sign.charCodeAt(0);
  return (view) => {
    if (!view.units.includes(code)) return undefined;
    const made = new Making(view.units.length);
    let isEscaped = false;
    for (let at = 0; at < view.units.length;) {
      const found = view.units[at] === code ? read(view, at) : undefined;
      isEscaped ||= found !== undefined;
      const [unit, length] = found ?? [view.units[at] ?? 0, 1];
      made.put(unit, view.from[at] ?? 0, view.to[at + length - 1] ?? 0);
      at += length;
    }
    return isEscaped ? made.view() : undefined;
  };
}

/** The bytes that runs of hexadecimal digits, or of base64's and base64url's letters, may stand for: from each phase. */
export function decoded(view: View): View[] {
  return [
    ...[0, 1].map((phase) => bytesOf(view, 4, phase, hexDigit)),
    ...[0, 1, 2, 3].map((phase) => bytesOf(view, 6, phase, base64Letter)),
  ];
}

const ENCODINGS = [
  { encoding: "hex", phases: [0, 1], others: /[^\da-f]+/gi },
  { encoding: "base64", phases: [0, 1, 2, 3], others: /[^A-Za-z0-9+/_-]+/g },
] as const;

/** The same of all such signs of a text put together, as texts of a character for each byte: by Node, so at a fraction of the time. */
export function bytesIn(text: string, least: number): string[] {
  return ENCODINGS.flatMap(({ encoding, phases, others }) => {
    const digits = text.replace(others, "");
    if (digits.length < least) return [];
    return phases.map((phase) => Buffer.from(digits.slice(phase), encoding).toString("latin1"));
  });
}

/** Each digit holds `bits`; what is no digit ends a run. `phase` digits of each run are left out. */
function bytesOf(view: View, bits: number, phase: number, valueOf: (unit: number) => number): View {
  const made = new Making(view.units.length);
  let [skipped, value, have, first] = [0, 0, 0, 0];
  for (let at = 0; at < view.units.length; at++) {
    const digit = valueOf(view.units[at] ?? 0);
    if (digit < 0) {
      if (have > 0 || skipped > 0) made.put(GAP, at, at);
      [skipped, value, have] = [0, 0, 0];
    } else if (skipped < phase) skipped++;
    else {
      if (have === 0) first = at;
      value = ((value << bits) | digit) & 0xffff;
      have += bits;
      if (have < 8) continue;
      have -= 8;
      made.put((value >> have) & 0xff, view.from[first] ?? 0, view.to[at] ?? 0);
      first = at;
    }
  }
  return made.view();
}

function hexDigit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function base64Letter(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit - 65;
  if (unit >= 97 && unit <= 122) return unit - 71;
  if (unit >= 48 && unit <= 57) return unit + 4;
  if (unit === 43 || unit === 45) return 62; // + -
  return unit === 47 || unit === 95 ? 63 : -1; // / _
}

function hexAt({ units }: View, start: number, length: number): number | undefined {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const digit = hexDigit(units[at] ?? 0);
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

const textOf = ({ units }: View, start: number, end: number): string =>
  String.fromCharCode(...units.subarray(start, end));

/** A view as it grows; it is never longer than what it is read from. */
class Making {
  private readonly units: Uint16Array;
  private readonly from: Uint32Array;
  private readonly to: Uint32Array;
  private length = 0;

  constructor(most: number) {
    this.units = new Uint16Array(most);
    this.from = new Uint32Array(most);
    this.to = new Uint32Array(most);
  }

  put(unit: number, from: number, to: number): void {
    this.units[this.length] = unit;
    this.from[this.length] = from;
    this.to[this.length++] = to;
  }

  view(): View {
    return {
      units: this.units.subarray(0, this.length),
      from: this.from.subarray(0, this.length),
      to: this.to.subarray(0, this.length),
    };
  }
}
