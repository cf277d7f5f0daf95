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

const LOGIN = { proxyLogin: "team-a", proxyPassword: "a-password-of-tests" };

/** A port with all its settings. */
export function equipped(name: string, args: Args = {}): Declared[] {
  return [
    port(name, args),
    rotation(`${name}-rotation`, name, { intervalSeconds: 1800, matchCarrier: true }),
    login(`${name}-login`, name, LOGIN),
    fingerprint(`${name}-os`, name, { osFingerprint: "windows:1" }),
  ];
}

/** A fleet of two with the same settings. One run may renew both. */
export const fleet = (name: string, lease: Args = {}): Declared => ({
  type: "ProxyFleet",
  name,
  args: {
    size: 2,
    locations: [{ country: "DE" }],
    lease: { expiresIn: "30d", maxRenewalsPerUpdate: 2, ...lease },
    rotation: { intervalSeconds: 1800, matchCarrier: true },
    credentials: LOGIN,
    osFingerprint: "windows:1",
  },
});

/** A component for others to have as their parent. */
export const group = (name: string, options: Args = {}): Declared => ({ type: "Group", name, args: {}, options });

/** The same resources, with an option. */
export const withOptions = (options: Args, ...declared: Declared[]): Declared[] =>
  declared.map((one) => ({ ...one, options: { ...one.options, ...options } }));
