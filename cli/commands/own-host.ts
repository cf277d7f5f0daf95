import { isIP } from "node:net";

/**
 * Whether a request is for a server of these names. A web page can rebind its own name to the server's address, and then
 * sends that name as Host. Nobody can rebind an address, so each is good: behind NAT the server does not know its own.
 */
export function isOwnHost(said: string | undefined, names: readonly string[]): boolean {
  const url = `http://${said}`;
  if (said === undefined || /[/?#@\\]/.test(said) || !URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return isIP(host) !== 0 || ["localhost", ...names].some((name) => name.toLowerCase() === host);
}
