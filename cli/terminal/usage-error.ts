/** The command was called in a way that it refuses. One line, without what might be a secret. */
export class UsageError extends Error {}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
