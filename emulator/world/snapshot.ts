import { type Clock } from "./clock";
import { type ConfigPatch, DEFAULT_CONFIG, mergeConfig, type WorldConfig } from "./config";
import { type Account, type ApiKey, type CryptoOrder, type Port, type Purchase, type Ticket } from "./types";
import { World } from "./world";

/** A whole world as JSON, in the emulator's own terms. */
export interface Snapshot {
  version: 1;
  seed: number;
  config: WorldConfig;
  /** ISO; the offset is what is read back. */
  time: string;
  clockOffset: number;
  randomState: number;
  portsMade: number;
  accounts: Account[];
  keys: ApiKey[];
  sessions: { token: string; accountId: string }[];
  ports: Port[];
  graves: Port[];
  purchases: Purchase[];
  tickets: Ticket[];
  orders: CryptoOrder[];
}

export function snapshot(world: World): Snapshot {
  return structuredClone({
    version: 1,
    seed: world.seed,
    config: world.config,
    time: new Date(world.clock.now()).toISOString(),
    clockOffset: world.clock.offset,
    randomState: world.random.state,
    portsMade: world.portsMade,
    accounts: [...world.accounts.values()],
    keys: [...world.keys.values()],
    sessions: [...world.sessions].map(([token, accountId]) => ({ token, accountId })),
    ports: world.allPorts(),
    graves: [...world.graves.values()],
    purchases: world.purchases,
    tickets: [...world.tickets.values()],
    orders: [...world.orders.values()],
  });
}

/** The saved world, with the parts of the config that this start asks for otherwise. */
export function restore(saved: Snapshot, clock: Clock, patch: ConfigPatch = {}): World {
  if (saved.version !== 1) throw new Error(`this emulator cannot read a world of version ${String(saved.version)}`);
  const config = mergeConfig(mergeConfig(DEFAULT_CONFIG, saved.config), patch);
  clock.offset = saved.clockOffset;
  const world = new World(saved.seed, config, clock);
  world.random.state = saved.randomState;
  world.portsMade = saved.portsMade;
  for (const account of saved.accounts) world.accounts.set(account.id, account);
  for (const key of saved.keys) world.keys.set(key.key, key);
  for (const { token, accountId } of saved.sessions) world.sessions.set(token, accountId);
  for (const purchase of saved.purchases) world.addPurchase(purchase);
  for (const ticket of saved.tickets) world.tickets.set(ticket.id, ticket);
  for (const order of saved.orders) world.orders.set(order.id, order);
  for (const grave of saved.graves) world.graves.set(grave.id, grave);
  for (const port of saved.ports) {
    world.addPort(port);
    world.stock.occupy(port.device);
  }
  world.soonestEnd = 0;
  return world;
}
