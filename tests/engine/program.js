/** The program of the tests on the real engine: makes what resources.json declares, and tells the secret URLs. */
const { existsSync, readFileSync } = require("node:fs");
const proxies = require("pulumi-proxies-sx");

const declared = existsSync("resources.json") ? JSON.parse(readFileSync("resources.json", "utf8")) : [];
const made = {};

for (const { type, name, args, options = {}, get } of declared) {
  const resolved = { ...args, ...(args.port?.$port && { port: made[args.port.$port] }) };
  const { provider, dependsOn, ...rest } = options;
  const all = {
    ...rest,
    ...(provider && { provider: made[provider] }),
    ...(dependsOn && { dependsOn: made[dependsOn] }),
  };
  made[name] = get ? proxies.Port.get(name, get, all) : new proxies[type](name, resolved, all);
}

exports.httpUrls = Object.fromEntries(
  Object.entries(made)
    .filter(([, resource]) => resource.httpUrl)
    .map(([name, resource]) => [name, resource.httpUrl]),
);
