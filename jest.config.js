/** Unit and life-cycle tests run from source; tests/engine and tests/package run what `npm run build` made. */
/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/tests/run-time/environment.js",
  cacheDirectory: "<rootDir>/node_modules/.cache/jest",
  roots: ["<rootDir>/tests"],
  setupFilesAfterEnv: ["<rootDir>/tests/journal-folder.ts"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  moduleNameMapper: { "^@npmcli/arborist$|/typescript-shim$": "<rootDir>/tests/run-time/unused.js" },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/examples/.*/node_modules/"],
  watchPathIgnorePatterns: ["<rootDir>/dist/"],
  // A test that hangs is found all the same; a busy machine is no reason to fail.
  testTimeout: 120_000,
};
