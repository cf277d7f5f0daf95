import { KINDS, type Kind } from "../../domain/kinds";
import { cleanLines, kindGiven } from "../../text";
import { literal } from "../../text/literal";
import { ToolError } from "../tool";
import { unifiedDiff } from "./diff";
import { edited } from "./edit";
import { readProgram } from "./program-file";
import { resourcesNamed } from "./resource";
import { secretLines } from "./secret-lines";
import { tokensOf } from "./tokens";

/** One input of one resource of a program. */
export interface Change {
  file: string;
  resource: string;
  input: string;
  /** Undefined: the input is taken away. */
  value?: unknown;
}

interface Proposal {
  said: string;
  diff: string;
  file: string;
  resource: string;
  input: string;
}

/** Inputs of a ProxyFleet, which is a component and no kind: those of sdk/fleet/args.ts without its passwords. */
const FLEET = ["size", "locations", "fallback", "rebalance", "slotType", "lease", "rotation", "osFingerprint"];
/** Without which there is no ProxyFleet. */
const NEEDED = /^(?:size|locations|lease)$|^lease\.expiresIn$|^locations\[\d+\]\.country$/;
const ALL: Readonly<Record<string, Kind>> = KINDS;
const CLASSES = [...Object.keys(ALL).filter((name) => name !== "Credentials"), "ProxyFleet"];

/**
 * The diff of a program that changes one input of one resource. Only what can be read without running it is changed: a
 * resource that is made by `new` with its name and its inputs written there.
 *
 * @param folder the file is below it
 * @throws ToolError that says why the program cannot be changed
 */
export function proposeChange(change: Change, folder: string, showSecrets: boolean): Proposal {
  const { file, text } = readProgram(change.file, folder);
  const { resource, input, value } = change;
  const tokens = tokensOf(text);
  const found = resourcesNamed(resource, CLASSES, tokens);
  const [one] = found;
  if (!one || found.length > 1)
    throw new ToolError(
      `${file} makes ${found.length === 0 ? "no resource" : `${found.length} resources`} named ${JSON.stringify(resource)} ` +
        `by \`new\` with a plain name (${CLASSES.join(", ")}). Where names or inputs are worked out, a person changes the program.`,
    );
  const path = pathOf(input);
  checkInput(one.className, input, path, value);
  const after = edited(text, tokens, one.args, path, value === undefined ? undefined : literal(value));
  if (after === text) throw new ToolError(`nothing is to be changed: ${resource} has that already.`);
  const hidden = showSecrets ? [] : [secretLines(text, tokens), secretLines(after, tokensOf(after))];
  const isHidden = (line: string): boolean =>
    !showSecrets && (HIDDEN.test(line) || hidden.some((lines) => lines.has(line)));
  const diff = unifiedDiff(file, text, after, (line) => !isHidden(line) && cleanLines(line) === line);
  if (diff === undefined)
    throw new ToolError(`a line of ${file} that would change holds what may be a secret: a person changes it.`);
  const what = value === undefined ? `takes ${input} away` : `sets ${input} to ${literal(value)}`;
  return {
    said: `A proposal, nothing is changed: it ${what} for the ${one.className} "${resource}". Apply it with \`git apply --unidiff-zero\` or \`patch -p1\`, look at \`plan\`, then run \`pulumi up\`.`,
    diff,
    ...{ file, resource, input },
  };
}

/** A line that gives something a secret's name a value. */
const HIDDEN = /(?:password|secret|token|login|key)\w*["'`]?\s*[:=,]\s*[^\s,)}]/i;

/** `lease.expiresIn`, `locations[0].weight` */
function pathOf(input: string): (string | number)[] {
  if (!/^[A-Za-z]\w{0,40}(?:\.[A-Za-z]\w{0,40}|\[\d{1,3}\]){0,4}$/.test(input))
    throw new ToolError("input is a name such as country, lease.expiresIn or locations[0].weight.");
  return (input.match(/\w+/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function checkInput(className: string, input: string, [name, ...deeper]: (string | number)[], value: unknown): void {
  const inputs = ALL[className]?.inputs;
  const known = inputs ? Object.keys(inputs).filter((one) => inputs[one]?.secret === undefined) : FLEET;
  if (!known.includes(String(name)) || deeper.some((part) => HIDDEN.test(`${part}: x`)))
    throw new ToolError(`${className} has no such input to change. Its inputs: ${known.join(", ")}.`);
  const rule = deeper.length === 0 ? inputs?.[String(name)] : undefined;
  const isNeeded = inputs ? rule?.required : NEEDED.test(input);
  if (isNeeded && value === undefined) throw new ToolError(`${input} is required: give another value.`);
  if (rule?.oneOf && value !== undefined && !rule.oneOf.includes(value as string))
    throw new ToolError(
      `${String(name)} takes one of: ${rule.oneOf.map((one) => JSON.stringify(one)).join(", ")} (${kindGiven(value)}).`,
    );
}
