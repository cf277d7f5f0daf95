import { type Route } from "../routes/route";
import { forbidden, Problem } from "../rules/problem";
import { type Account, type ApiKey, type Scope } from "../world/types";
import { type World } from "../world/world";

export interface Caller {
  account: Account;
  key?: ApiKey;
}

/** X-API-Key, or the Bearer token of POST /login/signin. */
export function authorise(world: World, route: Route, headers: Headers): Caller {
  if (route.scopes.length === 0) return { account: anyAccount(world) };
  const given = headers.get("x-api-key");
  if (given !== null) {
    const key = world.keys.get(given);
    if (!key) throw new Problem(401, "Invalid API key");
    requireScope(key.scopes, route.scopes);
    return { account: world.account(key.accountId), key };
  }
  const token = headers.get("authorization")?.match(/^Bearer (.+)$/)?.[1];
  if (token === undefined) throw new Problem(401, "API key is missing: send it in the header X-API-Key");
  const accountId = world.sessions.get(token);
  if (accountId === undefined) throw new Problem(401, "Invalid or expired token");
  return { account: world.account(accountId) };
}

function requireScope(has: readonly Scope[], needs: readonly Scope[]): void {
  if (has.includes("admin:full") || needs.some((scope) => has.includes(scope))) return;
  throw forbidden(`API key lacks the required scope: ${needs.join(" or ")}`);
}

/** Public routes find their account by a token or a password; this one only fills the place. */
function anyAccount(world: World): Account {
  return [...world.accounts.values()][0] as Account;
}
