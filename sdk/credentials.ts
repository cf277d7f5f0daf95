import * as pulumi from "@pulumi/pulumi";
import { httpUrlOf, socks5UrlOf } from "./connection-urls";
import { warnOfOptions } from "./engine/option-warnings";
import { typeInRun } from "./engine/host";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";
import { type PortRef, tieToPort } from "./port-settings";

/** Inputs of {@link Credentials}. */
export interface CredentialsArgs {
  /**
   * The port. A renewal of a Port of the program is no change: what is set here is set on the new port too.
   *
   * @change Replaces the resource: the previous settings of the old port are restored, and the new port is set.
   */
  port: PortRef;
  /**
   * Login that the port asks for, not empty and without ":".
   *
   * @change In place.
   * @example "team-a"
   */
  proxyLogin: pulumi.Input<string>;
  /**
   * Password that the port asks for, not empty. Always stored as a secret. Generate it, for example with RandomPassword
   * of `@pulumi/random`.
   *
   * @change In place.
   */
  proxyPassword: pulumi.Input<string>;
}

const KIND = "Credentials";

/**
 * The login and password of a port. If only this resource is deleted, the previous login is restored: the one that the
 * port had before, or after a renewal the one that the new port was bought with.
 *
 * @example
 * const password = new random.RandomPassword("password", { length: 24, special: false });
 * const login = new proxies.Credentials("login", { port, proxyLogin: "team-a", proxyPassword: password.result });
 * export const url = login.httpUrl; // secret
 */
export class Credentials extends pulumi.CustomResource implements ExposedBy<"Credentials"> {
  /** Id of the port; of a Port of the program its `id`, which stays when it is renewed. */
  declare readonly port: pulumi.Output<string>;
  declare readonly proxyLogin: pulumi.Output<string>;
  /** Secret. */
  declare readonly proxyPassword: pulumi.Output<string>;
  /** Address of the server that the port answers on. */
  declare readonly serverIp: pulumi.Output<string>;
  /** Number of the port on that server for HTTP. */
  declare readonly httpPort: pulumi.Output<number>;
  /** Number of the port on that server for SOCKS5. */
  declare readonly socksPort: pulumi.Output<number>;

  constructor(name: string, args: CredentialsArgs, options?: pulumi.CustomResourceOptions) {
    const tied = tieToPort(KIND, name, args, options);
    const traces = suspendStackTraces();
    try {
      super(
        typeInRun(KIND),
        name,
        propertiesOf(KIND, name, { ...tied.inputs, proxyPassword: pulumi.secret(args.proxyPassword) }, tied.options),
        optionsOf(KIND, name, tied.options),
      );
    } finally {
      resumeStackTraces(traces);
    }
    warnOfOptions(this, options, "replaceOnChanges");
  }

  /** `http://login:password@server:port`. Secret. */
  get httpUrl(): pulumi.Output<string> {
    return httpUrlOf(this);
  }

  /** `socks5://login:password@server:port`. Secret. */
  get socks5Url(): pulumi.Output<string> {
    return socks5UrlOf(this);
  }
}
