/**
 * A program with fleets as fleets.json declares them: `{ name: { args, options } }`, with `keep` by way of a transform,
 * in an `account` that may be above it, or `within` a component.
 */
const { readFileSync } = require("node:fs");
const proxies = require("pulumi-proxies-sx");
const pulumi = require("@pulumi/pulumi");

const declared = JSON.parse(readFileSync("fleets.json", "utf8"));
const keepExpired = ({ type, props, opts }) =>
  type.endsWith("proxies-sx:Port") ? { props: { ...props, onExpired: "keep" }, opts } : undefined;

const group = (name) =>
  name && { parent: new pulumi.ComponentResource("test:Group", name), aliases: [{ parent: pulumi.rootStackResource }] };

for (const [name, { args, options = {}, account, keep, within }] of Object.entries(declared)) {
  const provider = account && new proxies.Account(`${name}-account`, { apiKey: pulumi.secret(account.apiKey) });
  const fleet = new proxies.ProxyFleet(name, args, {
    ...options,
    ...(provider && { provider, ...(account.above && { parent: provider }) }),
    ...group(within),
    ...(keep && { [keep]: [keepExpired] }),
  });
  exports[name] = {
    size: fleet.ports.apply((ports) => ports.length),
    httpUrls: fleet.httpUrls,
    socks5Urls: fleet.socks5Urls,
    rotationUrls: fleet.rotationUrls,
    byCountry: fleet.byCountry,
    nextRenewalAt: fleet.nextRenewalAt,
  };
}
