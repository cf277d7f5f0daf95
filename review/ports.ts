import { accountIn } from "../domain/account-in-state";
import { adoptIn } from "../domain/hidden-inputs";
import { isKind } from "../domain/kinds";
import { sameName } from "../domain/place-names";
import { leaseIn, overlapOf, releaseTime, renewalTime, timeOf } from "../domain/lease";
import { type Country } from "../api";
import { parseDuration } from "../domain/duration";
import { PORT_INPUTS, type PortArgs } from "../provider/port/args";
import { isUnknown } from "../domain/unknown";
import { nameOf } from "../domain/urn";
import { type Redactor } from "../text";
import { countryCode } from "./country-code";
import { hostMove, isRenamed } from "./host-move";
import { type Preview, type PreviewState, type PreviewStep } from "./preview";
import { hasNoPort, isServing, renewalReason, type RenewalReason } from "./renewals";
import { releasedBy, retiringIn, type RetiringPort } from "./retiring";
import { counted } from "./section";

/** What stands for a value that only the run will know. */
export const LATER = "(known later)";

/** A port as it is before the run, or will be after it. */
export interface PortFacts {
  /** Pulumi's id, which stays through renewals. */
  id?: string;
  /** The vendor's id of the port that serves now. Each renewal has another. */
  portId?: string;
  /** When the port that serves now was made, epoch ms. */
  createdAt?: number;
  /** ISO code. */
  country: string;
  carrier?: string;
  cityId?: string;
  regionId?: string;
  slotType: string;
  /** Length of a lease, in seconds. */
  leaseSeconds?: number;
  /** When a run first renews it, epoch ms. */
  renewAt?: number;
  osFingerprint?: string;
  protect: boolean;
}

/**
 * `renew`: the same resource gets another port of the vendor's. `finish`: nothing but old ports of earlier renewals are
 * released. `move` changes the place and keeps the port; `leave` ends the management of a port and not the port.
 */
export type Deed = "buy" | "adopt" | "renew" | "finish" | "replace" | "move" | "change" | "keep" | "release" | "leave";

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
  /** Whether clients can use the port before the run: its lease runs, and it is not suspended. */
  serves: boolean;
  /** Old ports of earlier renewals, before the run. */
  retiring: RetiringPort[];
  /** Those of them that the run releases, by the vendor's ids. */
  releases: string[];
  /** The port before the run, where a renewal lets it serve on beside the new one. */
  retires?: RetiringPort;
}

/** What the vendor reports, as far as it is known. */
interface Vendor {
  /** To recognize spellings of one country. */
  countries: Country[];
  /** Epoch ms. */
  now: number;
  /** Ids of the live ports of the stack's own account. */
  live?: ReadonlySet<string>;
}

const isManagedPort = ({ type, old, new: next }: PreviewStep): boolean =>
  isKind("Port", type) && !(next ?? old)?.external;

export function portChanges({ steps, redactor }: Preview, vendor: Vendor): PortChange[] {
  return steps.filter(isManagedPort).flatMap((step) => changeOf(step, { ...vendor, redactor }));
}

/** Whether a preview shows old ports of renewals. */
export const tellsRetiring = ({ steps }: Preview): boolean =>
  steps.some((step) => isManagedPort(step) && retiringIn(step.old?.outputs ?? {}, undefined).length > 0);

interface Context extends Vendor {
  redactor: Redactor;
}

function changeOf(step: PreviewStep, context: Context): PortChange[] {
  const { urn, name, old, new: next } = step;
  const { redactor, now } = context;
  const before = old && factsOf(old, context);
  const after = next && step.op !== "delete" ? factsOf(next, context, step) : undefined;
  const inputs = step.op === "update" ? changedInputs(step, redactor) : [];
  const account = accountOf(next ?? old, redactor);
  const named = old ? retiringIn(old.outputs, (next ?? old).inputs.overlap) : [];
  // One that was released early, for the purchase of another resource, stands in the state until its own one's run.
  const isGone = ({ portId }: RetiringPort): boolean =>
    account.account === undefined && context.live?.has(portId) === false;
  const retiring = named.filter((one) => !isGone(one));
  const releases = releasesOf(step, retiring, now);
  const forgets = releasesOf(step, named.filter(isGone), now);
  const renewal = old && next && step.op === "update" ? renewalReason(old.outputs, next.inputs, now) : undefined;
  const does = renewal
    ? "renew"
    : deedOf(step, { before, after, isFinish: releases.length + forgets.length > 0 && inputs.length === 0 });
  if (!does) return [];
  const formerName = old && isRenamed(step) ? redactor.line(nameOf(old.urn)) : undefined;
  const serves = old !== undefined && isServing(old.outputs, now);
  const retires = renewal && serves ? retiringAfter(before, step, now) : undefined;
  return [
    {
      urn,
      name,
      does,
      ...(formerName !== undefined && { formerName }),
      why: [...reasonsOf(step, redactor, renewal, { releases, forgets }), ...hostMove(step)],
      ...account,
      ...(before && { before }),
      ...(after && { after: withLease(withPort(after, before, does), step, does, now) }),
      inputs,
      isLive: old !== undefined && !hasNoPort(old.outputs),
      serves,
      retiring,
      releases,
      ...(retires && { retires }),
    },
  ];
}

/** A port that goes takes its old ports along; one that is only left out of the management leaves them too. */
function releasesOf({ op, old, new: next }: PreviewStep, retiring: readonly RetiringPort[], now: number): string[] {
  const ids = retiring.map(({ portId }) => portId);
  if (op === "replace" || (op === "delete" && !old?.retainOnDelete)) return ids;
  const released = op === "update" && old ? releasedBy(old.outputs, next?.inputs.overlap, now) : [];
  return released.filter((id) => ids.includes(id));
}

/** The old port of a renewal; undefined where the same update releases it. */
function retiringAfter(before: PortFacts | undefined, step: PreviewStep, now: number): RetiringPort | undefined {
  const { overlap } = step.new?.inputs ?? {};
  if (before?.portId === undefined || overlapOf({ overlap }) === 0) return undefined;
  const ending = textIn(step.old?.outputs.expiresAt);
  const one = { portId: before.portId, since: new Date(now).toISOString(), expiresAt: ending };
  return { portId: before.portId, releaseAt: releaseTime(one, { overlap }) };
}

/** The vendor's port stays but where the run buys one. */
const withPort = (after: PortFacts, before: PortFacts | undefined, does: Deed): PortFacts =>
  before?.portId === undefined || does === "renew" || does === "replace" ? after : { ...after, portId: before.portId };

interface Sides {
  before?: PortFacts;
  after?: PortFacts;
  /** The update releases old ports and changes no input. */
  isFinish: boolean;
}

function deedOf(step: PreviewStep, { before, after, isFinish }: Sides): Deed | undefined {
  switch (step.op) {
    case "create":
      return adoptIn(step.new?.inputs ?? {}) === undefined ? "buy" : "adopt";
    case "replace":
      return "replace";
    case "delete":
      return step.old?.retainOnDelete ? "leave" : "release";
    case "same":
      return "keep";
    case "update":
      if (before && after && isElsewhere(before, after)) return "move";
      return isFinish ? "finish" : "change";
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
  const { inputs, outputs, id, protect } = state;
  const told = (value: unknown): string | undefined =>
    isUnknown(value) ? LATER : typeof value === "string" && value !== "" ? redactor.line(value) : undefined;
  // Before the run the vendor's word counts, after it what is asked for.
  const stays = step ? staying(step) : outputs;
  const country = told(stays.countryCode) ?? told(inputs.country) ?? LATER;
  const carrier = told(inputs.carrier) ?? (step ? undefined : told(outputs.carrierBrand));
  const [cityId, regionId] = [told(inputs.cityId), told(inputs.regionId)];
  const leaseSeconds = parseDuration(inputs.expiresIn);
  const osFingerprint = told(inputs.osFingerprint);
  const createdAt = step ? undefined : timeOf(outputs.createdAt);
  const portId = step ? undefined : (textIn(outputs.portId) ?? id);
  return {
    ...((id ?? step?.old?.id) !== undefined && step?.op !== "replace" && { id: id ?? step?.old?.id }),
    ...(portId !== undefined && { portId }),
    ...(createdAt !== undefined && { createdAt }),
    country: country === LATER ? LATER : countryCode(country, countries),
    ...(carrier !== undefined && { carrier }),
    ...(cityId !== undefined && { cityId }),
    ...(regionId !== undefined && { regionId }),
    slotType: told(inputs.slotType) ?? told(stays.slotType) ?? "shared",
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    ...(osFingerprint !== undefined && { osFingerprint }),
    protect,
  };
}

/** What the vendor reports of a port that stays where it is, also where its country has a new spelling. */
function staying({ op, old, new: next }: PreviewStep): PreviewState["outputs"] {
  return op === "same" || old?.inputs.country === next?.inputs.country ? (old?.outputs ?? {}) : {};
}

/** When the next lease is due: by the running lease, or for a new port by the one that is about to be bought. */
function withLease(after: PortFacts, { old, new: next }: PreviewStep, does: Deed, now: number): PortFacts {
  const args = (next?.inputs ?? {}) as Partial<PortArgs>;
  if (isUnknown(args.expiresIn) || isUnknown(args.renewBefore)) return after;
  if (does === "buy" || does === "replace" || does === "renew") {
    const { leaseSeconds } = after;
    if (leaseSeconds === undefined) return after;
    return { ...after, renewAt: renewalTime({ expiresAt: now + leaseSeconds * 1_000 }, args) };
  }
  const lease = leaseIn(old?.outputs ?? {});
  if (lease.expiresAt === undefined || (args.onExpired === "keep" && lease.expiresAt <= now)) return after;
  return { ...after, renewAt: renewalTime(lease, args) };
}

function reasonsOf(
  { op, replaceReasons, isLeftover }: PreviewStep,
  redactor: Redactor,
  renewal: RenewalReason | undefined,
  { releases, forgets }: Record<"releases" | "forgets", readonly string[]>,
): string[] {
  if (isLeftover) return ["left over from an earlier replacement"];
  const released = [
    ...(releases.length > 0 ? [`${counted(releases.length, "old port")} to release`] : []),
    ...(forgets.length > 0 ? [`${counted(forgets.length, "old port")} gone already`] : []),
  ];
  if (op !== "replace") return [...(renewal ? [renewal] : []), ...released];
  if (replaceReasons.length === 0) return ["asked for: taint, --target-replace or an option", ...released];
  const why = replaceReasons.map((reason) => (reason === "slotType" ? "slot type" : redactor.line(reason)));
  return [...why, ...released];
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

/** The default provider is the account of the stack's configuration. */
export function accountOf(state: PreviewState | undefined, redactor: Redactor): { account?: string } {
  const account = accountIn(state?.provider);
  return account ? { account: redactor.line(account.name) } : {};
}

const textIn = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
