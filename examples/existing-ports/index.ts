import * as pulumi from "@pulumi/pulumi";
import * as proxies from "pulumi-proxies-sx";

/**
 * As `npx proxies-sx adopt` prints it, but for the ids, which stand in the configuration here:
 *
 *   pulumi config set shared <id>
 *   pulumi config set private <id>
 *
 * The first `pulumi up` buys nothing and changes nothing at the vendor. After it the option `import` may go.
 */
const config = new pulumi.Config();

const shared = new proxies.Port(
  "proxy-1",
  { country: "DE", slotType: "shared", expiresIn: "30d" },
  { import: config.require("shared") },
);

const own = new proxies.Port(
  "proxy-2",
  { country: "GB", slotType: "private", expiresIn: "30d" },
  { import: config.require("private") },
);

export const urls = [shared.httpUrl, own.httpUrl];
