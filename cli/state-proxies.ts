import { z } from "zod";
import { nameOf } from "../provider/program-memory";
import { type Protocol, type Proxy } from "./proxy-formats";
import { StateError } from "./stack-state";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          id: z.string().nullish(),
          parent: z.string().nullish(),
          delete: z.boolean().nullish(),
          external: z.boolean().nullish(),
          outputs: z.record(z.string(), z.unknown()).nullish(),
        }),
      )
      .nullish(),
  }),
});

/** A secret of a state that was exported with `--show-secrets`: its plaintext is JSON. */
const decrypted = z.object({ plaintext: z.string() });

export interface StateProxies {
  proxies: Proxy[];
  /** Names of ports that serve no more, or whose parts the state does not hold. */
  leftOut: string[];
}

/** The proxies of a state that was exported with its secrets in clear. `fleet` takes the members of one ProxyFleet. */
export function proxiesIn(name: string, text: string, protocol: Protocol, now: number, fleet?: string): StateProxies {
  const resources = resourcesOf(name, text).filter((one) => !one.delete);
  const logins = new Map(
    resources.filter(({ type }) => type.endsWith("proxies-sx:Credentials")).map((one) => [one.id, one.outputs]),
  );
  const found: StateProxies = { proxies: [], leftOut: [] };
  for (const { urn, type, id, parent, outputs } of resources) {
    if (!type.endsWith("proxies-sx:Port")) continue;
    if (fleet !== undefined && !parent?.endsWith(`proxies-sx:index:ProxyFleet::${fleet}`)) continue;
    const proxy = proxyOf(nameOf(urn), { ...outputs, ...pick(logins.get(id)) }, protocol);
    if (proxy && serves(outputs ?? {}, now)) found.proxies.push(proxy);
    else found.leftOut.push(nameOf(urn));
  }
  return found;
}

function resourcesOf(name: string, text: string) {
  try {
    return exported.parse(JSON.parse(text)).deployment.resources ?? [];
  } catch {
    throw new StateError(`the state of ${name} is not what \`pulumi stack export --show-secrets\` writes`);
  }
}

type Outputs = Record<string, unknown>;

const pick = (outputs: Outputs | null | undefined): Outputs =>
  outputs ? { proxyLogin: outputs.proxyLogin, proxyPassword: outputs.proxyPassword } : {};

function serves({ status, expiresAt }: Outputs, now: number): boolean {
  if (["deleted", "expired", "suspended"].includes(String(status))) return false;
  return typeof expiresAt !== "string" || Date.parse(expiresAt) > now;
}

function proxyOf(name: string, outputs: Outputs, protocol: Protocol): Proxy | undefined {
  const [host, login, password] = [outputs.serverIp, outputs.proxyLogin, outputs.proxyPassword].map(textOf);
  const port = protocol === "http" ? outputs.httpPort : outputs.socksPort;
  if (!host || !login || !password || typeof port !== "number") return undefined;
  return { name, host, port, login, password };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const secret = decrypted.safeParse(value);
  if (!secret.success) return undefined;
  const plain: unknown = JSON.parse(secret.data.plaintext);
  return typeof plain === "string" ? plain : undefined;
}
