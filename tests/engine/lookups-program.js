/** The program of lookups.test.ts: asks in both forms, chooses a country and buys a port there. */
const pulumi = require("@pulumi/pulumi");
const proxies = require("pulumi-proxies-sx");

const config = new pulumi.Config();
const countries = config.getObject("countries") ?? ["DE", "PL"];
const best = proxies.mostStock("best", { countries, withCarrier: true, triggers: [config.get("trigger") ?? "v1"] });
const port = new proxies.Port("port", { country: best.country, carrier: best.carrier, expiresIn: "30d" });

exports.country = best.country;
exports.codes = proxies.getCountriesOutput().apply((all) => all.map(({ code }) => code));
exports.info = proxies.getPortOutput({ port });
exports.online = proxies.getPortStatusOutput({ port }).isOnline;
exports.url = proxies.connectionString(exports.info, "socks5");

const other = config.get("other");
if (other) {
  // The key is known only once the program has run: an Output of a resource.
  class Key extends pulumi.dynamic.Resource {}
  const create = async (inputs) => ({ id: "key", outs: { made: inputs.key } });
  const key = new Key(
    { create },
    "key",
    { key: pulumi.secret(config.require("otherKey")), made: undefined },
    {
      additionalSecretOutputs: ["made"],
    },
  );
  const provider = new proxies.Account("second", { apiKey: key.made, apiUrl: other });
  const component = new pulumi.ComponentResource("test:index:Component", "below", {}, { providers: [provider] });
  exports.ports = proxies.getPortsOutput({ parent: component }).apply((ports) => ports.length);
  exports.balance = proxies.getAccountSummaryOutput({ provider }).balance;
}

if (config.get("missing")) exports.missing = proxies.getPortOutput({ port: "0".repeat(24) });

// A resource that an answer makes is made in time.
proxies.getTariffsOutput().apply((tariffs) => {
  if (tariffs.length > 0) new proxies.RotationSettings("late", { port, intervalSeconds: 1800 });
});

module.exports = async () => {
  const all = await proxies.getCountries();
  return { ...exports, free: all.length };
};
