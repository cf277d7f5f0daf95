/**
 * A provider as one writes it in an afternoon: Pulumi captures its code, each resource reads itself, nothing is shared,
 * nothing is retried, and the key is an input.
 */
const axios = require("axios");
const pulumi = require("@pulumi/pulumi");

const config = new pulumi.Config("proxies-sx");
const account = { apiUrl: config.require("apiUrl"), apiKey: config.require("apiKey") };
const { PORTS, CHANGED, COUNTRY } = process.env;

/** Called where it is used: Pulumi captures functions, not modules. */
const call = async ({ apiUrl, apiKey }, method, path, data) =>
  (await require("axios").request({ baseURL: apiUrl, method, url: path, data, headers: { "X-API-Key": apiKey } })).data;

const ports = {
  async create(inputs) {
    const { countryId, expiresAt } = inputs;
    const port = await call(inputs, "POST", "/v1/ports", { countryId, expiresAt });
    return { id: port._id ?? port.id, outs: inputs };
  },
  async read(id, props) {
    await call(props, "GET", `/v1/ports/${id}`);
    return { id, props };
  },
  async delete(id, props) {
    await call(props, "DELETE", `/v1/ports/${id}`);
  },
};

/** Settings of a port: what they send, and where. */
const settings = (method, part) => ({
  async create(inputs) {
    await call(inputs, method, `/v1/ports/${inputs.port}/${part}`, inputs.settings);
    return { id: inputs.port, outs: inputs };
  },
  async read(id, props) {
    await call(props, "GET", `/v1/ports/${id}`);
    return { id, props };
  },
  async update(id, _olds, news) {
    await call(news, method, `/v1/ports/${id}/${part}`, news.settings);
    return { outs: news };
  },
  async delete() {},
});

class Resource extends pulumi.dynamic.Resource {
  constructor(provider, name, inputs) {
    super(provider, name, { ...inputs, ...account });
  }
}

const rotations = settings("PATCH", "rotation-settings");
const logins = settings("PUT", "credentials");
for (let n = 0; n < Number(PORTS); n += 1) {
  const port = new Resource(ports, `port-${n}`, { countryId: COUNTRY, expiresAt: 2_592_000 }).id;
  const intervalSeconds = n < Number(CHANGED) ? 600 : 900;
  new Resource(rotations, `rotation-${n}`, { port, settings: { enabled: true, intervalSeconds } });
  new Resource(logins, `login-${n}`, { port, settings: { proxyLogin: "team", proxyPassword: `password-${n}` } });
}
void axios;
