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

/** None of these rules needs to know types, which take the linter most of its time. */
const LINT = `
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
console.log(JSON.stringify(await eslint.lintText(process.argv[1], { filePath: "cli/commands/adopt.ts" })));
`;

test("the linter refuses what goes round the ways out of text", () => {
  const root = join(__dirname, "../..");
  const input = ROUND.map(([line]) => line).join("\n");
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", LINT, input], {
    cwd: root,
    encoding: "utf8",
  });
  const [{ messages }] = JSON.parse(stdout) as [{ messages: { line: number; ruleId: string }[] }];
  for (const [at, [, rule]] of ROUND.entries()) {
    expect(messages.filter(({ line }) => line === at + 1).map(({ ruleId }) => ruleId)).toContain(rule);
  }
});
