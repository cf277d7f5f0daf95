/**
 * The name that the user gave a resource: all that follows stack, project and type in its URN. It may hold "::" itself.
 * Of what is no URN, the whole text.
 */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::") || urn;

/** The resource's type, behind those of its parents: "proxies-sx:index:ProxyFleet$pulumi-nodejs:dynamic/proxies-sx:Port". */
export const qualifiedTypeOf = (urn: string): string => urn.split("::")[2] ?? "";
