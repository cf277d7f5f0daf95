import { type Host, isAccount, type KindName, typeOf } from "../../domain/kinds";
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
  const chosen = new pulumi.Config("proxies-sx").get("host") ?? "dynamic";
  if (!HOSTS.includes(chosen)) throw runError(`proxies-sx:host is unknown. Give one of: ${HOSTS.join(", ")}.`);
  return chosen as Host;
});

/** The type under which the engine knows a kind of resource in this run. */
export const typeInRun = (kind: KindName): string => typeOf(kind, hostOfRun());

const otherHost = (): Host => (hostOfRun() === "dynamic" ? "plugin" : "dynamic");

/** The same resource under the other host: by this alias a stack moves from host to host. */
export const aliasOf = (kind: KindName): pulumi.Alias => ({ type: typeOf(kind, otherHost()) });

/**
 * What has an account above it, by its URN under the other host, in whose types the account is another resource; else
 * nothing. The account itself has no alias: the engine would delete by the new provider what the old one made.
 */
export function aliasBelowAccount(
  type: string,
  name: string,
  parent: pulumi.Resource | undefined,
): pulumi.Output<string>[] {
  if (parent === undefined || !hasAccount(parent)) return [];
  const host = otherHost();
  return [pulumi.createUrn(name, type, parent).apply((urn) => urnUnder(host, urn))];
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
