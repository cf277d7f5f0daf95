import * as pulumi from "@pulumi/pulumi";

const NO_RUN = {};

/**
 * One thing for each run of a program, made when it is first asked for. Programs of Pulumi's Automation API are several
 * in one process, each with a stack object of its own: what one run knows must not reach another.
 */
export function keptByRun<T>(make: () => T): () => T {
  const kept = new WeakMap<object, { it: T }>();
  return () => {
    const run = pulumi.runtime.getStackResource() ?? NO_RUN;
    const known = kept.get(run) ?? { it: make() };
    kept.set(run, known);
    return known.it;
  };
}
