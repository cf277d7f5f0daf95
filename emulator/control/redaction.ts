export const MASK = "[secret]";

/** Names of fields and query parameters whose value no log and no state without ?secrets=1 shows. */
const SECRET_NAME = /pass|secret|token|key|authorization|signature|payment|rotationLink/i;
/** `keyName` and the like name a secret but hold none. */
const HARMLESS = new Set(["keyName", "idempotencyKey", "rotationTokenExpiresAt", "totalPayments"]);
/** Names of addresses, which a chain shows to all. */
const PUBLIC = new Set(["payTo"]);
const ADDRESS = /^0x[0-9a-f]{40}$/i;
/** Nothing that the emulator reads or holds has more levels. */
const MOST_LEVELS = 64;
/** Percent signs can be encoded themselves. */
const MOST_DECODINGS = 5;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS.has(name);
}

/**
 * Masks keys, tokens of 32 digits and given words wherever they stand. A text whose percent-encoding hides one is
 * shown decoded.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  const decoded = decode(text);
  const masked = mask(decoded, secrets);
  return masked === decoded ? mask(text, secrets) : masked;
}

/** Masks each text and number that stands under a secret name, and secrets in all other texts and names. */
export function redactBody(value: unknown, secrets: readonly string[] = [], name = "", level = 0): unknown {
  if (level > MOST_LEVELS) return "[too deep to be shown]";
  if (Array.isArray(value)) return value.map((each) => redactBody(each, secrets, name, level + 1));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([inner, each]) => [
        redactText(inner, secrets),
        redactBody(each, secrets, inner, level + 1),
      ]),
    );
  if (typeof value !== "string" && typeof value !== "number") return value;
  if (isSecretName(name)) return MASK;
  if (PUBLIC.has(name) && ADDRESS.test(String(value))) return value;
  return typeof value === "string" ? redactText(value, secrets) : value;
}

/** The forms in which a caller's own key may come back. Words of less than eight letters would mask too much. */
export function formsOf(secret: string): string[] {
  if (secret.length < 8) return [];
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  return [secret, base64, bytes.toString("base64url"), bytes.toString("hex")];
}

function mask(text: string, secrets: readonly string[]): string {
  return secrets
    .reduce((rest, secret) => rest.replaceAll(secret, MASK), text)
    .replace(/(\/rotate\/)[^/]+/g, `$1${MASK}`)
    .replace(/x402s_[A-Za-z0-9_-]{8,}/gi, MASK)
    .replace(/psx_[A-Za-z0-9_-]{8,}/gi, MASK)
    .replace(/[0-9a-f]{32,}/gi, MASK);
}

function decode(text: string): string {
  for (let times = 0; times < MOST_DECODINGS && text.includes("%"); times++) {
    const once = decodeOnce(text);
    if (once === text) break;
    text = once;
  }
  return text;
}

/** Byte by byte, so that what is no valid encoding elsewhere in the text does not keep the rest from being decoded. */
function decodeOnce(text: string): string {
  const codes = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] === "%" ? hexAt(text, at + 1) * 16 + hexAt(text, at + 2) : NaN;
    codes[length++] = Number.isNaN(byte) ? text.charCodeAt(at) : byte;
    if (!Number.isNaN(byte)) at += 2;
  }
  return Buffer.from(codes.buffer, 0, 2 * length).toString("utf16le");
}

/** 0 to 15, or NaN. */
function hexAt(text: string, at: number): number {
  const code = text.charCodeAt(at) | 0x20; // capitals become small, digits stay
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : NaN;
}
