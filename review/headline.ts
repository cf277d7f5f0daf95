import { type Breach, breachLines } from "./breach";
import { isKnown, valueOf } from "./known";
import { isMore, sumOf } from "./leases";
import { type Plan } from "./plan";
import { type PortChange } from "./ports";
import { RENEWAL_REASONS } from "./renewals";
import { counted, countedThat, listed } from "./section";
import { type SlotPlan } from "./slots";
import { spent } from "./traffic-purchases";
import { Word } from "./word";

/** "2 ports to buy, 1 to renew (1 lease due), 12 stay; 1 lease to pay, at most 4.50 USDC; 50 GB to buy for 160.00 USD". */
export function headline({ errors, ports, leases, purchases }: Plan): string {
  const paid = [leasesText(leases), purchasesText(purchases)].filter((text) => text !== "");
  const isEmpty = ports.length === 0 && paid.length === 0;
  if (errors.length > 0 && isEmpty) return FAILED;
  const told = (ports.length === 0 && !isEmpty ? paid : [portsText(ports), ...paid]).join("; ");
  return errors.length > 0 ? `${FAILED}; as far as it came: ${told}` : told;
}

const FAILED = "the preview failed";

function leasesText(leases: Plan["leases"]): string {
  const paid = leases.filter(({ mostNow }) => !isKnown(mostNow) || isMore(mostNow.value, 0));
  if (paid.length === 0) return "";
  const isSure = paid.every(({ mostNow }) => isKnown(mostNow));
  const most = isSure ? `at most ${sumOf(paid.map(({ mostNow }) => valueOf(mostNow)))} USDC` : "of an unknown price";
  return `${counted(paid.length, "lease")} to pay, ${most}`;
}

function purchasesText(purchases: Plan["purchases"]): string {
  const bought = purchases.filter(({ amountGB }) => !isKnown(amountGB) || amountGB.value > 0);
  if (bought.length === 0) return "";
  const gigabytes = bought.reduce((sum, { amountGB }) => sum + (valueOf(amountGB) ?? 0), 0);
  const what = bought.every(({ amountGB }) => isKnown(amountGB)) ? `${gigabytes} GB of traffic` : "traffic";
  const isSure = bought.every(({ mostNow }) => isKnown(mostNow));
  const isPriced = bought.every(({ price }) => isKnown(price));
  const price = isSure ? `for ${isPriced ? "" : "at most "}${spent(bought).toFixed(2)} USD` : "at an unknown price";
  return `${what} to buy ${price}`;
}

function portsText(ports: readonly PortChange[]): string {
  const of = (does: PortChange["does"]): number => ports.filter((port) => port.does === does).length;
  const renamed = ports.filter(({ formerName }) => formerName !== undefined).length;
  const parts: [number, string][] = [
    [of("buy"), "to buy"],
    [of("adopt"), "to adopt"],
    [of("renew"), `to renew${reasons(ports, "renew", RENEWAL_REASONS)}`],
    [of("replace"), `to replace${reasons(ports, "replace", ["slot type"])}`],
    [of("move"), "to move"],
    [renamed, "to rename"],
    [of("change"), "to change"],
    [of("release"), "to release"],
    [of("leave"), "to leave"],
    [of("finish"), "to rid of old ports"],
  ];
  const told = parts.filter(([count]) => count > 0);
  const stay = ports.filter(({ does, formerName }) => does === "keep" && formerName === undefined).length;
  if (told.length === 0) return stay === 0 ? "no ports" : `no change; ${countedThat(stay, "port", "stay")}`;
  const first = told.map(([count, what], index) => `${index === 0 ? counted(count, "port") : count} ${what}`);
  return [...first, ...(stay > 0 ? [`${stay} ${stay === 1 ? "stays" : "stay"}`] : [])].join(", ");
}

/** Only the provider's own reasons: others are the user's words. */
function reasons(ports: readonly PortChange[], deed: PortChange["does"], known: readonly string[]): string {
  const why = ports.filter(({ does }) => does === deed).flatMap((port) => port.why);
  const told = known.flatMap((reason) => {
    const count = why.filter((one) => one === reason).length;
    return count > 0 ? [`${count} ${reason}`] : [];
  });
  return told.length > 0 ? ` (${told.join(", ")})` : "";
}

/** What will fail at the vendor, or is missing here; a line each. */
export function warnings({ ports, slots, stock, incomplete, purchases, balance }: Plan): Word[] {
  const lines: string[] = incomplete === undefined ? [] : [incomplete];
  lines.push(...idleWarnings(ports));
  const price = spent(purchases.filter(({ account, price: one }) => account === undefined && isKnown(one)));
  if (isKnown(balance) && price > balance.value)
    lines.push(
      `balance: traffic costs ${price.toFixed(2)} USD, there are ${balance.value.toFixed(2)}: a purchase will fail`,
    );
  for (const plan of slots) lines.push(...slotWarnings(plan));
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

/** Ports that the run leaves as they are although no client can use them. */
function idleWarnings(ports: readonly PortChange[]): string[] {
  const idle = ports.filter(({ does, serves }) => !serves && STAYING.includes(does)).map(({ name }) => name);
  if (idle.length === 0) return [];
  const [stays, its] = idle.length === 1 ? ["stays and does", "its lease is"] : ["stay and do", "their leases are"];
  return [`ports: ${listed(idle, 5)} ${stays} not serve: suspended, or ${its} over; \`proxies-sx check\` shows which`];
}

const STAYING: readonly PortChange["does"][] = ["keep", "move", "change", "finish"];

function slotWarnings(plan: SlotPlan): string[] {
  const { slotType, free, needed, lacking, renewals, renewsWithGap, renewsNone, releasedEarly, retiring } = plan;
  if (!isKnown(free) || !isKnown(lacking)) return [];
  const lines: string[] = [];
  if (lacking.value > 0) {
    const old = retiring.before > 0 ? `, ${retiring.before} of old ports` : "";
    const fails = `${counted(lacking.value, "purchase")} will fail`;
    lines.push(`slots: needs ${needed} ${slotType}, ${free.value} free${old}: ${fails}`);
  }
  if (renewsNone) {
    const stays = renewals === 1 ? "its old port stays" : "their old ports stay";
    lines.push(
      `slots: more ${slotType} slots are used than there are: ${counted(renewals, "renewal")} will fail, and ${stays}`,
    );
  } else if (renewsWithGap) {
    lines.push(
      `slots: no ${slotType} slot is free for ${counted(renewals, "renewal")}: ${renewals === 1 ? "it" : "each"} releases its old port before it buys the new one`,
    );
  } else if (releasedEarly > 0) {
    lines.push(
      `slots: ${counted(releasedEarly, `old ${slotType} port`)} ${releasedEarly === 1 ? "is" : "are"} released early: no slot is left for ${releasedEarly === 1 ? "it" : "them"}`,
    );
  }
  return lines;
}

export const brokenLimits = ({ breaches }: Plan): Word[] => lines(breaches.filter(({ unchecked }) => !unchecked));
export const uncheckedLimits = ({ breaches }: Plan): Word[] => lines(breaches.filter(({ unchecked }) => unchecked));

const lines = (breaches: readonly Breach[]): Word[] => breachLines(breaches).map((line) => new Word(line));
