import { isLoopback, type KeylessOptions } from "../transport/options";

/** How to reach a node of the chain. `apiUrl` is the vendor's, and has no part in it. */
export type RpcOptions = Omit<KeylessOptions, "apiUrl" | "onNotice">;

/** No node was reached, or it refused: what the chain holds is not known then. One line, without the URL's secrets. */
export class ChainError extends Error {
  override readonly name = "ChainError";
  constructor(
    message: string,
    /** refused: the node answered with a refusal. */
    readonly code: "unreachable" | "refused" | "bad_answer" | "wrong_chain",
  ) {
    super(message);
  }
}

/** Parts of a node's URL that may be a key: they are shown nowhere. */
export function secretsOfUrl(url: string): string[] {
  const { pathname, searchParams } = new URL(url.trim());
  return [...pathname.split("/"), ...searchParams.values()].filter((part) => part.length >= 8);
}

const LONGEST_URL = 2_000;

/** Why this is no URL of a node that we ask, in one line; undefined where it is. The URL may hold a key: it is not shown. */
export function checkRpcUrl(url: unknown): string | undefined {
  if (typeof url !== "string" || url.length > LONGEST_URL || !URL.canParse(url.trim()))
    return "the RPC URL must be a URL such as https://mainnet.base.org";
  const { protocol, hostname, username, password, hash } = new URL(url.trim());
  if (username || password || hash) return "the RPC URL must not contain credentials or a fragment";
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return undefined;
  return "the RPC URL must start with https:// (HTTP is allowed for localhost only)";
}
