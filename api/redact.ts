const LONGEST = 300;
/** Below this a secret is likely to be part of ordinary words, and cutting it out would spell it. */
const SHORTEST = 4;

/** The vendor's words, made fit to print: one line, bounded, and without the secrets even if it repeats them. */
export function printable(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      if (!clean.includes(form)) continue;
      if (form.length < SHORTEST) return "(the vendor's message repeats a secret and is left out)";
      clean = clean.replaceAll(form, "[secret]");
    }
  }
  // eslint-disable-next-line no-control-regex
  clean = clean.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

function formsOf(secret: string): string[] {
  if (secret === "") return [];
  const plain = secret.replace(/\p{Surrogate}/gu, ""); // half a character cannot be encoded
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
    encodeURIComponent(plain),
  ];
  return [...new Set(forms)].filter((form) => form !== "").sort((a, b) => b.length - a.length);
}
