/** The command was called in a way that it refuses. One line, without what might be a secret. */
export class UsageError extends Error {}

/** The error of parseArgs in one line. Node repeats an argument that it did not expect: it may be a secret. */
export function usageError(error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const [line = ""] = message.split(/[\n.]/);
  const [, option] = /'(--?\w[\w-]{0,29})'/.exec(line) ?? [];
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return new UsageError(`unknown option${option ? ` ${option}` : ""}`);
  if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL")
    return new UsageError("an argument that this command does not take");
  return new UsageError(line);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
