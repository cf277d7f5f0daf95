import { type Host, isAccount, kindOfType, PROVIDER_TYPES, typeOf } from "./kinds";

/**
 * The name that the user gave a resource: all that follows stack, project and type in its URN. It may hold "::" itself.
 * Of what is no URN, the whole text.
 */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::") || urn;

/** The resource's type, behind those of its parents: "proxies-sx:index:ProxyFleet$pulumi-nodejs:dynamic/proxies-sx:Port". */
export const qualifiedTypeOf = (urn: string): string => urn.split("::")[2] ?? "";

/**
 * The URN under which a host knows a resource: types of this package in it, those of parents too, are that host's. By
 * one host's URN for both a resource is one, whichever host carries it out in a run.
 */
export function urnUnder(host: Host, urn: string): string {
  const [stack, project, type, ...name] = urn.split("::");
  if (type === undefined) return urn;
  const types = type.split("$").map((one, index, { length }) => {
    const kind = kindOfType(one);
    if (kind !== undefined) return typeOf(kind, host);
    // An account above it. The account itself is another resource under each host.
    return index < length - 1 && isAccount(one) ? PROVIDER_TYPES[host] : one;
  });
  return [stack, project, types.join("$"), ...name].join("::");
}
