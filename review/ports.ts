import { type Country } from "../api";
import { parseDuration } from "../provider/duration";
import { leaseOf, PORT_INPUTS, type PortArgs, renewBeforeOf } from "../provider/port-args";
import { isGone } from "../provider/port-lease";
import { sameName } from "../provider/reference";
import { isUnknown } from "../provider/unknown";
import { type Redactor } from "../text";
import { countryCode } from "./country-code";
import { type Preview, type PreviewState, type PreviewStep } from "./preview";

/** What stands for a value that only the run will know. */
export const LATER = "(known later)";

/** A port as it is before the run, or will be after it. */
export interface PortFacts {
  /** The vendor's id. */
  id?: string;
  /** When it was made, epoch ms: a renewal is a new port. */
  createdAt?: number;
  /** ISO code. */
  country: string;
  carrier?: string;
  cityId?: string;
  regionId?: string;
  slotType: string;
  /** Length of a lease, in seconds. */
  leaseSeconds?: number;
  /** When a run first replaces it, epoch ms. */
  renewAt?: number;
  osFingerprint?: string;
  protect: boolean;
}

/** `move` changes the place and keeps the port; `leave` ends the management of a port and not the port. */
export type Deed = "buy" | "adopt" | "replace" | "move" | "change" | "keep" | "release" | "leave";

/** What a run does to one port. */
export interface PortChange {
  urn: string;
  name: string;
  does: Deed;
  /** The name that it had in the program before. */
  formerName?: string;
  why: string[];
  /** Name of the provider resource, where the port belongs to another account than the stack's own. */
  account?: string;
  before?: PortFacts;
  after?: PortFacts;
  /** Inputs that change in place. */
  inputs: string[];
  /** Whether the port before the run is still there at the vendor. */
  isLive: boolean;
}

/** Mark of a protected port that comes without protection in the run that renews its lease (sdk/protection.ts). */
export const DUE_MARK = "__due";

export const PORT_TYPE = "pulumi-nodejs:dynamic/proxies-sx:Port";

/** @param countries the vendor's, to tell spellings of one country, as far as they are known */
export function portChanges({ steps, redactor }: Preview, countries: Country[], now: number): PortChange[] {
  const ports = steps.filter(({ type, old, new: next }) => type === PORT_TYPE && !(next ?? old)?.external);
  return ports.flatMap((step) => changeOf(step, { redactor, countries, now }));
}

interface Context {
  redactor: Redactor;
  countries: Country[];
  now: number;
}

function changeOf(step: PreviewStep, context: Context): PortChange[] {
  const { urn, name, old, new: next } = step;
  const { redactor } = context;
  const before = old && factsOf(old, context);
  const after = next && step.op !== "delete" ? factsOf(next, context, step) : undefined;
  const does = deedOf(step, before, after);
  if (!does) return [];
  const formerName = old && next && old.urn !== next.urn ? redactor.line(nameIn(old.urn)) : undefined;
  return [
    {
      urn,
      name,
      does,
      ...(formerName !== undefined && { formerName }),
      why: reasonsOf(step, redactor),
      ...accountOf(next ?? old, redactor),
      ...(before && { before }),
      ...(after && { after: withLease(after, step, does, context.now) }),
      inputs: step.op === "update" ? changedInputs(step, redactor) : [],
      isLive: old !== undefined && !isGone(textIn(old.outputs.status)),
    },
  ];
}

function deedOf(step: PreviewStep, before?: PortFacts, after?: PortFacts): Deed | undefined {
  switch (step.op) {
    case "create":
      return step.new?.inputs.__adopt === undefined ? "buy" : "adopt";
    case "replace":
      return "replace";
    case "delete":
      return step.old?.retainOnDelete ? "leave" : "release";
    case "same":
      return "keep";
    case "update":
      return before && after && isElsewhere(before, after) ? "move" : "change";
    case "read":
    case "other":
      return undefined;
  }
}

/** A part of the place that is no longer asked for is no move: a port that stays fulfils that. */
export function isElsewhere(before: PortFacts, after: PortFacts): boolean {
  if (before.country !== after.country) return true;
  if (after.carrier !== undefined && !sameName(after.carrier, before.carrier ?? "")) return true;
  return (["cityId", "regionId"] as const).some((part) => after[part] !== undefined && after[part] !== before[part]);
}

function factsOf(state: PreviewState, { redactor, countries }: Context, step?: PreviewStep): PortFacts {
  const { inputs, outputs, id, protect, secretOutputs } = state;
  const told = (value: unknown): string | undefined =>
    isUnknown(value) ? LATER : typeof value === "string" && value !== "" ? redactor.line(value) : undefined;
  // Before the run the vendor's word counts, after it what is asked for.
  const stays = step ? staying(step) : outputs;
  const country = told(stays.countryCode) ?? told(inputs.country) ?? LATER;
  const carrier = told(inputs.carrier) ?? (step ? undefined : told(outputs.carrierBrand));
  const [cityId, regionId] = [told(inputs.cityId), told(inputs.regionId)];
  const leaseSeconds = parseDuration(inputs.expiresIn);
  const osFingerprint = told(inputs.osFingerprint);
  const createdAt = step ? undefined : timeIn(outputs.createdAt);
  return {
    ...((id ?? step?.old?.id) !== undefined && step?.op !== "replace" && { id: id ?? step?.old?.id }),
    ...(createdAt !== undefined && { createdAt }),
    country: country === LATER ? LATER : countryCode(country, countries),
    ...(carrier !== undefined && { carrier }),
    ...(cityId !== undefined && { cityId }),
    ...(regionId !== undefined && { regionId }),
    slotType: told(inputs.slotType) ?? told(stays.slotType) ?? "shared",
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    ...(osFingerprint !== undefined && { osFingerprint }),
    protect: protect || secretOutputs.includes(DUE_MARK),
  };
}

/** What the vendor tells of a port that stays where it is, also where its country has a new spelling. */
function staying({ op, old, new: next }: PreviewStep): PreviewState["outputs"] {
  return op === "same" || old?.inputs.country === next?.inputs.country ? (old?.outputs ?? {}) : {};
}

/** When the next lease is due: by the running lease, or for a new port by the one that is about to be bought. */
function withLease(after: PortFacts, { old, new: next }: PreviewStep, does: Deed, now: number): PortFacts {
  const args = (next?.inputs ?? {}) as Partial<PortArgs>;
  if (does === "adopt" || isUnknown(args.expiresIn) || isUnknown(args.renewBefore)) return after;
  if (does === "buy" || does === "replace") {
    const { leaseSeconds } = after;
    if (leaseSeconds === undefined) return after;
    return { ...after, renewAt: now + (leaseSeconds - renewBeforeOf(args)) * 1_000 };
  }
  const [createdAt, expiresAt] = [timeIn(old?.outputs.createdAt), timeIn(old?.outputs.expiresAt)];
  if (expiresAt === undefined || (args.onExpired === "keep" && expiresAt <= now)) return after;
  return { ...after, renewAt: expiresAt - renewBeforeOf(args, leaseOf(createdAt, expiresAt)) * 1_000 };
}

const WHY: Record<string, string> = {
  renewAt: "lease due",
  expiresAt: "expired",
  slotType: "slot type",
  country: "country",
};

function reasonsOf({ op, replaceReasons, wasGone, isLeftover }: PreviewStep, redactor: Redactor): string[] {
  if (isLeftover) return ["left over from an earlier renewal"];
  if (op === "create") return wasGone ? ["gone at the vendor"] : [];
  if (op !== "replace") return [];
  if (replaceReasons.length === 0) return ["asked for: taint, --target-replace or an option"];
  return replaceReasons.map((reason) => (Object.hasOwn(WHY, reason) ? WHY[reason]! : redactor.line(reason)));
}

/** "expiresIn 30d → 7d". */
function changedInputs({ old, new: next }: PreviewStep, redactor: Redactor): string[] {
  const shown = (value: unknown): string =>
    value === undefined || value === ""
      ? "none"
      : isUnknown(value)
        ? LATER
        : redactor.line(typeof value === "string" ? value : JSON.stringify(value));
  return PORT_INPUTS.flatMap((name) => {
    const [from, to] = [old?.outputs[name] ?? old?.inputs[name], next?.inputs[name]];
    return shown(from) === shown(to) ? [] : [`${name} ${shown(from)} → ${shown(to)}`];
  });
}

/** "default", or with a version "default_1_2_3": the engine's own names. A program may have a "default-eu". */
export const isDefault = (provider: string): boolean => /^default(_[\d_].*)?$/.test(provider);

/** The default provider is the account of the stack's configuration. */
function accountOf(state: PreviewState | undefined, redactor: Redactor): { account?: string } {
  const [, , type = "", name = ""] = (state?.provider ?? "").split("::");
  if (type !== "pulumi:providers:pulumi-nodejs" || isDefault(name)) return {};
  return { account: redactor.line(name) };
}

const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");
const textIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function timeIn(value: unknown): number | undefined {
  const time = Date.parse(textIn(value) ?? "");
  return Number.isNaN(time) ? undefined : time;
}
