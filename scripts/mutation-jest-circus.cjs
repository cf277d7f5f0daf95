const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const jest = createRequire(require.resolve("jest/package.json"));
const { default: circus } = jest("jest-circus/runner");
const { createEmptyTestResult } = createRequire(jest.resolve("@jest/core/package.json"))("@jest/test-result");

/** Names of the tests of each file, by the run without a mutant: one of the processes does that. */
const NAMES = "mutation-tests.json";

/** Jest takes a file without any test for a fault. */
const NOT_RUN = { status: "pending", title: "", fullName: "", ancestorTitles: [], failureMessages: [] };

/** The mutant that a test has seen. */
let seen;

/**
 * Jest's own runner, which for a mutant runs no more than is needed: Stryker filters tests by name only, so each file
 * would be loaded, and goes on after a test has failed.
 */
module.exports = async (globalConfig, config, environment, runtime, file, ...rest) => {
  const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
  const names = existsSync(NAMES) ? JSON.parse(readFileSync(NAMES, "utf8")) : {};
  if (mutant !== undefined) {
    const wanted = new RegExp(globalConfig.testNamePattern ?? "");
    if (seen === mutant || !names[file]?.some((name) => wanted.test(name))) {
      return { ...createEmptyTestResult(), testFilePath: file, testResults: [NOT_RUN] };
    }
    const handle = environment.handleTestEvent;
    environment.handleTestEvent = async (event, state) => {
      if (event.name === "test_done" && event.test.errors.length > 0) seen = mutant;
      if (event.name === "test_start" && seen === mutant) event.test.mode = "skip";
      await handle?.call(environment, event, state);
    };
  }
  const result = await circus(globalConfig, config, environment, runtime, file, ...rest);
  if (mutant === undefined) {
    names[file] = result.testResults.map(({ fullName }) => fullName);
    writeFileSync(NAMES, JSON.stringify(names));
  }
  return result;
};
