// cspell:ignore recieves recieveed
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "words-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What scripts/style.mjs finds in a file of this text, without its path. */
function faultsIn(name: string, text: string): string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { stderr, status } = spawnSync(process.execPath, ["scripts/style.mjs", file], { cwd: ROOT, encoding: "utf8" });
  const faults = stderr.split("\n").filter((line) => line.startsWith(file));
  expect(status).toBe(faults.length > 0 ? 1 : 0);
  return faults.map((line) => line.slice(file.length + 1));
}

it("a page: words and sentences, each with its line; not code, nor addresses", () => {
  const long = `It is ${"very ".repeat(34)}long.`;
  const page = ["# A page", "The vendor told it.", "```sh", "tell it", "```", "`tell` [x](told.md)", long, "| told |"];
  expect(faultsIn("a.md", page.join("\n"))).toEqual([
    '2: "told": say report, return, show or say',
    expect.stringMatching(/^7: .*"very very": say it once/),
    ...Array.from({ length: 16 }, () => expect.stringMatching(/^7: "very very"/) as string),
    expect.stringMatching(/^7: a sentence of 37 words/),
    expect.stringMatching(/^8: "told"/),
  ]);
});

it("a program: comments and texts, not names nor single words", () => {
  const program = [
    'const told = "told";',
    "// it tells",
    "tell(`The vendor tells ${told} all`);",
    'say("is the the end");',
  ];
  expect(faultsIn("a.ts", program.join("\n"))).toEqual([
    expect.stringMatching(/^2: "tells"/),
    expect.stringMatching(/^3: "tells"/),
    '4: "the the": say it once',
  ]);
});

// cspell:ignore recieves
it("spelling: a word of a comment that no dictionary has, not a name in code", () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    ["node_modules/cspell/bin.mjs", "lint", "--no-summary", "--no-progress", "stdin://a.ts"],
    { cwd: ROOT, input: "const recieveed = 1; // what Pulumi receives\n// what it recieves\n", encoding: "utf8" },
  );
  expect(stdout.trim()).toMatch(/^\S*a\.ts:2:12 - Unknown word \(recieves\).*$/);
  expect(status).toBe(1);
});
