import { asJson } from "./clean";

/** A value as JavaScript and TypeScript read it, on one line: `{ country: "DE", expiresIn: "30d" }`. */
export function literal(value: unknown): string {
  if (Array.isArray(value) && value.some(isObject)) return `[${value.map(literal).join(", ")}]`;
  if (!isObject(value) || Array.isArray(value)) return asJson(value, 0);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([name, field]) => `${nameOf(name)}: ${literal(field)}`).join(", ")} }`;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What is no plain name would be read as code. */
const nameOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : asJson(name, 0));
