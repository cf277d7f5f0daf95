/** Loaded before all else by a process of Node that runs our sources: a compiler of types would take it seconds. */
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");
const [, options] = require("../jest.config.js").transform["\\.ts$"];

require.extensions[".ts"] = (module, filename) =>
  module._compile(
    transformSync(readFileSync(filename, "utf8"), { ...options, filename, sourceMaps: "inline" }).code,
    filename,
  );
