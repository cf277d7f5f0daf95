import { parseArgs, type ParseArgsConfig } from "node:util";
import { near } from "../../provider/input-names";
import { UsageError } from "./usage-error";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/**
 * The arguments of a command. No value may be empty, and none is given twice where one is taken.
 *
 * @param meant options that others may take for one of these: by theirs, ours
 * @throws UsageError in one line, without what was given: it may be a secret.
 */
export function parseArguments<const O extends Options>(
  argv: string[],
  options: O,
  { allowPositionals = false, meant = {} }: { allowPositionals?: boolean; meant?: Record<string, string> } = {},
): Parsed<O> {
  let parsed;
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals, tokens: true });
  } catch (error) {
    throw new UsageError(faultIn(error as NodeJS.ErrnoException, options, meant));
  }
  const seen = new Set<string>();
  for (const token of parsed.tokens) {
    if (token.kind !== "option" || token.value === undefined) continue;
    const { name, value } = token;
    if (value.trim() === "") throw new UsageError(`--${name} is empty`);
    if (seen.has(name) && !options[name]?.multiple) throw new UsageError(`--${name} is given twice`);
    seen.add(name);
  }
  const { values, positionals } = parsed;
  return { values, positionals };
}

/** Node's message repeats what it did not expect. Of it only what looks like the name of an option is used. */
function faultIn(
  { code, message }: NodeJS.ErrnoException,
  options: Options,
  others: Readonly<Record<string, string>>,
): string {
  const [, name] = /'(?:-\w, )?--([a-z][a-z-]{0,29})(?=['= ])/i.exec(message) ?? [];
  const [, short] = /'(-\w)'/.exec(message) ?? [];
  if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") return "an argument that this command does not take: see --help";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const meant = name === undefined ? undefined : (others[name] ?? near(name, Object.keys(options)));
    const shown = name === undefined ? (short ?? "") : `--${name}`;
    return `${`unknown option ${shown}`.trim()}: ${meant === undefined ? "see --help" : `did you mean --${meant}?`}`;
  }
  if (name === undefined) return "an option is given in a way that cannot be read: see --help";
  return options[name]?.type === "boolean" ? `--${name} takes no value` : `--${name} needs a value: --${name}=VALUE`;
}
