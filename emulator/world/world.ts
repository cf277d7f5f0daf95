import { X402 } from "../x402/state";
import { Atlas, type Carrier, type City, type Country, type Region } from "./atlas";
import { type Clock } from "./clock";
import { type WorldConfig } from "./config";
import { keep } from "./keeping";
import { Random } from "./random";
import { Stock } from "./stock";
import { type Account, type ApiKey, type CryptoOrder, type Port, type Purchase, type Ticket } from "./types";

const MOST_GRAVES = 10_000;
const MOST_PURCHASES = 100_000;

/** All that the emulator knows. Rules change it, routes only read it. */
export class World {
  readonly random: Random;
  readonly atlas: Atlas;
  readonly stock: Stock;
  readonly accounts = new Map<string, Account>();
  readonly keys = new Map<string, ApiKey>();
  /** Bearer tokens from POST /login/signin, with their account. */
  readonly sessions = new Map<string, string>();
  readonly tickets = new Map<string, Ticket>();
  readonly orders = new Map<string, CryptoOrder>();
  purchases: Purchase[] = [];
  /** Deleted ports, for the quirk `deletedVisible`; the last ones. */
  readonly graves = new Map<string, Port>();
  /** Ports ever made: addresses are never given twice. */
  portsMade = 0;
  /** Crypto orders ever made. */
  ordersMade = 0;
  /** Grows with each change: the store writes when it has. */
  revision = 0;
  /** No port ends before this time. */
  soonestEnd = Infinity;
  /** Proxies paid by a wallet, and the chain on which they are paid. */
  readonly x402: X402;
  /** Traffic of all ports is counted up to here. */
  trafficUntil = 0;

  private readonly ports = new Map<string, Port>();
  private readonly portsByToken = new Map<string, Port>();
  private readonly portsByAccount = new Map<string, Map<string, Port>>();
  private readonly purchasesByPort = new Map<string, Purchase>();

  constructor(
    readonly seed: number,
    public config: WorldConfig,
    readonly clock: Clock,
  ) {
    this.random = new Random(seed);
    this.atlas = new Atlas(seed, config.countries);
    this.stock = new Stock(this.atlas, config.devicesPerCarrier, seed);
    this.x402 = new X402(this);
  }

  touch(): void {
    this.revision++;
  }

  allPorts(): Port[] {
    return [...this.ports.values()];
  }

  portsOf(account: Account): Port[] {
    return [...(this.portsByAccount.get(account.id)?.values() ?? [])];
  }

  port(id: string): Port | undefined {
    return this.ports.get(id);
  }

  portByToken(token: string): Port | undefined {
    return this.portsByToken.get(token);
  }

  addPort(port: Port): void {
    this.ports.set(port.id, port);
    this.portsByToken.set(port.rotationToken, port);
    const owned = this.portsByAccount.get(port.accountId) ?? new Map<string, Port>();
    this.portsByAccount.set(port.accountId, owned.set(port.id, port));
  }

  dropPort(port: Port): void {
    this.ports.delete(port.id);
    this.portsByToken.delete(port.rotationToken);
    this.portsByAccount.get(port.accountId)?.delete(port.id);
  }

  addPurchase(purchase: Purchase): void {
    this.purchases.push(purchase);
    this.purchasesByPort.set(purchase.portId, purchase);
    if (this.purchases.length > 1.1 * MOST_PURCHASES) this.forgetPurchases();
  }

  bury(port: Port): void {
    keep(this.graves, port.id, port, MOST_GRAVES);
  }

  /** The oldest of ports that are gone. */
  private forgetPurchases(): void {
    const surplus = this.purchases.length - MOST_PURCHASES;
    let dropped = 0;
    this.purchases = this.purchases.filter(({ portId }) => {
      if (dropped >= surplus || this.ports.has(portId)) return true;
      dropped++;
      this.purchasesByPort.delete(portId);
      return false;
    });
  }

  purchaseOf(port: Port): Purchase | undefined {
    return this.purchasesByPort.get(port.id);
  }

  account(id: string): Account {
    const account = this.accounts.get(id);
    if (!account) throw new Error(`no account ${id}`);
    return account;
  }

  /** Where a port's device stands. */
  placeOf(port: Port): { country: Country; carrier: Carrier; city: City; region: Region } {
    const { countryId, carrierId, cityId, regionId } = port.device;
    return {
      country: this.atlas.country(countryId) as Country,
      carrier: this.atlas.carrier(carrierId) as Carrier,
      city: this.atlas.city(cityId) as City,
      region: this.atlas.region(regionId) as Region,
    };
  }
}
