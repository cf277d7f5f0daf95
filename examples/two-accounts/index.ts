import * as pulumi from "@pulumi/pulumi";
import * as proxies from "pulumi-proxies-sx";

/**
 * The account of the stack's configuration needs no mention; a second one is a provider.
 *
 *   pulumi config set --secret proxies-sx:apiKey    # the first account's key
 *   pulumi config set --secret secondKey            # the second's
 */
const config = new pulumi.Config();
const second = new proxies.Account("second", {
  apiKey: config.requireSecret("secondKey"),
  apiUrl: new pulumi.Config("proxies-sx").get("apiUrl"),
});

const ours = new proxies.Port("ours", { country: "DE", expiresIn: "7d" });
const theirs = new proxies.Port("theirs", { country: "DE", expiresIn: "7d" }, { provider: second });

new proxies.RotationSettings("theirs-rotation", { port: theirs, intervalSeconds: 1800 }, { provider: second });

export const urls = [ours.httpUrl, theirs.httpUrl];
