import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** What goes round the ways out, and the rule that refuses it. */
const ROUND: [string, string][] = [
  ['console.log("a");', "no-console"],
  ['process.stdout.write("a");', "no-restricted-syntax"],
  ['process.stderr.write("a");', "no-restricted-syntax"],
  ['void pulumi.log.warn("a");', "no-restricted-syntax"],
  ['fs.appendFileSync("a", "b");', "no-restricted-syntax"],
  ['import { writeFileSync } from "node:fs";', "no-restricted-imports"],
  ['import { appendFile } from "node:fs/promises";', "no-restricted-imports"],
  ['import { replaceFile } from "../files/own-files";', "no-restricted-imports"],
  ['import { appendOwnFile } from "../../files/own-files";', "no-restricted-imports"],
  ['import { Port } from "../../sdk";', "house/may-import"],
];

test("the linter refuses what goes round the ways out of text", () => {
  const root = join(__dirname, "../..");
  const argv = [
    join(root, "node_modules/eslint/bin/eslint.js"),
    "--stdin",
    "--stdin-filename",
    "cli/commands/adopt.ts",
  ];
  const input = ROUND.map(([line]) => line).join("\n");
  const { stdout } = spawnSync(process.execPath, [...argv, "--format", "json"], { cwd: root, input, encoding: "utf8" });
  const [{ messages }] = JSON.parse(stdout) as [{ messages: { line: number; ruleId: string }[] }];
  for (const [at, [, rule]] of ROUND.entries()) {
    expect(messages.filter(({ line }) => line === at + 1).map(({ ruleId }) => ruleId)).toContain(rule);
  }
}, 120_000);
