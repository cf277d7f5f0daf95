import { execFileSync } from "node:child_process";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputArguments, writeOutput } from "../../cli/terminal/output-file";
import { UsageError } from "../../cli/terminal/usage-error";

const MAKE_FIFO = "mkfifo";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-output-"));
  file = join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Each makes at `file` what is no regular file. */
const KINDS: [what: string, make: () => void][] = [
  ["a FIFO", () => execFileSync(MAKE_FIFO, [file])],
  ["a folder", () => mkdirSync(file)],
  ["a link to a device", () => symlinkSync("/dev/null", file)],
  ["a link to a FIFO", () => linkTo("fifo", (path) => execFileSync(MAKE_FIFO, [path]))],
];

function linkTo(name: string, make: (path: string) => void): void {
  make(join(folder, name));
  symlinkSync(name, file);
}

describe.each(KINDS)("%s stays as it is", (_what, make) => {
  it.each([true, false])("with force: %s", (force) => {
    make();
    const before = lstatSync(file);
    const refusal = new UsageError(`--output ${file}: it is not a regular file`);
    expect(() => outputArguments({ output: file, force })).toThrow(refusal);
    expect(() => writeOutput(file, "text", { force: true })).toThrow(refusal);
    expect(lstatSync(file)).toMatchObject({ ino: before.ino, mode: before.mode });
  });
});

it("a link to an open file of the process, as /dev/stdout is, stays as it is", () => {
  const opened = openSync(join(folder, "opened"), "w");
  try {
    symlinkSync(`/dev/fd/${opened}`, file);
    expect(() => writeOutput(file, "text", { force: true })).toThrow("is not a regular file");
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
  } finally {
    closeSync(opened);
  }
});

it("force replaces a file, and a link to one", () => {
  linkTo("target", (path) => writeFileSync(path, "old"));
  writeOutput(file, "new", outputArguments({ output: file, force: true }));
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(readFileSync(join(folder, "target"), "utf8")).toBe("old");
});
