import { resumeStackTraces, suspendStackTraces } from "../../sdk/engine/stack-traces";

const frame = (file: string | null): NodeJS.CallSite =>
  ({ getFileName: () => file, toString: () => `run (${file})` }) as unknown as NodeJS.CallSite;
const RUNNER = "/app/node_modules/@pulumi/pulumi/cmd/run/run.js";

/** The files of a trace that the SDK would note of these frames, from the top. */
function noted(...files: (string | null)[]): string[] {
  const before = suspendStackTraces();
  try {
    const { prepareStackTrace: format } = Error as {
      prepareStackTrace?: (error: Error, of: NodeJS.CallSite[]) => string;
    };
    const text = format?.(new Error("here"), files.map(frame)) ?? "";
    return text.split("\n").flatMap((line) => /^ {4}at run \((.*)\)$/.exec(line)?.[1] ?? []);
  } finally {
    resumeStackTraces(before);
  }
}

// Jest formats traces by its own sources; programs run without that.
let own: unknown;
beforeEach(() => {
  own = Reflect.get(Error, "prepareStackTrace");
  Reflect.deleteProperty(Error, "prepareStackTrace");
});
afterEach(() => void Reflect.set(Error, "prepareStackTrace", own));

it.each([
  ["what is below the program is left out", ["/app/index.ts", RUNNER, "node:internal/main"], ["/app/index.ts"]],
  [
    "a library between two of its frames stays",
    ["/app/a.ts", RUNNER, "/app/index.ts", RUNNER],
    ["/app/a.ts", RUNNER, "/app/index.ts"],
  ],
  ["without one of the program all stay", [RUNNER, "node:vm"], [RUNNER, "node:vm"]],
  ["a frame without a file is none of the program", ["/app/index.ts", null], ["/app/index.ts"]],
  ["on Windows too", ["C:\\app\\index.ts", "C:\\app\\node_modules\\x\\y.js"], ["C:\\app\\index.ts"]],
])("%s", (_what, files, expected) => expect(noted(...files)).toEqual(expected));

it("no traces are made meanwhile, and all is as before after it", () => {
  const limit = Error.stackTraceLimit;
  const before = suspendStackTraces();
  expect(Error.stackTraceLimit).toBe(0);
  resumeStackTraces(before);
  expect([Error.stackTraceLimit, Reflect.get(Error, "prepareStackTrace")]).toEqual([limit, undefined]);
});
