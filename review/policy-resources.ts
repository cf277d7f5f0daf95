import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { parseDuration } from "../domain/duration";
import { countryCode } from "./country-code";
import { mostFor, paidLately, updateOf } from "./leases";
import {
  type Reviewed,
  type ReviewedLease,
  type ReviewedLogin,
  type ReviewedPort,
  type ReviewedPurchase,
} from "./limit-rules";
import { isDefault } from "../domain/account-in-state";
import { LATER, type PortFacts } from "./ports";
import { retiringIn } from "./retiring";
import { mostForDeclared } from "./traffic-purchases";
import { isKind, kindOfType, type SettingKind } from "../domain/kinds";

/** What both kinds of policies are given of a resource. */
type Resource = Pick<ResourceValidationArgs, "urn" | "name" | "type" | "props" | "opts">;

/** Stands for a value that is known only when the program runs. */
const UNKNOWN = Symbol("unknown");

/** The engine's property. Reading one that is not known yet throws. */
function valueIn({ props }: Resource, name: string): unknown {
  try {
    return props[name] as unknown;
  } catch {
    return UNKNOWN;
  }
}

const textIn = (resource: Resource, name: string): string | undefined => {
  const value = valueIn(resource, name);
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** A port that the stack manages. One that is only read was never asked for with a lease. */
export function managedPort(resource: Resource, settings: SettingsOf = NO_SETTINGS): ReviewedPort | undefined {
  const { urn, name, opts } = resource;
  const expiresIn = valueIn(resource, "expiresIn");
  if (expiresIn === undefined) return undefined;
  const country = textIn(resource, "country");
  const carrier = valueIn(resource, "carrier");
  const leaseSeconds = parseDuration(expiresIn);
  const fingerprint = valueIn(resource, "osFingerprint");
  return {
    urn,
    name,
    ...(country !== undefined && { country: countryCode(country) }),
    ...(carrier !== UNKNOWN && { carrier: typeof carrier === "string" ? carrier : "" }),
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    hasFingerprint: (fingerprint !== undefined && fingerprint !== "") || settings.OsFingerprint.has(urn),
    rotates: settings.RotationSettings.has(urn),
    protect: opts.protect,
  };
}

/** "urn:pulumi:dev::…" */
export const stackOf = (urn: string): string => /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";

export function reviewedStack(resources: readonly PolicyResource[]): Omit<Reviewed, "stack" | "account"> {
  const ports = resources.filter(({ type }) => isKind("Port", type));
  const settings = settingsOf(resources, ports);
  return {
    ports: ports.flatMap((port) => managedPort(port, settings) ?? []),
    logins: resources.filter(({ type }) => kindOfType(type) === "Credentials").map(loginOf),
    leases: resources.filter(({ type }) => isKind("X402Lease", type)).map((lease) => leaseOf(lease, Date.now())),
    purchases: resources.filter(({ type }) => isKind("TrafficPurchase", type)).map(purchaseOf),
  };
}

const LEASE_VALUES = [
  ...["country", "carrier", "city", "trafficGB", "trafficAllocatedGB", "maxPrice", "onExpired"],
  ...["status", "createdAt", "expiresAt", "receipts"],
];

/** One that has no session yet is paid for. */
function leaseOf(lease: PolicyResource, now: number): ReviewedLease {
  const values = Object.fromEntries(LEASE_VALUES.map((name) => [name, valueIn(lease, name)]));
  const isThere = textIn(lease, "sessionId") !== undefined;
  const does = isThere ? (updateOf(values, values, now) ?? "keep") : "pay";
  const { urn, name } = lease;
  return { urn, name, mostNow: mostFor(does, values), paidLately: paidLately(values, now) };
}

function purchaseOf(purchase: PolicyResource): ReviewedPurchase {
  const { urn, name } = purchase;
  const values = { boughtGB: valueIn(purchase, "boughtGB"), maxPrice: valueIn(purchase, "maxPrice") };
  return { urn, name, mostNow: mostForDeclared(values) };
}

/** URNs of ports that have settings of a kind. */
type SettingsOf = Record<Exclude<SettingKind, "Credentials">, ReadonlySet<string>>;
const NO_SETTINGS: SettingsOf = { RotationSettings: new Set(), OsFingerprint: new Set() };

function settingsOf(resources: readonly PolicyResource[], ports: readonly PolicyResource[]): SettingsOf {
  const portsWith = (kind: SettingKind, counts: (resource: PolicyResource) => boolean): Set<string> =>
    new Set(
      resources
        .filter((resource) => kindOfType(resource.type) === kind && counts(resource))
        .flatMap((resource) => portsOf(resource, ports)),
    );
  return {
    RotationSettings: portsWith("RotationSettings", (one) => valueIn(one, "enabled") !== false),
    OsFingerprint: portsWith("OsFingerprint", (one) => valueIn(one, "osFingerprint") !== ""),
  };
}

function portsOf(settings: PolicyResource, ports: readonly PolicyResource[]): string[] {
  const from = settings.propertyDependencies.port ?? [];
  if (from.length > 0) return from.map(({ urn }) => urn);
  const id = textIn(settings, "port");
  return ports.filter((port) => id !== undefined && textIn(port, "portId") === id).map(({ urn }) => urn);
}

/** A password that no resource made is a setting if the stack has one of that value, which the pack is given. */
function loginOf(login: PolicyResource): ReviewedLogin {
  const { urn, name } = login;
  if ((login.propertyDependencies.proxyPassword ?? []).length > 0) return { urn, name, password: "resource" };
  const password = textIn(login, "proxyPassword");
  const isSetting = password !== undefined && settingValues().some((value) => holds(value, password));
  return { urn, name, password: isSetting ? "resource or settings" : "code" };
}

/** A setting of several values is JSON. */
const holds = (setting: string, value: string): boolean => setting === value || setting.includes(JSON.stringify(value));

/** The stack's settings as the engine gives them to a policy pack, decrypted: they stay in here. */
export function stackSettings(): Record<string, string> {
  try {
    return JSON.parse(process.env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}

const settingValues = (): string[] => Object.values(stackSettings()).filter((value) => typeof value === "string");

/** Whether a port belongs to the stack's own account, not to that of another provider resource. */
const isOwn = ({ provider }: PolicyResource): boolean => provider === undefined || isDefault(provider.name);

/** Ids of old ports of renewals, as the state names them: they hold a slot until a later run releases them. */
export const retiringPorts = (resources: readonly PolicyResource[], slotType: string): string[] =>
  resources
    .filter(
      (resource) => isKind("Port", resource.type) && isOwn(resource) && valueIn(resource, "slotType") === slotType,
    )
    .flatMap((resource) => retiringIn({ retiring: valueIn(resource, "retiring") }, undefined))
    .map(({ portId }) => portId);

/** What a cost is made of. */
export function factsOf(resources: readonly PolicyResource[]): PortFacts[] {
  return resources
    .filter((resource) => isKind("Port", resource.type) && isOwn(resource) && managedPort(resource))
    .map((resource) => {
      const portId = textIn(resource, "portId");
      const createdAt = Date.parse(textIn(resource, "createdAt") ?? "");
      const slotType = valueIn(resource, "slotType");
      return {
        ...(portId !== undefined && { portId }),
        ...(!Number.isNaN(createdAt) && { createdAt }),
        country: textIn(resource, "country") ?? "",
        slotType: slotType === undefined ? "shared" : typeof slotType === "string" ? slotType : LATER,
        protect: resource.opts.protect,
      };
    });
}
