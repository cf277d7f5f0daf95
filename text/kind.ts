/**
 * For the error of an input, whose value may be a secret that stands in the wrong place: "a text was given", "a list was
 * given", "nothing was given".
 */
export const kindGiven = (value: unknown): string => `${kindOf(value)} was given`;

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value.trim() === "" ? "an empty text" : "a text";
  if (typeof value === "number") return Number.isInteger(value) ? "a whole number" : "a number that is not whole";
  if (typeof value === "boolean") return "true or false";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
