import { type Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** Option of every command that changes something at the vendor, for parseArguments. */
export const CONSENT_OPTIONS = { yes: { type: "boolean", short: "y" } } as const;

export const CONSENT_HELP = `  --yes            do not ask, -y for short`;

interface Consent {
  yes: boolean;
  json: boolean;
}

/** @throws UsageError where nobody could be asked, before anything is. */
export function requireConsent({ yes, json }: Consent, { ask }: Terminal): void {
  if (!yes && (json || !ask))
    throw new UsageError(`this asks on a terminal first: ${json ? "with --json" : "without one"} add --yes`);
}

/** Whether the user wants it. */
export async function agreed({ yes }: Pick<Consent, "yes">, { ask }: Terminal, question: string): Promise<boolean> {
  if (yes) return true;
  return /^y(es)?$/i.test((await ask?.(`${question} [y/N] `))?.trim() ?? "");
}
