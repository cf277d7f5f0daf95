import { type Host } from "../domain/kinds";
import { urnUnder } from "../domain/urn";
import { type PreviewStep } from "./preview";

const WORDS: Readonly<Record<Host, string>> = { dynamic: "the dynamic provider", plugin: "the plugin" };

/** That a run writes a resource's state anew for the other host: none or one reason. */
export function hostMove({ old, new: next }: PreviewStep): string[] {
  if (!old || !next) return [];
  const to = (Object.keys(WORDS) as Host[]).find(
    (host) => urnUnder(host, next.urn) === next.urn && urnUnder(host, old.urn) !== old.urn,
  );
  return to === undefined ? [] : [`moves to ${WORDS[to]}`];
}

/** Whether it has another name, or another place among the program's resources. */
export const isRenamed = ({ old, new: next }: PreviewStep): boolean =>
  old !== undefined && next !== undefined && urnUnder("dynamic", old.urn) !== urnUnder("dynamic", next.urn);
