/** The command was called in a way that it refuses. One line, without what might be a secret. */
export class UsageError extends Error {}
