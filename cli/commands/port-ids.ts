import { UsageError } from "../terminal/usage-error";

/** As the vendor has them. */
export const isPortId = (text: string): boolean => /^[0-9a-f]{24}$/i.test(text);

/** The ids of ports among the arguments, each once. What is none is not repeated: it may be a key. */
export function portIds(texts: string[]): string[] {
  if (!texts.every(isPortId)) throw new UsageError("an id of a port is 24 hexadecimal digits");
  return [...new Set(texts.map((id) => id.toLowerCase()))];
}
