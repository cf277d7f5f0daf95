/** A value as JavaScript and TypeScript read it, on one line: `{ country: "DE", expiresIn: "30d" }`. */
export function literal(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return oneLine(JSON.stringify(value));
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([name, field]) => `${name}: ${literal(field)}`).join(", ")} }`;
}

/** These two end a line, and with it a comment; JSON leaves them as they are. */
const oneLine = (json: string): string =>
  json.replace(/[\u2028\u2029]/g, (sign) => (sign === "\u2028" ? "\\u2028" : "\\u2029"));
