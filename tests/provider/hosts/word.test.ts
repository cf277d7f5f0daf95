import {
  chmodSync,
  existsSync,
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
import { isGoingOn, runName } from "../../../provider/hosts/stack-export";
import { leaveWord, wordOf } from "../../../provider/hosts/word";

jest.mock("../../../provider/hosts/stack-export", () => ({ runName: jest.fn(), isGoingOn: jest.fn() }));

const STACK = "organization/shop/dev";
let above: string;
let going: string[];
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), "proxies-sx-word-"));
  jest.replaceProperty(process, "env", { ...process.env, PROXIES_SX_JOURNAL_DIR: above });
  going = [];
  jest.mocked(isGoingOn).mockImplementation((run) => going.includes(run));
  inRun("10-500");
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(above, { recursive: true, force: true });
});

function inRun(name: string | undefined): void {
  jest.mocked(runName).mockReturnValue(name);
  if (name !== undefined) going.push(name);
}
const folder = (): string => join(above, "runs");

it("a process reads what another of its run has left on a stack", () => {
  expect(wordOf(STACK)).toBeUndefined();
  leaveWord(STACK, "first");
  leaveWord("organization/shop/prod", "other\nline");
  leaveWord(STACK, "second");
  expect([wordOf(STACK), wordOf("organization/shop/prod")]).toEqual(["first", "other\nline"]);
  inRun("11-600");
  expect(wordOf(STACK)).toBeUndefined();
});

it("only its user can read it", () => {
  leaveWord(STACK, "first");
  const modes = [folder(), ...readdirSync(folder()).map((name) => join(folder(), name))].map(
    (path) => statSync(path).mode,
  );
  expect(modes.map((mode) => mode & 0o777)).toEqual([0o700, 0o600]);
});

it("what runs left that have ended goes, what others have that go on stays", () => {
  leaveWord(STACK, "first");
  inRun("11-600");
  leaveWord(STACK, "second");
  expect(readdirSync(folder())).toHaveLength(2);
  going = ["11-600"];
  inRun("12-700");
  leaveWord(STACK, "third");
  expect(
    readdirSync(folder())
      .map((name) => name.slice(0, 6))
      .sort(),
  ).toEqual(["11-600", "12-700"]);
});

it("a word of which half was written is none", () => {
  leaveWord(STACK, "first");
  const file = join(folder(), "10-500");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -4));
  expect(wordOf(STACK)).toBeUndefined();
});

it("where the system does not show the run, nobody leaves word", () => {
  inRun(undefined);
  leaveWord(STACK, "first");
  expect([wordOf(STACK), existsSync(folder())]).toEqual([undefined, false]);
});

it("in a folder that is not safe, nothing is written, and nothing is believed", () => {
  leaveWord(STACK, "first");
  chmodSync(folder(), 0o777);
  leaveWord(STACK, "second");
  expect(wordOf(STACK)).toBeUndefined();
  chmodSync(folder(), 0o700);
  expect(wordOf(STACK)).toBe("first");

  rmSync(folder(), { recursive: true });
  const elsewhere = join(above, "elsewhere");
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, folder());
  leaveWord(STACK, "third");
  expect([wordOf(STACK), readdirSync(elsewhere)]).toEqual([undefined, []]);
});
