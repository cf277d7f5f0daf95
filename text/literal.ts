import { asJson } from "../../text";

/** A value as JavaScript and TypeScript read it, on one line: `{ country: "DE", expiresIn: "30d" }`. */
export function literal(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return asJson(value, 0);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([name, field]) => `${name}: ${literal(field)}`).join(", ")} }`;
}
