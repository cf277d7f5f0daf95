import { existsSync, readFileSync } from "node:fs";
import { qualifiedTypeOf } from "../../domain/urn";

interface EngineEvent {
  resOutputsEvent?: { metadata: { op: string; urn: string } };
  resourcePreEvent?: { metadata: { op: string; urn: string } };
}

/** What a run did, by resource: `{ "a": "create" }`, as the engine's event log reports it. */
export function stepsOf(log: string): Record<string, string> {
  const steps: Record<string, string> = {};
  const text = existsSync(log) ? readFileSync(log, "utf8") : "";
  for (const line of text.split("\n").filter(Boolean)) {
    const { resOutputsEvent: done, resourcePreEvent: begun } = JSON.parse(line) as EngineEvent;
    const metadata = done?.metadata ?? begun?.metadata;
    if (!metadata || /(^|\$)pulumi:(pulumi:Stack|providers:[^$]*)$/.test(qualifiedTypeOf(metadata.urn))) continue;
    const name = metadata.urn.slice(metadata.urn.lastIndexOf("::") + 2);
    // A replacement is reported in several steps: the one that says so stays.
    if (!/^(replace|create-replacement)$/.test(steps[name] ?? "")) steps[name] = metadata.op;
  }
  for (const [name, op] of Object.entries(steps)) if (op === "create-replacement") steps[name] = "replace";
  return steps;
}
