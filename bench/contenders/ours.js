/** Ports with rotation and a login each. */
const proxies = require("pulumi-proxies-sx");
const { PORTS, CHANGED } = process.env;
for (let n = 0; n < Number(PORTS); n += 1) {
  const port = new proxies.Port(`port-${n}`, { country: "DE", expiresIn: "30d" });
  new proxies.RotationSettings(`rotation-${n}`, { port, intervalSeconds: n < Number(CHANGED) ? 600 : 900 });
  new proxies.Credentials(`login-${n}`, { port, proxyLogin: "team", proxyPassword: `password-${n}` });
}
