import { messageOf } from "../text";

/** An error as the engine shows it best: one line. Without a stack, since check, diff, read and delete print it. */
export class ProviderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProviderError";
    this.stack = "";
  }

  override toString(): string {
    return this.message;
  }
}

/** Surely nothing was bought or paid, although more than a value of the user's stood in the way. */
export class NotDoneError extends ProviderError {}

/** A value that the user gave cannot be used. `reason` names the rule and the next step, never a secret. */
export class InputError extends ProviderError {
  constructor(
    readonly property: string,
    reason: string,
  ) {
    super(`${property}: ${reason}`);
  }
}

/**
 * The object exists at the vendor, but a later step failed. The engine keeps `id` and `properties` in the state and
 * calls update at the next run, so that nothing bought is lost.
 */
export class UnfinishedError extends ProviderError {
  readonly reasons: string[];

  constructor(
    readonly id: string,
    readonly properties: object,
    cause: unknown,
  ) {
    const reason = messageOf(cause);
    super(reason);
    this.reasons = [reason];
  }
}
