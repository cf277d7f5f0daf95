import path from "node:path";
import { BUNDLE, licences } from "./bundle.mjs";
import { root } from "./project.mjs";

/** Modules that use a package which users do not install: it is put in. What else they import stays outside. */
const MODULES = [
  { module: "mcp/protocol", packages: ["@modelcontextprotocol/server", "@modelcontextprotocol/core"] },
  { module: "mcp/propose/tokens", packages: ["js-tokens"] },
];

/** In the place of a validator of JSON Schema, Ajv, which only questions to the client would need: half of the bundle. */
const NO_VALIDATOR = `
export { default as process } from "node:process";
export class DefaultJsonSchemaValidator {
  getValidator() { throw new Error("this server asks its client nothing"); }
}`;

/** @param dist what tsc wrote of these modules is replaced */
export async function bundleProtocol(dist) {
  const { build } = await import("esbuild"); // not before the dependencies are installed
  for (const { module, packages } of MODULES)
    await build({
      ...BUNDLE,
      entryPoints: [path.join(root, `${module}.ts`)],
      outfile: path.join(dist, `${module}.js`),
      platform: "node",
      format: "cjs",
      external: ["zod", "zod/*"],
      plugins: [withoutValidator],
      banner: licences(packages),
    });
}

const withoutValidator = {
  name: "without-validator",
  setup(build) {
    build.onResolve({ filter: /\/_shims$/ }, () => ({ path: "shims", namespace: "none" }));
    build.onLoad({ filter: /^shims$/, namespace: "none" }, () => ({ contents: NO_VALIDATOR, resolveDir: root }));
  },
};
