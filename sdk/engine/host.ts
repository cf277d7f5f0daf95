import { type Host, type KindName, typeOf } from "../../domain/kinds";
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

/** The same resource under the other host: by this alias a stack moves from host to host. */
export const aliasOf = (kind: KindName): pulumi.Alias => ({
  type: typeOf(kind, hostOfRun() === "dynamic" ? "plugin" : "dynamic"),
});
