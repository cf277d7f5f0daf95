/** The shortest text that is taken for a secret: a shorter one would blank out half of a message. */
const SHORTEST = 4;

/** Takes secrets out of a message, as they are and as they stand in a URL. */
export function redact(message: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return forms.reduce((text, secret) => text.split(secret).join("[secret]"), message);
}
