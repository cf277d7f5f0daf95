import { isPortId, samePortId } from "../../domain/port-id";
import { UsageError } from "../terminal/usage-error";

/** The ids of ports among the arguments, each once. What is none is not repeated: it may be a key. */
export function portIds(texts: string[]): string[] {
  if (!texts.every(isPortId)) throw new UsageError("an id of a port is 24 hexadecimal digits");
  return [...new Set(texts.map(samePortId))];
}
