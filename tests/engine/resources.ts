import { type Declared } from "./project";

type Args = Record<string, unknown>;

/** Short ways to declare resources in a test's program. */
export const port = (name: string, args: Args = {}, options?: Args): Declared => ({
  type: "Port",
  name,
  args: { country: "DE", expiresIn: "30d", ...args },
  ...(options && { options }),
});

const settings =
  (type: Declared["type"]) =>
  (name: string, of: string, args: Args): Declared => ({ type, name, args: { port: { $port: of }, ...args } });

export const rotation = settings("RotationSettings");
export const login = settings("Credentials");
export const fingerprint = settings("OsFingerprint");

/** A port with all its settings. */
export function equipped(name: string, args: Args = {}): Declared[] {
  return [
    port(name, args),
    rotation(`${name}-rotation`, name, { intervalSeconds: 1800, matchCarrier: true }),
    login(`${name}-login`, name, { proxyLogin: "team-a", proxyPassword: "a-password-of-tests" }),
    fingerprint(`${name}-os`, name, { osFingerprint: "windows:1" }),
  ];
}
