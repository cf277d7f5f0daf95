/** The command was called in a way that it refuses. One line, without what might be a secret. */
export class UsageError extends Error {}

/** The error of parseArgs in one line. Node repeats an argument that it did not expect: it may be a key. */
export function usageError(error: unknown): UsageError {
  const [line = ""] = (error as Error).message.split("\n");
  return new UsageError(line.replace(/psx_[^\s'"]*/g, "psx_..."));
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
