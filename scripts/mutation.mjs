import path from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { Failure, runScript } from "./child.mjs";
import { root } from "./project.mjs";

/** Which tests a folder is measured by, below tests/: its own, and those that live through what it does. */
const TESTS = {
  domain: ["domain/**/*", "sdk/fleet-*", "sdk/program-state"],
  api: ["api/**/*"],
  "api/x402": ["api/x402/*", "lifecycle/x402-*", "chain/*"],
  provider: ["provider/**/*", "lifecycle/**/*"],
  "provider/hosts/plugin": ["provider/plugin/*", "provider/hosts/*"],
  "provider/purchase": ["provider/**/*"],
  "provider/run": ["provider/**/*"],
  review: ["review/**/*"],
};
const FOLDERS = Object.keys(TESTS).sort((a, b) => b.length - a.length);

/** Need an engine or a registry. */
const NO_UNIT = ["\\.engine\\.test", "tests/review/policy"];

/**
 * Not run for each mutant, unless for a sample: they start processes or real proxies, or try hundreds of cases, and take
 * seconds. What only these see counts as unseen.
 */
const SLOW = [
  ...NO_UNIT,
  "tests/api/(way|emulator|storm-emulator|long-text|x402/(emulator|chain|peers|odd-answers))",
  "tests/lifecycle/(odd-answers|properties)",
  "tests/review/(markdown|plan-command|workflows)",
];

/** Whose score is to stay above 85 %, by the tests of each. */
const ALL = [["domain"], ["provider"], ["api", "!api/x402/**/*.ts"], ["api/x402"], ["review"]];

/**
 * `npm run mutation -- domain`, or `-- provider/port provider/handler.ts`: breaks each rule there, one at a time.
 * `-- --one-in 15`: a fifteenth of all mutants of the four folders, for the score of the whole.
 */
runScript(async () => {
  const { values, positionals } = parseArgs({ options: { "one-in": { type: "string" } }, allowPositionals: true });
  const oneIn = values["one-in"];
  if (oneIn !== undefined && !/^[1-9]\d{0,4}$/.test(oneIn)) throw new Failure("--one-in takes a number from 1");
  process.chdir(root);
  process.env.TESTS = "quick"; // see tests/cases.ts
  const results = [];
  for (const places of oneIn && positionals.length === 0 ? ALL : [positionals])
    results.push(...(await new Stryker(options(places, oneIn)).runMutationTest()));
  for (const one of results.filter(isUnseen)) tell(one);
  console.table(table(results, (file) => [path.dirname(file)]));
  console.table(table(results, (file) => [file.split(path.sep)[0], "all"]));
});

function sample(oneIn) {
  process.env.MUTATION_ONE_IN = oneIn;
  const plugin = path.join(root, "scripts", "mutation-sample.mjs");
  return {
    plugins: ["@stryker-mutator/jest-runner", plugin],
    checkers: ["sample"],
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 30,
  };
}

function options(places, oneIn) {
  const tests = places
    .filter((place) => !place.startsWith("!"))
    .map((place) => TESTS[FOLDERS.find((one) => `${place}/`.startsWith(`${one}/`))]);
  if (tests.length === 0 || tests.includes(undefined))
    throw new Failure(`Name files or folders of ${Object.keys(TESTS).join(", ")}: npm run mutation -- domain`);
  return {
    mutate: places.map((place) => (/\.ts(:|$)/.test(place) ? place : `${place}/**/*.ts`)),
    testRunner: "jest",
    coverageAnalysis: "perTest",
    // A constant of a module is set before any test runs: each of its mutants would need all of the tests.
    ignoreStatic: true,
    concurrency: 2,
    timeoutMS: 3_000,
    jest: {
      projectType: "custom",
      configFile: "jest.config.js",
      config: {
        // Stryker asks jest which tests a file has; jest finds those through files of its roots only.
        roots: ["<rootDir>"],
        // Stryker knows no <rootDir> here.
        testEnvironment: path.join(root, "tests", "run-time", "environment.js"),
        testRunner: path.join(root, "scripts", "mutation-jest-circus.cjs"),
        testSequencer: path.join(root, "scripts", "mutation-sequencer.cjs"),
        testMatch: [...new Set(tests.flat())].map((files) => `**/tests/${files}.test.ts`),
        testPathIgnorePatterns: oneIn ? NO_UNIT : SLOW,
        modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/examples/", "<rootDir>/.stryker-tmp/"],
      },
    },
    ignorePatterns: ["/dist", "/site", "/docs", "/engine", "/bench"],
    reporters: ["progress"],
    cleanTempDir: "always",
    disableTypeChecks: true,
    allowConsoleColors: false,
    ...(oneIn && sample(oneIn)),
  };
}

/** What only a module that is loaded anew would show, few of the tests are run for: that is no result. */
const isUnseen = ({ status, static: isStatic }) => !isStatic && ["Survived", "NoCoverage"].includes(status);

function tell({ fileName, location: { start }, mutatorName, replacement, status }) {
  const where = `${path.relative(root, fileName)}:${start.line}:${start.column}`;
  console.log(`${status === "Survived" ? "unseen" : "no test"} ${where} ${mutatorName}: ${oneLine(replacement)}`);
}

const oneLine = (text) => text.replace(/\s+/g, " ").slice(0, 120);

/** By what `rowsOf` names: how many mutants, and the share of them that tests see, in percent, with its error of 95 %. */
function table(results, rowsOf) {
  const rows = {};
  for (const { fileName, status, static: isStatic } of results) {
    if (isStatic || !["Killed", "Timeout", "Survived", "NoCoverage"].includes(status)) continue;
    for (const name of rowsOf(path.relative(root, fileName))) {
      const row = (rows[name] ??= { mutants: 0, seen: 0 });
      row.mutants += 1;
      if (status === "Killed" || status === "Timeout") row.seen += 1;
    }
  }
  for (const row of Object.values(rows)) {
    const share = row.seen / row.mutants;
    row["%"] = Math.floor(share * 1_000) / 10;
    if (process.env.MUTATION_ONE_IN) row["±"] = Math.ceil(1_960 * Math.sqrt((share * (1 - share)) / row.mutants)) / 10;
  }
  return rows;
}
