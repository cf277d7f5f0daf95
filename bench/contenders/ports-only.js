/** As many Ports as the environment says. */
const proxies = require("pulumi-proxies-sx");
const count = Number(process.env.BENCH_COUNT);
for (let index = 0; index < count; index += 1) new proxies.Port(`port-${index}`, { country: "DE", expiresIn: "30d" });
