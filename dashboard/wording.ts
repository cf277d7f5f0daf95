const DAY_MS = 86_400_000;

/** "29 d 23 h", "5 h 0 min", "12 min", "40 s". */
function span(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

/** "in 3 d 4 h", "2 h 5 min ago", "now" */
export function fromNow(at: number, now: number): string {
  if (Math.abs(at - now) < 1_000) return "now";
  return at > now ? `in ${span(at - now)}` : `${span(at - now)} ago`;
}

/** Which run releases an old port of a renewal: "the next run", "the first run after 5 h 0 min" */
export const releaseText = ({ releaseAt = 0 }: { releaseAt?: number }, now: number): string =>
  releaseAt - now < 1_000 ? "the next run" : `the first run ${fromNow(releaseAt, now).replace(/^in /, "after ")}`;

/** "2026-01-15 12:00 UTC" */
export const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** "12.3 GB" */
export const gigabytes = (gb: number | undefined): string => (gb === undefined ? "–" : `${number(gb)} GB`);

/** At most three digits that count: "0.042", "1.23", "45.6", "1,234". */
export const number = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3 });

export const percent = (share: number | undefined): string =>
  share === undefined ? "–" : `${(Math.floor(share * 1_000) / 10).toLocaleString("en-US")} %`;

/** "12 d"; "over a year" where a number would say too much. */
export const daysText = (days: number): string =>
  days > 365 ? "over a year" : days < 1 ? span(days * DAY_MS) : `${Math.floor(days)} d`;

/** "2,000" */
export const whole = (n: number): string => n.toLocaleString("en-US");

/** "1 port", "2 ports" */
export const count = (n: number, noun: string): string => `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;
