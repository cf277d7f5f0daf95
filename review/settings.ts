import { servingPortIn } from "../domain/hidden-inputs";
import { isSetting, kindOfType, type SettingKind, shownInputs } from "../domain/kinds";
import { isUnknown } from "../domain/unknown";
import { type Redactor } from "../text";
import { hostMove } from "./host-move";
import { LATER, type PortChange } from "./ports";
import { type Preview, type PreviewState, type PreviewStep } from "./preview";

/** What a run does to the settings of one port. */
export interface SettingChange {
  kind: SettingKind;
  name: string;
  /** The port's name in the program, or its id. */
  port: string;
  does: "set" | "change" | "remove";
  what: string[];
}

/** Settings that a person decides on: not those that come with a new port, or go with one that is released. */
export function settingChanges({ steps, redactor }: Preview, ports: readonly PortChange[]): SettingChange[] {
  return steps.flatMap((step) => {
    const kind = kindOfType(step.type);
    return isSetting(kind) && !step.isLeftover ? changeOf(kind, step, ports, redactor) : [];
  });
}

function changeOf(
  kind: SettingKind,
  step: PreviewStep,
  ports: readonly PortChange[],
  redactor: Redactor,
): SettingChange[] {
  const { op, name, old, new: next } = step;
  const port = portOf(next ?? old, ports);
  const change = (does: SettingChange["does"], what: string[]): SettingChange[] => [
    { kind, name, port: port?.name ?? wordFor((next ?? old)?.inputs.port, redactor), does, what },
  ];
  switch (op) {
    case "create":
      return port?.does === "buy" ? [] : change("set", values(kind, undefined, next, redactor));
    case "update": {
      const what = values(kind, old, next, redactor);
      const move = hostMove(step);
      if (!isFollowing(step, port)) return change("change", move.length > 0 ? [...move, ...what.map(possible)] : what);
      // They follow their port to another one of the vendor's: only what changes besides is a decision.
      const besides = what.filter((one) => one !== SAME_LOGIN || isUnknown(next?.inputs.proxyPassword));
      if (besides.length === 0 && port?.does === "renew") return [];
      return change("change", besides.length > 0 ? besides : ["applied to the port of the renewal before"]);
    }
    case "replace":
      if (step.replaceReasons.every((reason) => reason === "port") && port?.does === "replace") return [];
      return change("change", [...values(kind, old, next, redactor), "another port"]);
    case "delete":
      if (port?.does === "release" || port?.does === "replace") return [];
      return change("remove", ["the previous settings are restored"]);
    case "same":
    case "read":
    case "other":
      return [];
  }
}

/** The port of settings: the resource that their property comes from, else the one of that id, Pulumi's or the vendor's. */
export function portOf<P extends { urn: string; before?: { id?: string; portId?: string } }>(
  state: PreviewState | undefined,
  ports: readonly P[],
): P | undefined {
  const from = state?.propertyDependencies.port ?? [];
  return (
    ports.find(({ urn }) => from.includes(urn)) ??
    ports.find(({ before }) => [before?.id, before?.portId].some((id) => id !== undefined && id === state?.inputs.port))
  );
}

function values(
  kind: SettingKind,
  old: PreviewState | undefined,
  next: PreviewState | undefined,
  redactor: Redactor,
): string[] {
  if (kind === "Credentials") return [loginChange(old, next)];
  return shownInputs(kind).flatMap((name) => {
    const [from, to] = [old?.inputs[name], next?.inputs[name]].map((value) => wordFor(value, redactor));
    if (from === to) return [];
    return [old ? `${name} ${from} → ${to}` : `${name} ${to}`];
  });
}

function loginChange(old: PreviewState | undefined, next: PreviewState | undefined): string {
  if (!old) return "login and password";
  return old.inputs.proxyLogin === next?.inputs.proxyLogin ? SAME_LOGIN : "login, and maybe the password";
}

/** A preview masks passwords, so that an update of the same login may have another one, or may have none. */
const SAME_LOGIN = "password";

/** An update that a move to the other host needs anyway says nothing of the password. */
const possible = (what: string): string => (what === SAME_LOGIN ? "maybe the password" : what);

/** Whether settings are updated since their port is renewed, or was in an earlier run that broke off before them. */
function isFollowing({ old }: PreviewStep, port: PortChange | undefined): boolean {
  const appliedTo = servingPortIn(old?.outputs) ?? old?.inputs.port;
  const serving = port?.before?.portId;
  return port?.does === "renew" || (serving !== undefined && appliedTo !== undefined && appliedTo !== serving);
}

function wordFor(value: unknown, redactor: Redactor): string {
  if (value === undefined || value === null || value === "") return "none";
  if (isUnknown(value)) return LATER;
  return redactor.line(typeof value === "string" ? value : JSON.stringify(value));
}
