import * as pulumi from "@pulumi/pulumi";

/** The stack of the same name; a backend with organizations has yours in place of "organization". */
const fleet = new pulumi.StackReference(`${pulumi.getOrganization()}/proxies-environments/${pulumi.getStack()}`);

/** Secret in that stack, so secret here: hand it to a container's secret, not to its plain environment. */
const urls = fleet.requireOutput("httpUrls") as pulumi.Output<string[]>;

export const proxyList = urls.apply((all) => all.join("\n"));
export const proxyCount = pulumi.unsecret(urls.apply((all) => all.length));
