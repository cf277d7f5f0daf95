import { readBody, required, text } from "../rules/body";
import { Problem } from "../rules/problem";
import { type Call, created, route, type Route } from "./route";

/** How the vendor's own client gets a Bearer token (M). */
export const loginRoutes: Route[] = [route("POST", "/login/signin", "public", signIn)];

function signIn({ world, body }: Call): unknown {
  const { email, password } = readBody<{ email: string; password: string }>(body, {
    email: required(text(1)),
    password: required(text(1)),
  });
  const account = [...world.accounts.values()].find((each) => each.email === email);
  if (account?.password !== password) throw new Problem(401, "Invalid email or password");
  const token = `emulator.${world.random.hex(32)}.${world.random.hex(16)}`;
  world.sessions.set(token, account.id);
  world.touch();
  return created({
    access_token: token,
    user: { _id: account.id, email: account.email, role: "customer", isActive: true },
  });
}
