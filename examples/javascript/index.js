const proxies = require("pulumi-proxies-sx");

const port = new proxies.Port("scraper", { country: "DE", expiresIn: "7d" });

new proxies.RotationSettings("rotation", { port, intervalSeconds: 1800 });

exports.url = port.httpUrl;
