import { type Api, ApiError, type Port, type PortOrder } from "../../api";
import { OwnAccount } from "../../provider/run/own-account";

/** What becomes of an order: its answer is lost after or before it was carried out, or the vendor refuses it. */
type Fault = "lost after" | "lost before" | ApiError;

const LOST = new ApiError({ code: "network", reason: "the connection was cut", sent: "maybe", maybeDone: true });
export const REFUSED = new ApiError({ code: "forbidden", reason: "no scope", sent: "refused" });

/** The account of a key, which the vendor may not say. */
export const accountOf = (id?: string): OwnAccount =>
  new OwnAccount({ account: { get: async () => ({ user: { id } }) } as never }, { find: async () => undefined });

/** The ports of an account, as a client of the API has them, without a server: purchases meet faults, and time is set. */
export class FakeVendor {
  readonly ports: Port[] = [];
  /** How many ports there ever were. */
  private count = 0;
  /** How many orders came. */
  orders = 0;
  /** How many lists were asked for. */
  lists = 0;
  /** The vendor's clock, epoch ms. */
  now = Date.now();
  /** Of the next orders, in turn. */
  readonly faults: (Fault | undefined)[] = [];
  /** Of the next lists, in turn. */
  readonly listFaults: (ApiError | undefined)[] = [];
  /** What happens between an order's arrival and its answer. */
  whileOrdering: () => Promise<void> = async () => undefined;
  /** What happens between the question for a list and its answer. */
  whileListing: () => Promise<void> = async () => undefined;

  readonly api = {
    serverNow: () => this.now,
    ports: {
      list: async () => {
        this.lists += 1;
        const fault = this.listFaults.shift();
        if (fault) throw fault;
        await this.whileListing();
        return [...this.ports];
      },
      get: async (id: string) => this.ports.find((port) => port.id === id),
      create: async (order: PortOrder) => {
        this.orders += 1;
        const fault = this.faults.shift();
        await Promise.resolve();
        if (fault instanceof ApiError) throw fault;
        const port = fault === "lost before" ? undefined : this.made(order);
        await this.whileOrdering();
        if (fault === undefined && port) return port;
        throw LOST;
      },
    },
  } as unknown as Api;

  /** Somebody else, or a killed run, buys one. */
  made({ countryId, carrierId, expiresInSeconds, osFingerprint = "" }: PortOrder): Port {
    const port: Port = {
      id: `${(this.count += 1)}`.padStart(24, "a"),
      status: "active",
      slotType: "shared",
      createdAt: this.now,
      expiresAt: this.now + expiresInSeconds * 1_000,
      country: { id: countryId, code: countryId.toUpperCase() },
      carrier: { id: carrierId ?? "some", name: carrierId ?? "some" },
      osFingerprint,
      rotationToken: "token",
      proxyPassword: "password",
    };
    this.ports.push(port);
    return port;
  }

  remove(id: string): void {
    const at = this.ports.findIndex((port) => port.id === id);
    this.ports.splice(at, 1);
  }

  live(): string[] {
    return this.ports.map(({ id }) => id).sort();
  }
}
