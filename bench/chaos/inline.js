/** `up` of the program in this folder as an inline program of the Automation API. Arguments: as those of the CLI. */
const { join } = require("node:path");
const { parseArgs } = require("node:util");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");

const { values } = parseArgs({
  options: {
    refresh: { type: "boolean" },
    replace: { type: "string" },
    target: { type: "string" },
    "target-dependents": { type: "boolean" },
  },
});
const program = async () => require(join(process.cwd(), "index.js"));

async function main() {
  const stack = await LocalWorkspace.selectStack(
    { stackName: "dev", projectName: "test", program },
    { workDir: process.cwd() },
  );
  const { refresh, replace, target, "target-dependents": targetDependents } = values;
  await stack.up({
    color: "never",
    onOutput: console.log,
    refresh,
    ...(replace && { replace: [replace] }),
    ...(target && { target: [target], targetDependents }),
  });
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
