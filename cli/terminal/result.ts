import { asJson } from "../../text";
import { type Terminal } from "./terminal";

/** Writes a result: for a person on a terminal, for a program in a pipe. */
export function tell(
  { json }: { json: boolean },
  terminal: Terminal,
  result: { text: (width: number) => string; json: unknown },
): void {
  terminal.out(json || !terminal.columns ? asJson(result.json) : result.text(terminal.columns()));
}
