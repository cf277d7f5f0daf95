import { z } from "zod";
import { isUnknown } from "../domain/unknown";
import { nameOf, qualifiedTypeOf } from "../domain/urn";
import { natural, Redactor } from "../text";

/** A resource as a preview shows it, before or after the run. Its values may be plain secrets: they stay in here. */
export interface PreviewState {
  urn: string;
  id?: string;
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>>;
  provider?: string;
  external: boolean;
  protect: boolean;
  retainOnDelete: boolean;
  /** URNs of the resources that a property's value comes from. */
  propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** What a run does to one resource. */
export interface PreviewStep {
  urn: string;
  name: string;
  /** Without what distinguishes a component's child: "pulumi-nodejs:dynamic/proxies-sx:Port". */
  type: string;
  op: "create" | "delete" | "replace" | "same" | "update" | "read" | "other";
  old?: PreviewState;
  new?: PreviewState;
  replaceReasons: readonly string[];
  /** Another resource of that name, which an earlier run replaced and could not delete. */
  isLeftover: boolean;
}

/** What `pulumi preview --json` wrote. */
export interface Preview {
  project: string;
  stack: string;
  steps: PreviewStep[];
  /** Resources that stay as they are, and that the preview counts without listing them. */
  untold: number;
  /** Names of the stack's secret settings. */
  secretConfig: string[];
  errors: string[];
  /** Values that must not be printed, whatever they are found in. */
  redactor: Redactor;
}

/** The preview cannot be read. One line. */
export class PreviewError extends Error {}

const texts = z.array(z.string()).nullish();
const values = z.record(z.string(), z.unknown()).nullish();
const flag = z.boolean().nullish();
const state = z
  .object({
    urn: z.string(),
    id: z.string().nullish(),
    inputs: values,
    outputs: values,
    provider: z.string().nullish(),
    external: flag,
    protect: flag,
    retainOnDelete: flag,
    propertyDependencies: z.record(z.string(), texts).nullish(),
  })
  .nullish();
const step = z.object({ op: z.string(), urn: z.string(), oldState: state, newState: state, replaceReasons: texts });
const digest = z.object({
  config: z.record(z.string(), z.unknown()).nullish(),
  steps: z.array(step).nullish(),
  diagnostics: z.array(z.object({ message: z.string().nullish(), severity: z.string().nullish() })).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
});
type WireStep = z.output<typeof step>;

/** @param name what a person calls the source, for the error */
export function parsePreview(text: string, name: string): Preview {
  const wire = digest.safeParse(asJson(text, name));
  if (!wire.success || (!wire.data.steps && !wire.data.diagnostics)) {
    throw new PreviewError(
      `${name} holds no preview: give what \`pulumi preview --json --show-sames\` writes, from its first line to its last`,
    );
  }
  const { config, steps: told, diagnostics, changeSummary } = wire.data;
  const redactor = new Redactor(secretsIn(wire.data));
  const steps = merged(told ?? [], redactor);
  const sames = steps.filter(({ op }) => op === "same").length;
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(told?.[0]?.urn ?? "") ?? [];
  return {
    project,
    stack,
    steps,
    untold: Math.max(0, (changeSummary?.same ?? 0) - sames),
    secretConfig: Object.entries(config ?? {}).flatMap(([key, value]) => (value === "[secret]" ? [key] : [])),
    errors: (diagnostics ?? [])
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => redactor.line((message ?? "").replace(/^error: /, ""))),
    redactor,
  };
}

function asJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PreviewError(
      `${name} is not JSON: give what \`pulumi preview --json --show-sames\` writes, and nothing else`,
    );
  }
}

/** One for each resource: a replacement has up to three, and a refresh one more. */
function merged(wire: WireStep[], redactor: Redactor): PreviewStep[] {
  const found = new Map<string, PreviewStep>();
  const leftovers: PreviewStep[] = [];
  const current = new Map(
    wire.filter(({ op }) => op !== "delete-replaced" && op !== "refresh").map((one) => [one.urn, one.oldState?.id]),
  );
  for (const each of wire) {
    if (each.op === "refresh") continue;
    if (each.op === "delete-replaced" && !(current.has(each.urn) && current.get(each.urn) === each.oldState?.id)) {
      leftovers.push({ ...asStep(each, redactor), op: "delete", isLeftover: true });
      continue;
    }
    const before = found.get(each.urn);
    const one = asStep(each, redactor);
    const isReplaced = before?.op === "replace" || one.op === "replace";
    found.set(each.urn, {
      ...one,
      op: isReplaced ? "replace" : one.op,
      old: one.old ?? before?.old,
      new: one.new ?? before?.new,
      replaceReasons: one.replaceReasons.length > 0 ? one.replaceReasons : (before?.replaceReasons ?? []),
    });
  }
  // The engine lists them as they get ready; a report that is written anew should differ by what is new only.
  return [...found.values(), ...leftovers].sort((a, b) => natural(a.name, b.name) || natural(a.urn, b.urn));
}

/** "create-replacement", "delete-replaced", "read-replacement", … */
function opOf(op: string): PreviewStep["op"] {
  if (op.includes("replace")) return op.startsWith("read") ? "read" : "replace";
  return op === "create" || op === "delete" || op === "same" || op === "update" || op === "read" ? op : "other";
}

function asStep({ op, urn, oldState, newState, replaceReasons }: WireStep, redactor: Redactor): PreviewStep {
  const qualified = qualifiedTypeOf(urn);
  return {
    urn,
    name: redactor.line(nameOf(urn)),
    type: qualified.slice(qualified.lastIndexOf("$") + 1),
    op: opOf(op),
    old: asState(oldState),
    new: asState(newState),
    replaceReasons: replaceReasons ?? [],
    isLeftover: false,
  };
}

function asState(wire: z.output<typeof state>): PreviewState | undefined {
  if (!wire) return undefined;
  const dependencies = Object.entries(wire.propertyDependencies ?? {});
  return {
    urn: wire.urn,
    id: wire.id ?? undefined,
    inputs: wire.inputs ?? {},
    outputs: wire.outputs ?? {},
    provider: wire.provider ?? undefined,
    external: wire.external === true,
    protect: wire.protect === true,
    retainOnDelete: wire.retainOnDelete === true,
    propertyDependencies: Object.fromEntries(dependencies.map(([key, urns]) => [key, urns ?? []])),
  };
}

/** Names under which a program or its settings keep what nobody else may read. */
const SECRET_NAME = /password|passphrase|secret|token|api_?key|rotationUrl|rotationLink|(http|socks5?)Urls?$/i;

/** A preview masks what Pulumi knows to be secret; what it does not is recognized here by its name. */
function secretsIn(value: unknown, isNamed = false): string[] {
  if (typeof value === "string") {
    return isNamed && value !== "[secret]" && !isHarmless(value) ? [value] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const found = Object.entries(value).flatMap(([name, one]) => secretsIn(one, isNamed || SECRET_NAME.test(name)));
  return [...new Set(found)];
}

/** URNs that a password depends on, the value that stands for an unknown one, a switch, and a length of time. */
const isHarmless = (text: string): boolean =>
  text.startsWith("urn:pulumi:") || isUnknown(text) || /^(true|false|\d{1,5})$/i.test(text);
