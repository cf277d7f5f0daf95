import { type Api, isApiError } from "../../api";
import { ProviderError } from "../errors";
import { type PortReader } from "./port-reader";

/** What a state keeps of a port. */
export interface OfAccount {
  /** The account that it was bought in: the vendor's id of its user. Missing where that was not known. */
  __account?: string;
}

/**
 * The account that the key of this process is of. With a key of another account all ports of a stack are missing, which
 * looks as if they were gone: they would be bought anew there. Keys of one account are of one user, by whose id it is
 * known. Where the vendor does not say it, as to a key without the scope account:read, all goes on as if it were right.
 */
export class OwnAccount {
  private asked?: Promise<Error | undefined>;
  private own?: string;

  constructor(
    private readonly api: Pick<Api, "account">,
    private readonly ports: Pick<PortReader, "find">,
  ) {}

  /** What a state is to keep of it: its id, once it was asked for, else what the state had. */
  kept({ __account }: OfAccount = {}): string | undefined {
    return this.own ?? __account;
  }

  /**
   * Asks the vendor, once a process. Gives why that failed, if it did.
   *
   * @throws ApiError where the key is refused: the client sends no further call, and those only refer to this error
   */
  ask(): Promise<Error | undefined> {
    this.asked ??= this.api.account.get().then<undefined, Error>(
      ({ user }) => void (this.own = user?.id),
      (error: Error) => {
        if (isApiError(error, "unauthorized")) throw error;
        return error;
      },
    );
    return this.asked;
  }

  /** @throws ProviderError where a port of the state was bought in another account, and may serve there */
  async refuseOther(portId: string, { __account }: OfAccount): Promise<void> {
    if (__account === undefined) return;
    await this.ask();
    if (this.own === undefined || this.own === __account) return;
    // No source says whether several users can have one account.
    if (await this.ports.find(portId)) return;
    throw new ProviderError(
      `port ${portId} is in another account than that of this key: set a key of its account, and run \`pulumi up\` first, ` +
        "without a refresh. If you have left that account, take its ports out of the state with `pulumi state delete`, which " +
        "releases nothing.",
    );
  }
}
