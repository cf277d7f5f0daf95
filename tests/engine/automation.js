/**
 * Runs of Pulumi's Automation API in this one process, as job.json declares them: groups, one after the other, of runs
 * at the same time. A run with fleets or leases has an inline program, one with a folder the program in it. Sends what each
 * printed, and its events.
 */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation");
const proxies = require("pulumi-proxies-sx");

async function run(
  { does = "up", stackName = "dev", projectName, fleets, leases, declared, folder, settings },
  pulumiCommand,
) {
  const program = async () => {
    if (declared) return declaredIn(folder);
    for (const [name, args] of Object.entries(leases ?? {})) new proxies.X402Lease(name, args);
    const made = Object.entries(fleets ?? {}).map(([name, args]) => [name, new proxies.ProxyFleet(name, args)]);
    return Object.fromEntries(made.map(([name, { byCountry }]) => [name, byCountry]));
  };
  const source = fleets || leases || declared ? { projectName, program } : { workDir: folder };
  // In a file: to set and to ask takes a run of the CLI each.
  const { secretsProvider } = settings;
  const options = { pulumiCommand, secretsProvider, stackSettings: { [stackName]: settings } };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, ...source }, options);
  const events = [];
  const { stdout, stderr, outputs } = await stack[does]({ color: "never", onEvent: (event) => events.push(event) });
  return { output: stdout + stderr, events: JSON.stringify(events), outputs };
}

/** What the program of a folder declares, run by this process. */
function declaredIn(folder) {
  const file = join(folder, "index.js");
  delete require.cache[file];
  return require(file);
}

async function main() {
  const { root, groups } = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const command = await PulumiCommand.get({ root });
  const results = [];
  for (const group of groups) results.push(await Promise.all(group.map((one) => run(one, command))));
  return results;
}

main().then(
  (results) => process.send(results),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
