/**
 * The limits of `proxies-sx plan` as policies of Pulumi (CrossGuard).
 *
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { proxiesPolicies } from "pulumi-proxies-sx/policy";
 *
 * new PolicyPack("proxies", { policies: proxiesPolicies({ countries: ["DE", "GB"], maxPorts: 50 }) });
 * ```
 * @module
 */
import type {
  EnforcementLevel,
  Policies,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type AccountFacts } from "./account";
import { type Breach, breachLine, type LimitName } from "./breach";
import { breachesOfLimit, LIMIT_RULES, type Reviewed } from "./limit-rules";
import { type Limits, readLimits } from "./limits";
import { accountOfPack, askAccountOfPack } from "./policy-account";
import { managedPort, reviewedStack, stackOf } from "./policy-resources";
import { isKind } from "../domain/kinds";
import { clean } from "../text";

export type { Limits } from "./limits";

/** How strict policies are. Pulumi's own configuration of a policy pack goes before it. */
export interface PolicyLevels {
  /** For all of them. @default "mandatory" */
  enforcementLevel?: EnforcementLevel;
  /** For single limits, by name. */
  levels?: Partial<Record<keyof Limits, EnforcementLevel>>;
}

/**
 * One policy for each limit that is set.
 *
 * @param limits what is allowed: an object, or the contents of the file that `proxies-sx plan --limits` reads
 */
export function proxiesPolicies(limits: Limits, levels: PolicyLevels = {}): Policies {
  const checked = readLimits(limits, "proxiesPolicies");
  const names = (Object.keys(LIMIT_RULES) as LimitName[]).filter((name) => checked[name] !== undefined);
  let asked: Promise<AccountFacts> | undefined;
  const ask = (): Promise<AccountFacts> => (asked ??= askAccountOfPack());
  return names.map((name) => {
    const about = {
      name: policyName(name),
      description: LIMIT_RULES[name].description,
      enforcementLevel: levels.levels?.[name] ?? levels.enforcementLevel ?? "mandatory",
    };
    return LIMIT_RULES[name].needs === "port"
      ? portPolicy(name, checked, about)
      : stackPolicy(name, checked, about, ask);
  });
}

interface About {
  name: string;
  description: string;
  enforcementLevel: EnforcementLevel;
}

/** "proxies-sx-max-ports" */
const policyName = (limit: LimitName): string =>
  `proxies-sx-${limit.replace(/[A-Z]+/g, (capitals) => `-${capitals.toLowerCase()}`)}`;

/** Reported as soon as the program declares the port. */
function portPolicy(name: LimitName, limits: Limits, about: About): ResourceValidationPolicy {
  const validateResource = (resource: ResourceValidationArgs, report: ReportViolation): void => {
    const port = isKind("Port", resource.type) ? managedPort(resource) : undefined;
    if (!port) return;
    const reviewed: Reviewed = {
      stack: stackOf(resource.urn),
      ports: [port],
      logins: [],
      leases: [],
      purchases: [],
      account: NO_ACCOUNT,
    };
    tell(breachesOfLimit(name, limits, reviewed), report);
  };
  return { ...about, validateResource };
}

/** @param ask for the account, which is asked once for all policies of a pack */
function stackPolicy(
  name: LimitName,
  limits: Limits,
  about: About,
  ask: () => Promise<AccountFacts>,
): StackValidationPolicy {
  return {
    ...about,
    validateStack: async ({ resources }, report) => {
      const { ports, logins, leases, purchases } = reviewedStack(resources);
      const isPaid = leases.length + purchases.length > 0;
      if (ports.length === 0 && (!isPaid || LIMIT_RULES[name].needs === "account")) return;
      const account = LIMIT_RULES[name].needs === "account" ? await accountOfPack(resources, await ask()) : NO_ACCOUNT;
      const stack = stackOf(resources[0]?.urn ?? "");
      tell(breachesOfLimit(name, limits, { stack, ports, logins, leases, purchases, account }), report);
    },
  };
}

const NO_ACCOUNT: Reviewed["account"] = {
  freeSlots: {},
  trafficGB: {},
  monthlyCost: { unknown: "it was not asked" },
  currency: "",
};

function tell(breaches: Breach[], report: ReportViolation): void {
  for (const breach of breaches) report(clean(breachLine(breach), { max: 2_000 }), breach.urn);
}
