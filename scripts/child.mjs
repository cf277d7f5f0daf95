import { spawn } from "node:child_process";

/** How long a program that was asked to stop may take to tidy up before it is killed. */
const GRACE_MS = 10_000;

const CLEAN_UP_MS = 3_000;

const running = new Set();
let interrupted = false;

/** A fault whose message is all that a person needs: it is shown without a stack. */
export class Failure extends Error {}

/**
 * Runs a program to its end. At its deadline it is interrupted and, if that does not help, killed.
 * Each line of output goes to `onLine`; with `inherit` the program writes to our own terminal instead.
 * Resolves with the exit code and the output; use `must` where anything but success is a failure.
 */
export function run(command, args, { cwd, env, deadlineMs, onLine, inherit = false }) {
  return new Promise((resolve, reject) => {
    if (interrupted) throw new Failure("Interrupted.");
    const stdio = inherit ? "inherit" : ["ignore", "pipe", "pipe"];
    // Its own process group, so that what it started can be stopped with it; a terminal's Ctrl-C needs the shared one.
    const child = spawn(command, args, { cwd, env, stdio, detached: !inherit });
    running.add(child);
    let output = "";
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      stop(child);
    }, deadlineMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
      if (stream && onLine) eachLine(stream, onLine);
    }
    const settle = (finish) => {
      clearTimeout(deadline);
      running.delete(child);
      finish();
    };
    child.once("error", (error) => settle(() => reject(error)));
    child.once("close", (code, signal) =>
      settle(() => {
        if (interrupted) reject(new Failure("Interrupted."));
        else if (late)
          reject(new Failure(`${title(command, args)} did not end within ${deadlineMs / 1000} s.${tail(output)}`));
        else resolve({ code: code ?? 1, signal, output });
      }),
    );
  });
}

/** Like `run`, but any exit code other than 0 is a Failure that ends with the last lines of output. */
export async function must(command, args, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  // What was shown already need not be shown again.
  const shown = options.inherit || options.onLine;
  throw new Failure(`${title(command, args)} ended with code ${result.code}.${shown ? "" : tail(result.output)}`);
}

/**
 * Runs the main function of a script. A Failure is shown as its message, without a stack.
 * Ctrl-C, or a reader of our output that goes away, stops what was started and lets `finally` blocks clean up.
 */
export function runScript(main) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, interrupt);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", interrupt);
  main().catch((error) => {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    process.exitCode = interrupted ? 130 : 1;
  });
}

async function interrupt() {
  if (interrupted) return;
  interrupted = true;
  await Promise.all([...running].map(stop));
  setTimeout(() => process.exit(130), CLEAN_UP_MS).unref();
}

function stop(child) {
  return new Promise((resolve) => {
    child.once("close", resolve);
    signalGroup(child, "SIGINT");
    setTimeout(() => {
      signalGroup(child, "SIGKILL");
      // A grandchild in a group of its own may live on and hold these open, and "close" would wait for it.
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    }, GRACE_MS).unref();
  });
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

function eachLine(stream, onLine) {
  let rest = "";
  stream.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    lines.forEach((line) => onLine(line));
  });
  stream.on("end", () => rest && onLine(rest));
}

function title(command, args) {
  const words = [command, ...args].map((word) => word.replace(/^.*\/(?=[^/]+$)/, ""));
  return `\`${words.join(" ").slice(0, 100)}\``;
}

function tail(output) {
  const text = output.trim().split("\n").slice(-20).join("\n  ");
  return text && `\n  ${text}`;
}
