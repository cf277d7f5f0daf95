import { sameName } from "../domain/place-names";
import { formatDuration, parseDuration } from "../domain/duration";
import { type Breach, type LimitName } from "./breach";
import { countryCode } from "./country-code";
import { isKnown, type Known, valueOf } from "./known";
import { isMore, type LeaseChange, sumOf } from "./leases";
import { type Limits } from "./limits";
import { counted } from "./section";
import { spent, type TrafficPurchaseChange } from "./traffic-purchases";

/** What limits are held against, whoever tells it: a preview, or the engine to a policy pack. */
export interface Reviewed {
  stack: string;
  ports: ReviewedPort[];
  logins: ReviewedLogin[];
  leases: ReviewedLease[];
  purchases: ReviewedPurchase[];
  account: ReviewedAccount;
}

/** A port after the run. What is undefined is known only when the program runs. */
export interface ReviewedPort {
  urn: string;
  name: string;
  /** ISO code where it can be told. */
  country?: string;
  /** Empty: any. */
  carrier?: string;
  leaseSeconds?: number;
  hasFingerprint: boolean;
  rotates: boolean;
  protect: boolean;
}

export interface ReviewedLogin {
  urn: string;
  name: string;
  /** Where its password comes from, as far as the engine tells. */
  password: "resource" | "resource or settings" | "code";
}

/** What a lease that a wallet pays for costs, in USDC. */
export type ReviewedLease = Pick<LeaseChange, "urn" | "name" | "mostNow" | "paidLately">;

/** What a purchase of traffic costs, in US dollars. */
export type ReviewedPurchase = Pick<TrafficPurchaseChange, "urn" | "name" | "mostNow">;

export interface ReviewedAccount {
  /** By slot type in use. */
  freeSlots: Record<string, Known<number>>;
  trafficGB: Record<string, Known<number>>;
  monthlyCost: Known<number>;
  currency: string;
}

type Found = Omit<Breach, "limit">;

/** A limit, what it says to people, and how it is checked. */
interface Rule<Name extends LimitName> {
  description: string;
  /** `port`: one port is enough to check it. `account`: it needs the account's look-ups. */
  needs: "port" | "stack" | "account";
  check(limit: NonNullable<Limits[Name]>, reviewed: Reviewed): Found[];
}

export const LIMIT_RULES: { [Name in LimitName]: Rule<Name> } = {
  countries: {
    description: "Ports are in allowed countries only.",
    needs: "port",
    check: (allowed, { ports }) => {
      const codes = allowed.map((word) => countryCode(word));
      return ports
        .filter(({ country }) => country === undefined || !codes.includes(countryCode(country)))
        .map((port) =>
          port.country === undefined
            ? later(port, "the country", "Name one of the allowed countries in the program")
            : found(
                port,
                `${port.country} is not one of ${allowed.join(", ")}`,
                "Choose one of these, by its ISO code, or add it to the limit.",
              ),
        );
    },
  },
  carriers: {
    description: "Ports have allowed carriers only.",
    needs: "port",
    check: (allowed, { ports }) =>
      ports
        .filter(({ carrier }) => carrier === undefined || !allowed.some((one) => sameName(one, carrier)))
        .map((port) =>
          port.carrier === undefined
            ? later(port, "the carrier", "Name one of the allowed carriers in the program")
            : found(
                port,
                `${port.carrier === "" ? "any carrier" : port.carrier} is not one of ${allowed.join(", ")}`,
                "Name one of these as carrier, or add it to the limit.",
              ),
        ),
  },
  maxLease: {
    description: "Leases are not longer than allowed.",
    needs: "port",
    check: (limit, { ports }) => {
      const most = parseDuration(limit) ?? 0;
      return ports
        .filter(({ leaseSeconds }) => leaseSeconds === undefined || leaseSeconds > most)
        .map((port) =>
          port.leaseSeconds === undefined
            ? later(port, "expiresIn", "Write it in the program")
            : found(
                port,
                `a lease of ${formatDuration(port.leaseSeconds)}, at most ${formatDuration(most)} allowed`,
                "Make expiresIn shorter, or raise the limit.",
              ),
        );
    },
  },
  protectStacks: {
    description: "Ports of these stacks are protected from deletion.",
    needs: "port",
    check: (patterns, { stack, ports }) =>
      patterns.some((pattern) => fits(stack, pattern))
        ? ports
            .filter(({ protect }) => !protect)
            .map((port) => found(port, `not protected in the stack ${stack}`, "Set the option protect: true."))
        : [],
  },
  requireFingerprint: {
    description: "Each port presents the fingerprint of an operating system.",
    needs: "stack",
    check: (wanted, { ports }) =>
      wanted
        ? ports
            .filter(({ hasFingerprint }) => !hasFingerprint)
            .map((port) => found(port, "no fingerprint", "Set osFingerprint, or declare an OsFingerprint for it."))
        : [],
  },
  requireRotation: {
    description: "Each port rotates automatically.",
    needs: "stack",
    check: (wanted, { ports }) =>
      wanted
        ? ports
            .filter(({ rotates }) => !rotates)
            .map((port) => found(port, "no automatic rotation", "Declare a RotationSettings for it."))
        : [],
  },
  noPasswordInCode: {
    description: "No password of a port stands in the program.",
    needs: "stack",
    check: (wanted, { logins }) =>
      wanted
        ? logins
            .filter(({ password }) => password === "code")
            .map((login) =>
              found(
                login,
                "the password comes from no resource and no secret setting",
                "Generate it with random.RandomPassword, or keep it with `pulumi config set --secret`.",
              ),
            )
        : [],
  },
  maxPorts: {
    description: "The stack has no more ports than allowed.",
    needs: "stack",
    check: (most, { stack, ports }) =>
      ports.length > most
        ? [
            ofStack(
              stack,
              `${counted(ports.length, "port")}, at most ${most} allowed`,
              "Declare fewer, or raise the limit.",
            ),
          ]
        : [],
  },
  maxMonthlyCost: {
    description: "The stack costs no more in 30 days than allowed.",
    needs: "account",
    check: (most, { stack, account: { monthlyCost, currency } }) => {
      if (!isKnown(monthlyCost)) return [unknown(stack, "the cost", monthlyCost.unknown)];
      if (monthlyCost.value <= most) return [];
      const value = `${money(monthlyCost.value)} ${currency} in 30 days, at most ${money(most)} allowed`;
      return [ofStack(stack, value, "Declare fewer or cheaper ports, or raise the limit.")];
    },
  },
  maxSpendPerRun: {
    description: "One run spends no more of the account's balance than allowed.",
    needs: "stack",
    check: (most, { stack, purchases }) => {
      const open = purchases.filter(({ mostNow }) => !isKnown(mostNow));
      if (open.length > 0) return open.map((one) => later(one, "maxPrice", "Write it in the program"));
      const sum = spent(purchases);
      // Cents are exact in no sum of fractions.
      if (sum <= most + 1e-6) return [];
      const value = `up to ${money(sum)} USD in one run, at most ${money(most)} allowed`;
      return [ofStack(stack, value, "Buy less, lower maxPrice, or raise the limit.")];
    },
  },
  maxUsdcPerRun: {
    description: "Wallets pay no more USDC in one run than allowed.",
    needs: "stack",
    check: (most, { stack, leases }) =>
      tooMuchUsdc(
        leases,
        leases.map(({ mostNow }) => valueOf(mostNow)),
        most,
        stack,
        "in one run",
      ),
  },
  maxUsdcPerMonth: {
    description: "Wallets pay no more USDC in 30 days than allowed.",
    needs: "stack",
    check: (most, { stack, leases }) =>
      tooMuchUsdc(
        leases,
        leases.flatMap(({ mostNow, paidLately }) => [valueOf(mostNow), paidLately]),
        most,
        stack,
        "in 30 days",
      ),
  },
  minFreeSlots: {
    description: "Enough slots stay free.",
    needs: "account",
    check: (least, { stack, account }) =>
      tooLittle(stack, account.freeSlots, least, (type) => `free ${type} slots`, "Release ports, or buy slots."),
  },
  minTrafficGB: {
    description: "Enough traffic is left.",
    needs: "account",
    check: (least, { stack, account }) =>
      tooLittle(
        stack,
        account.trafficGB,
        least,
        (type) => `GB of ${type} traffic left`,
        "Buy traffic, or lower the limit.",
      ),
  },
};

/** All that does not hold, in the order of the rules. */
export function breachesOf(limits: Limits, reviewed: Reviewed): Breach[] {
  return (Object.keys(LIMIT_RULES) as LimitName[]).flatMap((name) => breachesOfLimit(name, limits, reviewed));
}

export function breachesOfLimit<Name extends LimitName>(name: Name, limits: Limits, reviewed: Reviewed): Breach[] {
  const limit = limits[name];
  if (limit === undefined) return [];
  const rule: Rule<Name> = LIMIT_RULES[name];
  return rule.check(limit, reviewed).map((one) => ({ limit: name, ...one }));
}

type Named = { urn: string; name: string };

const found = ({ urn, name }: Named, value: string, advice: string): Found => ({
  resource: name,
  urn,
  value,
  advice,
  unchecked: false,
});

const later = (named: Named, what: string, advice: string): Found => ({
  ...found(named, `${what} is known only when the program runs, so it cannot be checked`, `${advice}.`),
  unchecked: true,
});

const ofStack = (stack: string, value: string, advice: string): Found => ({
  resource: `stack ${stack}`,
  value,
  advice,
  unchecked: false,
});

const unknown = (stack: string, what: string, reason: string): Found => ({
  ...ofStack(stack, `${what} cannot be checked (${reason})`, "Give a key that may read it, or remove the limit."),
  unchecked: true,
});

function tooLittle(
  stack: string,
  amounts: Record<string, Known<number>>,
  least: number,
  what: (slotType: string) => string,
  advice: string,
): Found[] {
  return Object.entries(amounts).flatMap(([slotType, amount]) => {
    if (!isKnown(amount)) return [unknown(stack, `the number of ${what(slotType)}`, amount.unknown)];
    if (amount.value >= least) return [];
    const value = `${what(slotType)}: ${Math.floor(amount.value * 100) / 100}, at least ${least} required`;
    return [ofStack(stack, value, advice)];
  });
}

function tooMuchUsdc(
  leases: readonly ReviewedLease[],
  amounts: readonly (string | undefined)[],
  most: number,
  stack: string,
  when: string,
): Found[] {
  const open = leases.filter(({ mostNow }) => !isKnown(mostNow));
  if (open.length > 0) return open.map((lease) => later(lease, "maxPrice", "Write it in the program"));
  const sum = sumOf(amounts);
  if (!isMore(sum, most)) return [];
  const value = `up to ${sum} USDC ${when}, at most ${sumOf([most])} allowed`;
  return [ofStack(stack, value, "Declare fewer leases, lower their maxPrice, or raise the limit.")];
}

const money = (amount: number): string => amount.toFixed(2);

/** "prod*" fits "prod-eu". Each part is looked for once, behind the one before: no pattern takes long. */
export function fits(stack: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return stack === pattern;
  if (!stack.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = stack.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return stack.length - last.length >= at && stack.endsWith(last);
}
