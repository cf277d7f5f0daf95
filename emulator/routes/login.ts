import { readBody, required, text } from "../rules/body";
import { Problem } from "../rules/problem";
import { keep } from "../world/keeping";
import { type Call, route, type Route } from "./route";

/** How the vendor's own client gets a Bearer token (M). */
const MOST_SESSIONS = 1_000;

export const loginRoutes: Route[] = [route("POST", "/login/signin", "public", signIn)];

function signIn({ world, body }: Call): unknown {
  const { email, password } = readBody<{ email: string; password: string }>(body, {
    email: required(text(1)),
    password: required(text(1)),
  });
  const account = [...world.accounts.values()].find((each) => each.email === email);
  if (account?.password !== password) throw new Problem(401, "Invalid email or password");
  const token = `emulator.${world.random.hex(32)}.${world.random.hex(16)}`;
  keep(world.sessions, token, account.id, MOST_SESSIONS);
  world.touch();
  return {
    access_token: token,
    user: { _id: account.id, email: account.email, role: "customer", isActive: true },
  };
}
