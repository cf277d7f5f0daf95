import { portAnswer } from "../answers/port";
import { readBody, text } from "../rules/body";
import { requirePort } from "../rules/looking";
import { badRequest } from "../rules/problem";
import { type Call, disputed, type Route } from "./route";

export const credentialsRoutes: Route[] = disputed(
  "/ports/:id/credentials",
  "ports:write",
  "credentialsVerb",
  updateCredentials,
);

/** At least one of the two (the vendor's client insists); no source has a rule on their length, so only empty ones are refused. */
function updateCredentials({ world, account, quirks, url, params, body }: Call): unknown {
  const port = requirePort(world, account, params["id"] ?? "");
  const change = readBody<{ proxyLogin?: string; proxyPassword?: string }>(
    body,
    { proxyLogin: text(1), proxyPassword: text(1) },
    quirks.strictBody,
  );
  if (Object.keys(change).length === 0)
    throw badRequest("At least one of proxyLogin or proxyPassword must be provided");
  Object.assign(port, change, { updatedAt: world.clock.now() });
  world.touch();
  return portAnswer(world, port, quirks, url);
}
