import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as proxies from "pulumi-proxies-sx";

/**
 * Two ports serve in turn. Raising the generation by one gives a new password to the port that rested, and clients go
 * over to it; the one that they used until now keeps its password for a whole generation more, so nobody is cut off.
 *
 *   pulumi config set generation 2 && pulumi up
 */
const generation = new pulumi.Config().requireNumber("generation");

const urls = ["even", "odd"].map((name, turn) => {
  const lastChanged = generation - Math.abs((generation - turn) % 2);

  const port = new proxies.Port(name, { country: "DE", expiresIn: "30d", renewBefore: "3d" });

  // A keeper that changes makes a new password; nothing else does.
  const password = new random.RandomPassword(`${name}-password`, {
    length: 24,
    special: false,
    keepers: { generation: String(lastChanged) },
  });

  const login = new proxies.Credentials(`${name}-login`, {
    port,
    proxyLogin: "team-a",
    proxyPassword: password.result,
  });
  return login.httpUrl;
});

/** For clients that start or reload now. Secret. */
export const current = urls[generation % 2];
/** What clients had before: it works until the generation after this one. Secret. */
export const previous = urls[(generation + 1) % 2];
