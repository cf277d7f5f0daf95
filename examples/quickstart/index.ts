import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as proxies from "pulumi-proxies-sx";

const config = new pulumi.Config();
const rotationMinutes = config.getNumber("rotationMinutes") ?? 30;
const countries = config.getObject<string[]>("countries") ?? ["DE", "DE", "GB"];

const urls = countries.map((country, index) => {
  const name = `scraper-${index + 1}`;
  const port = new proxies.Port(name, { country, expiresIn: "30d", renewBefore: "3d" });

  new proxies.RotationSettings(`${name}-rotation`, { port, intervalSeconds: rotationMinutes * 60 });

  const password = new random.RandomPassword(`${name}-password`, { length: 20, special: false });
  const login = new proxies.Credentials(`${name}-login`, {
    port,
    proxyLogin: name,
    proxyPassword: password.result,
  });

  new proxies.OsFingerprint(`${name}-os`, { port, osFingerprint: "windows:1" });

  return { name, country: port.countryCode, url: login.httpUrl, renewAt: port.renewAt };
});

export const fleet = urls.map(({ name, country, renewAt }) => ({ name, country, renewAt }));
export const httpUrls = urls.map(({ url }) => url);
