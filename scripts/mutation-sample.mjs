import { createHash } from "node:crypto";
import path from "node:path";
import { root } from "./project.mjs";

/** Stryker's word for a mutant that is neither run nor counted. */
const LEFT_OUT = { status: "compileError", reason: "not in the sample" };

const sample = () => ({
  init: async () => undefined,
  group: async (mutants) => [mutants.map(({ id }) => id)],
  check: async (mutants) =>
    Object.fromEntries(mutants.map((one) => [one.id, isInSample(one) ? { status: "passed" } : LEFT_OUT])),
});

/** By what a mutant is, not by its number: the same ones each time, also after a change elsewhere. */
function isInSample({ fileName, location, mutatorName, replacement }) {
  const what = JSON.stringify([path.relative(root, fileName), location, mutatorName, replacement]);
  return createHash("sha256").update(what).digest().readUInt32BE() % Number(process.env.MUTATION_ONE_IN) === 0;
}

/** Stryker loads this file in processes of its own. */
export const strykerPlugins = [{ kind: "Checker", name: "sample", factory: Object.assign(sample, { inject: [] }) }];
