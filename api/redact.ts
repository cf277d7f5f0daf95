const LONGEST = 300;
/** Below this a secret is likely to be part of ordinary words, and cutting it out would spell it. */
const SHORTEST = 4;

/** The vendor's words, made fit to print: one line, bounded, and without the secrets even if it repeats them. */
export function printable(text: string, secrets: readonly string[]): string {
  let clean = cutter(secrets)(text);
  // eslint-disable-next-line no-control-regex
  clean = clean.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

/** Cuts the secrets out of texts that are not changed otherwise. */
export function cutter(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.flatMap(formsOf);
  return (text) => {
    let clean = text;
    for (const form of forms) {
      if (!clean.includes(form)) continue;
      if (form.length < SHORTEST) return "(the vendor's message repeats a secret and is left out)";
      clean = clean.replaceAll(form, "[secret]");
    }
    return clean;
  };
}

/** Cuts texts at any depth, in place; a loop, since an answer may be nested deeper than calls can. */
export function cutAll(body: unknown, cut: (text: string) => string): unknown {
  const root: Record<string, unknown> = { body };
  const left: Record<string, unknown>[] = [root];
  for (let at = left.pop(); at; at = left.pop()) {
    for (const name of Object.keys(at)) {
      const value = at[name];
      if (typeof value === "string") at[name] = cut(value);
      else if (typeof value === "object" && value !== null) left.push(value as Record<string, unknown>);
    }
  }
  return root.body;
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
