import { type Host, isAccount, type KindName, typeOf } from "../../domain/kinds";
import { HOST_SETTING } from "../../domain/provider-settings";
import { urnUnder } from "../../domain/urn";
import * as pulumi from "@pulumi/pulumi";
import { keptByRun } from "./kept-by-run";
import { runError } from "./run-error";

const HOSTS: readonly string[] = ["dynamic", "plugin"] satisfies Host[];

/**
 * What carries out the resources of this run, by the stack's configuration, `proxies-sx:host`: Pulumi's dynamic
 * provider, or the plugin.
 *
 * @throws RunError for another word
 */
export const hostOfRun = keptByRun((): Host => {
  const chosen = new pulumi.Config("proxies-sx").get(HOST_SETTING) ?? "dynamic";
  if (!HOSTS.includes(chosen)) throw runError(`proxies-sx:host is unknown. Give one of: ${HOSTS.join(", ")}.`);
  return chosen as Host;
});

/** The type under which the engine knows a kind of resource in this run. */
export const typeInRun = (kind: KindName): string => typeOf(kind, hostOfRun());

const otherHost = (): Host => (hostOfRun() === "dynamic" ? "plugin" : "dynamic");

/** The same resource under the other host: by this alias a stack moves from host to host. */
export const aliasOf = (kind: KindName): pulumi.Alias => ({ type: typeOf(kind, otherHost()) });

/**
 * What a resource's aliases say that it was, under the other host: the run of a move may rename it too. What has an
 * account above it has one more, itself, since its URN has the account's type. The account itself has no alias: the
 * engine would delete by the new provider what the old one made.
 */
export function aliasesUnderOther(
  type: string,
  name: string,
  { aliases = [], parent }: pulumi.ResourceOptions,
): pulumi.Output<string>[] {
  const host = otherHost();
  const earlier = hasAccount(parent) ? [{}, ...aliases] : aliases;
  return earlier.map((one) =>
    pulumi
      .output(one)
      .apply((alias) => {
        if (typeof alias === "string") return pulumi.output(alias);
        const was = { name, type, parent, ...alias };
        return pulumi.createUrn(was.name, was.type, was.parent, was.project, was.stack);
      })
      .apply((urn) => urnUnder(host, urn)),
  );
}

/** The SDK keeps parents, and its types leave them out. */
function hasAccount(resource: pulumi.Resource | undefined): boolean {
  if (resource === undefined) return false;
  const { __pulumiType: type, __parentResource: above } = resource as unknown as {
    __pulumiType?: string;
    __parentResource?: pulumi.Resource;
  };
  return isAccount(type) || hasAccount(above);
}
