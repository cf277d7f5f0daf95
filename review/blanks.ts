import { printable } from "../api/redact";

/** Shorter ones are likely to be parts of ordinary words. */
const SHORTEST = 4;

/** Cuts secrets out of what is printed. Their forms are made once: a large stack has thousands of words. */
export class Blanks {
  private readonly forms: string[];

  constructor(readonly secrets: readonly string[]) {
    const long = secrets.filter((secret) => secret.length >= SHORTEST);
    this.forms = [...new Set(long.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  }

  in(text: string): string {
    return this.forms.reduce(
      (clean, form) => (clean.includes(form) ? clean.replaceAll(form, "[secret]") : clean),
      text,
    );
  }

  /** One line, bounded. */
  word(text: string): string {
    return printable(this.in(text), []);
  }

  and(...secrets: string[]): Blanks {
    return new Blanks([...this.secrets, ...secrets]);
  }
}

const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64"),
  encodeURIComponent(secret.replace(/\p{Surrogate}/gu, "")), // half a character cannot be encoded
];
