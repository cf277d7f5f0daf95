/** The program of the tests on the real engine: makes what resources.json declares, and outputs the secret URLs. */
const { existsSync, readFileSync } = require("node:fs");
const proxies = require("pulumi-proxies-sx");
const pulumi = require("@pulumi/pulumi");

const declared = existsSync("resources.json") ? JSON.parse(readFileSync("resources.json", "utf8")) : [];
const made = {};

const protecting = ({ type, props, opts }) =>
  type.includes("proxies-sx") ? { props, opts: { ...opts, protect: true } } : undefined;

/** Options as data: a resource is given by its name, the stack as "$stack", a transformation that protects as `protects`. */
function optionsOf({ provider, dependsOn, parent, aliases, protects, ...rest }) {
  return {
    ...rest,
    ...(provider && { provider: made[provider] }),
    ...(dependsOn && { dependsOn: made[dependsOn] }),
    ...(parent && { parent: made[parent] }),
    ...(aliases && {
      aliases: aliases.map((one) => (one.parent === "$stack" ? { ...one, parent: pulumi.rootStackResource } : one)),
    }),
    ...(protects && { [protects]: [protecting] }),
  };
}

for (const { type, name, args, options = {}, get } of declared) {
  const resolved = { ...args, ...(args.port?.$port && { port: made[args.port.$port] }) };
  const all = optionsOf(options);
  if (type === "Protection") pulumi.runtime.registerStackTransformation(protecting);
  else if (type === "Group") made[name] = new pulumi.ComponentResource("test:Group", name, {}, all);
  else made[name] = get ? proxies.Port.get(name, get, all) : new proxies[type](name, resolved, all);
}

exports.httpUrls = Object.fromEntries(
  Object.entries(made)
    .filter(([, resource]) => resource.httpUrl)
    .map(([name, resource]) => [name, resource.httpUrl]),
);
