import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Programs of tests run as inline programs do, in processes that stay: to start Node and to load the SDK anew took half
 * of a run. tests/package, tests/languages and what asks for `ownProcess` start a program as the CLI does.
 */
const free = keptByWorker("programs", (): ChildProcess[] => []);

/** Runs something with the address of what will run the program of a folder, for `pulumi up --client`. */
export async function withProgram<T>(
  folder: string,
  env: Record<string, string>,
  work: (address: string) => Promise<T>,
): Promise<T> {
  let child = free.pop();
  while (child?.connected === false) child = free.pop(); // what a program left behind may have ended it
  child ??= fork(join(__dirname, "program-runner.js"), [], {
    execArgv: ["--no-warnings"],
    stdio: ["ignore", 2, 2, "ipc"],
  });
  hold(child, true);
  try {
    const { port } = await answerOf<{ port: number }>(child, { folder, env });
    return await work(`127.0.0.1:${port}`);
  } finally {
    // The next test need not wait for it.
    void answerOf(child, null).then(
      () => free.push(child),
      () => undefined,
    );
    hold(child, false);
  }
}

/** Whether Node runs what a folder has, and needs no compiler for it. */
export const isPlain = (folder: string): boolean =>
  existsSync(join(folder, "index.js")) && /^runtime: nodejs$/m.test(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));

/** What a worker keeps from one file of tests to the next: see tests/run-time/environment.js. */
function keptByWorker<T>(name: string, make: () => T): T {
  const { keptByWorker: kept = new Map<string, unknown>() } = globalThis as { keptByWorker?: Map<string, unknown> };
  if (!kept.has(name)) kept.set(name, make());
  return kept.get(name) as T;
}

/** One that is free keeps no worker from its end, and ends with it. */
function hold(child: ChildProcess, isHeld: boolean): void {
  if (isHeld) child.ref();
  else child.unref();
  if (isHeld) child.channel?.ref();
  else child.channel?.unref();
}

function answerOf<T>(child: ChildProcess, message: object | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("what runs the programs of tests has ended"));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer as T);
    });
    child.send(message as object, (error) => error && reject(error));
  });
}
