import { type Quirks } from "../answers/quirks";
import { type Account, type ApiKey, type Scope } from "../world/types";
import { type World } from "../world/world";

export type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One authorised request, as a route sees it. */
export interface Call {
  world: World;
  account: Account;
  /** Absent with a session from POST /login/signin. */
  key?: ApiKey;
  quirks: Quirks;
  /** Base of the links in answers. */
  url: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
  requestId: string;
  idempotencyKey?: string;
}

export class Answer {
  constructor(
    readonly status: 200 | 201 | 204 | 402,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}

export interface Route {
  verb: Verb;
  path: string;
  /** Any one of these opens it; none means no key is asked for. */
  scopes: readonly Scope[];
  /** An Answer, or the body of a 200. */
  run: (call: Call) => unknown;
  /** False while a quirk has this verb unknown here. */
  known?: (quirks: Quirks) => boolean;
}

export function route(verb: Verb, path: string, scope: Scope | Scope[] | "public", run: Route["run"]): Route {
  return { verb, path, scopes: scope === "public" ? [] : [scope].flat(), run };
}

/** Sources name both verbs or none. */
export function disputed(
  path: string,
  scope: Scope,
  quirk: "reconfigureVerb" | "credentialsVerb" | "rotationSettingsVerb",
  run: Route["run"],
): Route[] {
  return (["PUT", "PATCH"] as const).map((verb) => ({
    ...route(verb, path, scope, run),
    known: (quirks) => quirks[quirk] === "both" || quirks[quirk] === verb,
  }));
}

export const created = (body: unknown) => new Answer(201, body);
export const noContent = () => new Answer(204, null);
