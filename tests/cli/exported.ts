type Entry = Record<string, unknown>;

const urn = (type: string, name: string): string => `urn:pulumi:dev::test::${type}::${name}`;
const ours = (kind: string): string => `pulumi-nodejs:dynamic/proxies-sx:${kind}`;

/** What a state that was written by hand holds of a port. */
export const heldPort = (name: string, id: string, more: Entry = {}): Entry => ({
  urn: urn(ours("Port"), name),
  type: ours("Port"),
  custom: true,
  id,
  inputs: { country: "DE", expiresIn: "30d", slotType: "shared" },
  outputs: { portId: id, proxyPassword: { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:canary" } },
  ...more,
});

/** What the state says of a resource that belongs to an Account of the program. */
export const ofAccount = (name: string): Entry => ({
  provider: `${urn("pulumi:providers:pulumi-nodejs", name)}::0e7a1b`,
});

/** One that was renewed: its first port was `id`, the one that serves is `portId`, and old ones retire. */
export const renewedPort = (
  name: string,
  id: string,
  portId: string,
  retiring: Entry[] = [],
  more: Entry = {},
): Entry =>
  heldPort(name, id, {
    outputs: { portId, ...(retiring.length > 0 && { retiring }), ...(more.outputs ?? {}) },
  });

export const settings = (kind: string, name: string, port: string, more: Entry = {}): Entry => ({
  urn: urn(ours(kind), name),
  type: ours(kind),
  custom: true,
  id: port,
  inputs: { port },
  outputs: { port },
  ...more,
});

export const other = (type: string, name: string, more: Entry): Entry => ({ urn: urn(type, name), type, ...more });

export const pending = (type: string, resource: Entry): Entry => ({ type, resource });

/** A secret as `pulumi stack export --show-secrets` writes it. */
export const secret = (value: string): Entry => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

/** A port that serves, in a state that was exported with its secrets. */
export const proxyPort = (name: string, outputs: Entry = {}, more: Entry = {}): Entry => {
  const login = { proxyLogin: "own", proxyPassword: secret("own-password") };
  const id = `id-of-${name}`;
  return heldPort(name, id, {
    outputs: { portId: id, serverIp: "203.0.113.10", httpPort: 8000, socksPort: 5000, ...login, ...outputs },
    ...more,
  });
};

/** The login of such a port. */
export const credentials = (of: string): Entry =>
  settings("Credentials", `${of}-login`, `id-of-${of}`, {
    outputs: {
      port: `id-of-${of}`,
      serverIp: "203.0.113.10",
      httpPort: 8000,
      socksPort: 5000,
      proxyLogin: "team-a",
      proxyPassword: secret("of-the-team"),
    },
  });

/** As `pulumi stack export` writes it. */
export function exported(resources: Entry[], pendingOperations: Entry[] = []): string {
  return JSON.stringify({
    version: 3,
    deployment: {
      manifest: { time: "2026-01-15T12:00:00Z", magic: "", version: "v3.259.0" },
      ...(resources.length > 0 && { resources }),
      ...(pendingOperations.length > 0 && { pending_operations: pendingOperations }),
      metadata: {},
    },
  });
}
