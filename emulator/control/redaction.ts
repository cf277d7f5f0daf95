export const MASK = "[secret]";

/** Names of fields and query parameters whose value no log and no state without ?secrets=1 shows. */
const SECRET_NAME = /pass|secret|token|key|authorization|signature|payment|rotationLink/i;
/** `keyName` and the like name a secret but hold none. */
const HARMLESS = new Set(["keyName", "idempotencyKey", "rotationTokenExpiresAt", "totalPayments"]);

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS.has(name);
}

/** Keys and 32-digit tokens are masked wherever in a path they stand. */
export function redactPath(path: string): string {
  return path
    .replace(/(\/rotate\/)[^/]+/g, `$1${MASK}`)
    .replace(/psx_[A-Za-z0-9_-]{8,}/g, MASK)
    .replace(/[0-9a-f]{32,}/gi, MASK);
}

/** Masks each text and number that stands under a secret name, and keys and tokens wherever they stand. */
export function redactBody(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => redactBody(each, name));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, redactBody(each, inner)]));
  if (typeof value !== "string" && typeof value !== "number") return value;
  if (isSecretName(name)) return MASK;
  return typeof value === "string" ? redactPath(value) : value;
}
