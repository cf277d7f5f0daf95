import { type z } from "zod";

/**
 * What a person or a program gave, checked whole before any of it counts.
 * @param what "a fault has no field", the beginning of the sentence on an unknown name.
 * @param known The names that there are, where the sentence is to list them.
 * @throws one line that names the field, and no value.
 */
export function validate<T>(schema: z.ZodType, value: unknown, what: string, known: readonly string[] = []): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data as T;
  const [issue] = result.error.issues as [z.core.$ZodIssue];
  const at = issue.path.join(".").slice(0, 80);
  if (issue.code === "unrecognized_keys") {
    const name = quoted([...issue.path, ...issue.keys.slice(0, 1)].join("."));
    throw new Error(`${what} ${name}${known.length > 0 ? `; it has ${known.join(", ")}` : ""}`);
  }
  throw new Error(at === "" ? issue.message : `${at}: ${issue.message}`);
}

/** A word of the caller's in a message: one line, bounded. */
export const quoted = (word: string): string => JSON.stringify(word.length > 80 ? `${word.slice(0, 80)}…` : word);
