import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  appendOwnFile,
  makeOwnFolder,
  NotOwnError,
  readOwnBytes,
  readOwnFile,
  replaceFile,
} from "../../files/own-files";

const MAKE_FIFO = "mkfifo";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-own-"));
  file = join(folder, "file");
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("a folder", () => {
  it("is made with those above it, for this user only, and may be there already", () => {
    const inner = join(folder, "a", "b", "c");
    for (let times = 0; times < 2; times++) makeOwnFolder(inner);
    for (const one of [inner, join(folder, "a")]) expect(statSync(one).mode & 0o777).toBe(0o700);
  });

  it("that cannot be made is an error of the system", () => {
    writeFileSync(file, "");
    symlinkSync(join(folder, "nowhere"), join(folder, "link"));
    expect(() => makeOwnFolder(file)).toThrow("EEXIST");
    expect(() => makeOwnFolder(join(file, "a"))).toThrow("ENOTDIR");
    expect(() => makeOwnFolder(join(folder, "link"))).toThrow("EEXIST");
    expect(() => makeOwnFolder(join(folder, "link", "a", "b"))).toThrow("ENOENT");
  });

  // Node's own way to make folders tries for ever there.
  (process.platform === "linux" ? it : it.skip)("below one that takes none is not tried without end", () => {
    expect(() => makeOwnFolder("/proc/proxies-sx/a")).toThrow("ENOENT");
  });
});

/** Each makes at `file` what is not the user's own, and says the rule. */
const KINDS: [what: string, make: () => void, rule: string][] = [
  ["a symbolic link", () => symlinkSync(join(folder, "victim"), file), "is a symbolic link; name the file itself"],
  ["a FIFO, which nobody waits for", () => execFileSync(MAKE_FIFO, [file]), "is not a regular file"],
  ["a folder", () => mkdirSync(file), "is not a regular file"],
];
const OWNERS: [what: string, make: () => void, rule: string][] = [
  ["a file of another user's", () => asOther(() => writeFileSync(file, "theirs")), "belongs to another user"],
];
const MODES: [what: string, make: () => void, rule: string][] = [
  [
    "a file that others may write to",
    () => {
      writeFileSync(file, "mine");
      chmodSync(file, 0o666);
    },
    "may be written by other users; chmod go-w it",
  ],
];

/** The user is another from here on than the one who made the file. */
function asOther(make: () => void): void {
  make();
  const { uid } = statSync(file);
  jest.spyOn(process as { getuid(): number }, "getuid").mockReturnValue(uid + 1);
}

function fault(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe.each<[string, (path: string) => unknown, typeof KINDS]>([
  ["reading", (path) => readOwnFile(path), [...KINDS, ...OWNERS, ...MODES]],
  ["reading of bytes", (path) => readOwnBytes(path), [...KINDS, ...OWNERS, ...MODES]],
  ["appending", (path) => appendOwnFile(path, "x"), [...KINDS, ...OWNERS, ...MODES]],
])("%s refuses, in one line that names the file", (_what, work, kinds) => {
  test.each(kinds)("%s", (_kind, make, rule) => {
    writeFileSync(join(folder, "victim"), "mine");
    make();
    const error = fault(() => work(file));
    expect(error).toBeInstanceOf(NotOwnError);
    expect((error as Error).message).toContain(`${file} ${rule}`);
    expect((error as Error).message).not.toContain("\n");
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("mine");
  });
});

test("what is there no file of is read as none, and made by what writes", () => {
  expect(readOwnFile(file)).toBeUndefined();
  appendOwnFile(file, "a");
  appendOwnFile(file, "b");
  expect([readOwnFile(file), statSync(file).mode & 0o777]).toEqual(["ab", 0o600]);
});

test("a file that is too large is not read", () => {
  writeFileSync(file, "x".repeat(2 << 20));
  expect(() => readOwnFile(file, 1 << 20)).toThrow("is larger than 1 MB");
});

test.each(KINDS.slice(0, 2))("a file takes the place of %s, and nothing is written through it", (_what, make) => {
  writeFileSync(join(folder, "victim"), "mine");
  make();
  replaceFile(file, "new");
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["new", 0o600]);
  expect(readFileSync(join(folder, "victim"), "utf8")).toBe("mine");
});

test("a file that cannot take its place leaves nothing behind", () => {
  mkdirSync(join(file, "full"), { recursive: true });
  expect(() => replaceFile(file, "new")).toThrow();
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("one for all to read has the mode that it is given", () => {
  const before = process.umask(0o022);
  replaceFile(file, "new", 0o666);
  process.umask(before);
  expect(statSync(file).mode & 0o777).toBe(0o644);
});
