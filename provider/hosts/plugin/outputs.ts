import { type ConnectionFacts, connectionUrl } from "../../../domain/connection-url";
import { type Kind, type KindName, KINDS, outputNames } from "../../../domain/kinds";
import { isUnknown, UNKNOWN } from "../../../domain/unknown";
import { type Props } from "../hosted";

/** Outputs that no state of a handler has: the classes of the SDK make them in the program. Secret. */
export const URLS = ["httpUrl", "socks5Url"] as const;

/** A state as the engine keeps it: with the URLs of its proxy. */
export function withUrls(kind: KindName, state: Props): Props {
  const { connection }: Kind = KINDS[kind];
  if (!connection) return state;
  const { host, login, password } = connection;
  const facts = {
    host: state[host],
    login: state[login],
    password: state[password],
    httpPort: state.httpPort,
    socksPort: state.socksPort,
  };
  const isKnown = !Object.values(facts).some(isUnknown);
  const url = (protocol: "http" | "socks5"): string | undefined =>
    isKnown ? connectionUrl(protocol, facts as ConnectionFacts) : UNKNOWN;
  return { ...state, httpUrl: url("http"), socks5Url: url("socks5") };
}

/** What a preview tells of a resource that the update will make. */
export function madeIn(kind: KindName, args: Props): Props {
  const { inputs }: Kind = KINDS[kind];
  const defaults = Object.entries(inputs).flatMap(([name, one]) =>
    one.exposed && one.default !== undefined ? [[name, one.default]] : [],
  );
  const unknown = outputNames(kind).map((name) => [name, UNKNOWN]);
  return withUrls(kind, { ...Object.fromEntries([...defaults, ...unknown]), ...args } as Props);
}

/** What a preview tells of a resource that the update will change: all that it does not touch stays as it is. */
export function changedIn(
  kind: KindName,
  olds: Props,
  args: Props,
  touches: readonly string[] = outputNames(kind),
): Props {
  const { inputs }: Kind = KINDS[kind];
  const kept = Object.entries(olds).filter(([name]) => !(name in inputs) || inputs[name]?.default !== undefined);
  const unknown = touches.filter((name) => !(name in inputs)).map((name) => [name, UNKNOWN]);
  return withUrls(kind, { ...Object.fromEntries(kept), ...args, ...Object.fromEntries(unknown) } as Props);
}
