import { isUnknown } from "../domain/unknown";
import { type CostPlan } from "./cost";
import { type Known, part } from "./known";
import { type Reviewed, type ReviewedLogin, type ReviewedPort } from "./limit-rules";
import { LATER, type PortChange } from "./ports";
import { type Preview, type PreviewStep } from "./preview";
import { kindOfType, type SettingKind } from "../domain/kinds";
import { portOf } from "./settings";
import { type SlotPlan } from "./slots";
import { type TrafficPlan } from "./traffic";

/** What a preview tells of all that limits are about. */
export function reviewedOf(
  preview: Preview,
  ports: readonly PortChange[],
  { slots, traffic, cost }: { slots: SlotPlan[]; traffic: TrafficPlan[]; cost: CostPlan },
): Omit<Reviewed, "leases" | "purchases"> {
  const after = preview.steps.filter(({ op, new: next }) => next !== undefined && op !== "delete" && op !== "read");
  const withSettings = (kind: SettingKind, counts: (step: PreviewStep) => boolean): Set<string> =>
    new Set(
      after
        .filter((step) => kindOfType(step.type) === kind && counts(step))
        .flatMap((step) => portOf(step.new, ports)?.urn ?? []),
    );
  const rotating = withSettings("RotationSettings", (step) => step.new?.inputs.enabled !== false);
  const inUse = new Set(ports.map((port) => port.after?.slotType));
  const fingerprinted = withSettings("OsFingerprint", (step) => step.new?.inputs.osFingerprint !== "");
  return {
    stack: preview.stack,
    ports: ports.flatMap((port) => reviewedPort(port, rotating, fingerprinted)),
    logins: after.filter(({ type }) => kindOfType(type) === "Credentials").map((step) => loginOf(step, preview)),
    account: {
      freeSlots: Object.fromEntries(
        slots.filter(({ slotType }) => inUse.has(slotType)).map((one) => [one.slotType, lastingFree(one)]),
      ),
      trafficGB: Object.fromEntries(traffic.map(({ slotType, leftGB }) => [slotType, leftGB])),
      monthlyCost: cost.known,
      currency: cost.currency,
    },
  };
}

/** Slots of old ports count as free, since a run after this one releases them: a limit must not stop a renewal. */
const lastingFree = ({ freeAfter, retiring }: SlotPlan): Known<number> =>
  part(freeAfter, (free) => free + retiring.after, "");

function reviewedPort(
  { urn, name, after }: PortChange,
  rotating: ReadonlySet<string>,
  fingerprinted: ReadonlySet<string>,
): ReviewedPort[] {
  if (!after) return [];
  const { country, carrier = "", leaseSeconds, osFingerprint, protect } = after;
  return [
    {
      urn,
      name,
      ...(country !== LATER && { country }),
      ...(carrier !== LATER && { carrier }),
      ...(leaseSeconds !== undefined && { leaseSeconds }),
      hasFingerprint: osFingerprint !== undefined || fingerprinted.has(urn),
      rotates: rotating.has(urn),
      protect,
    },
  ];
}

/** A value that depends on no resource is written in the program, or read from the stack's settings. */
function loginOf({ urn, name, new: next }: PreviewStep, { secretConfig }: Preview): ReviewedLogin {
  const sources = next?.propertyDependencies.proxyPassword ?? [];
  const mayBeSetting = secretConfig.some((key) => key !== "proxies-sx:apiKey");
  const shown = next?.inputs.proxyPassword;
  const isPlain = typeof shown === "string" && shown !== "[secret]" && !isUnknown(shown);
  return { urn, name, password: isPlain ? "code" : passwordSource(sources.length > 0, mayBeSetting) };
}

function passwordSource(isFromResource: boolean, mayBeSetting: boolean): ReviewedLogin["password"] {
  if (isFromResource) return "resource";
  return mayBeSetting ? "resource or settings" : "code";
}
