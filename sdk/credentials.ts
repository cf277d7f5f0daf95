import * as pulumi from "@pulumi/pulumi";
import { httpUrlOf, socks5UrlOf } from "./connection-urls";
import { warnOfOptions } from "./engine/option-warnings";
import { typeOf } from "../domain/kinds";
import { type ExposedBy, optionsOf, propertiesOf } from "./engine/resource-kind";
import { resumeStackTraces, suspendStackTraces } from "./engine/stack-traces";
import { type PortRef, tieToPort } from "./port-settings";

/** Inputs of {@link Credentials}. */
export interface CredentialsArgs {
  /**
   * The port. A change puts back what the old port had before, and sets the new one. A renewal of a Port of the program
   * is no change: what is set here is set for the new port too.
   */
  port: PortRef;
  /**
   * Login that the port asks for, not empty.
   *
   * @example "team-a"
   */
  proxyLogin: pulumi.Input<string>;
  /**
   * Password that the port asks for, not empty. Secret, whether it is given as one or not. Generate it, for example
   * with RandomPassword of the package random of Pulumi.
   */
  proxyPassword: pulumi.Input<string>;
}

const KIND = "Credentials";

/**
 * The login and password of a port. Deleted alone, the port gets back the login that it had before; after a renewal the
 * one that the new port came with.
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
  /** Number of the server's port that speaks HTTP. */
  declare readonly httpPort: pulumi.Output<number>;
  /** Number of the server's port that speaks SOCKS5. */
  declare readonly socksPort: pulumi.Output<number>;

  constructor(name: string, args: CredentialsArgs, options?: pulumi.CustomResourceOptions) {
    const tied = tieToPort(KIND, name, args, options);
    const traces = suspendStackTraces();
    try {
      super(
        typeOf(KIND),
        name,
        propertiesOf(KIND, name, { ...tied.inputs, proxyPassword: pulumi.secret(args.proxyPassword) }, tied.options),
        optionsOf(KIND, tied.options),
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
