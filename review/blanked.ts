/** Shorter ones are likely to be parts of ordinary words. */
const SHORTEST = 4;

/** A text without secrets, whatever it repeats: the last look at what is printed. */
export function blanked(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return forms.reduce((clean, form) => clean.replaceAll(form, "[secret]"), text);
}
