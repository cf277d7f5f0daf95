/** What the engine receives, as Pulumi's host prints it. */
const told = new Set<string>();

/** Notes an error that is handed to the engine, which prints it in the resource's row. */
export function handedToEngine<E extends Error>(error: E): E {
  told.add(`${error.toString()}: ${error.stack}`);
  return error;
}

/**
 * Pulumi's host of dynamic providers prints what check, diff, read and delete throw to its standard error beside handing
 * it to the engine, so that a person reads all of it twice. Keeps that from `console.error`.
 */
export function sayOnce(): void {
  const print = console.error;
  console.error = (...all: unknown[]) => {
    if (all.length !== 1 || !told.has(all[0] as string)) print(...all);
  };
}
