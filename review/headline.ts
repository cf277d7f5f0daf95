import { type Breach, breachLine } from "./breach";
import { isKnown } from "./known";
import { type Plan } from "./plan";
import { type PortChange } from "./ports";
import { counted } from "./section";
import { Word } from "./word";

/** "2 ports bought, 1 replaced (lease due), 12 stay". */
export function headline({ ports }: Plan): string {
  const of = (does: PortChange["does"]): number => ports.filter((port) => port.does === does).length;
  const renamed = ports.filter(({ formerName }) => formerName !== undefined).length;
  const parts: [number, string][] = [
    [of("buy"), "bought"],
    [of("adopt"), "adopted"],
    [of("replace"), `replaced${reasons(ports)}`],
    [of("move"), "moved"],
    [renamed, "renamed"],
    [of("change"), "changed"],
    [of("release"), "released"],
    [of("leave"), "left"],
  ];
  const told = parts.filter(([count]) => count > 0);
  const stay = ports.filter(({ does, formerName }) => does === "keep" && formerName === undefined).length;
  if (told.length === 0) return stay === 0 ? "no ports" : `no change; ${counted(stay, "port")} stay`;
  const first = told.map(([count, what], index) => `${index === 0 ? counted(count, "port") : count} ${what}`);
  return [...first, ...(stay > 0 ? [`${stay} stay`] : [])].join(", ");
}

/** Only the provider's own reasons: others are the user's words. */
function reasons(ports: readonly PortChange[]): string {
  const known = ["lease due", "expired", "slot type"];
  const why = ports.filter(({ does }) => does === "replace").flatMap((port) => port.why);
  const told = known.flatMap((reason) => {
    const count = why.filter((one) => one === reason).length;
    return count > 0 ? [`${count} ${reason}`] : [];
  });
  return told.length > 0 ? ` (${told.join(", ")})` : "";
}

/** What will fail at the vendor, or is missing here; a line each. */
export function warnings({ slots, stock, incomplete }: Plan): Word[] {
  const lines: string[] = incomplete === undefined ? [] : [incomplete];
  for (const { slotType, free, needed } of slots) {
    if (isKnown(free) && needed > free.value) {
      lines.push(
        `slots: needs ${needed} ${slotType}, ${free.value} free: ${counted(needed - free.value, "purchase")} will fail`,
      );
    }
  }
  for (const { country, carrier = "", slotType, needed, free } of stock) {
    if (isKnown(free) && needed > free.value) {
      const place = [country, carrier, slotType].filter(Boolean).join(" ");
      lines.push(
        `stock: ${place} needs ${counted(needed, "device")}, ${free.value} free: ${needed - free.value} will fail`,
      );
    }
  }
  return lines.map((line) => new Word(line));
}

export const brokenLimits = ({ breaches }: Plan): Word[] => lines(breaches.filter(({ unchecked }) => !unchecked));
export const uncheckedLimits = ({ breaches }: Plan): Word[] => lines(breaches.filter(({ unchecked }) => unchecked));

const lines = (breaches: readonly Breach[]): Word[] => breaches.map((one) => new Word(breachLine(one)));
