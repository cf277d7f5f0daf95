import { Port, RotationSettings } from "pulumi-proxies-sx";

const port = new Port("scraper", { country: "DE", expiresIn: "7d" });

new RotationSettings("rotation", { port, intervalSeconds: 1800 });

export const url = port.httpUrl;
