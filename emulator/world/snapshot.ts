import { z } from "zod";
import { SAVED_X402 } from "../x402/saved";
import { type X402State } from "../x402/state";
import { type Clock } from "./clock";
import { type ConfigPatch, DEFAULT_CONFIG, mergeConfig, type WorldConfig } from "./config";
import { type Account, type ApiKey, type CryptoOrder, type Port, type Purchase, type Ticket } from "./types";
import { validate } from "./validate";
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
  ordersMade: number;
  accounts: Account[];
  keys: ApiKey[];
  sessions: { token: string; accountId: string }[];
  ports: Port[];
  graves: Port[];
  purchases: Purchase[];
  tickets: Ticket[];
  orders: CryptoOrder[];
  /** Absent in a world that an earlier version saved. */
  x402?: X402State;
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
    ordersMade: world.ordersMade,
    accounts: [...world.accounts.values()],
    keys: [...world.keys.values()],
    sessions: [...world.sessions].map(([token, accountId]) => ({ token, accountId })),
    ports: world.allPorts(),
    graves: [...world.graves.values()],
    purchases: world.purchases,
    tickets: [...world.tickets.values()],
    orders: [...world.orders.values()],
    x402: world.x402.save(),
  });
}

const number = z.number();
const text = z.string();
const slotType = z.enum(["shared", "private"]);
const many = z.array(z.looseObject({ id: text }));
const PORT = z.looseObject({
  id: text,
  accountId: text,
  slotType,
  rotationToken: text,
  createdAt: number,
  expiresAt: number,
  usedGB: number,
  rotation: z.looseObject({ intervalSeconds: number, excludedDeviceIds: z.array(text), history: many }),
  device: z.looseObject({ id: text, countryId: text, carrierId: text, cityId: text, regionId: text, index: number }),
  overrides: z.record(z.string(), z.unknown()),
});
const slots = z.looseObject({ total: number, used: number });

/** What the rules build upon; a file that lacks it is no world, or a broken one. */
const SAVED = z.looseObject({
  seed: number,
  clockOffset: number,
  randomState: number,
  portsMade: number,
  accounts: z
    .array(z.looseObject({ id: text, name: text, slots: z.looseObject({ shared: slots, private: slots }) }))
    .min(1),
  keys: z.array(z.looseObject({ key: text, accountId: text, scopes: z.array(text) })),
  sessions: z.array(z.looseObject({ token: text, accountId: text })),
  ports: z.array(PORT),
  graves: z.array(PORT),
  purchases: z.array(z.looseObject({ portId: text })),
  tickets: many,
  orders: many,
  x402: SAVED_X402.optional(),
});

/** The saved world, with the parts of the config that this start asks for otherwise. */
export function restore(saved: Snapshot, clock: Clock, patch: ConfigPatch = {}): World {
  if (saved?.version !== 1) throw new Error(`this emulator cannot read a world of version ${String(saved?.version)}`);
  validate(SAVED, saved, "a world has no");
  const { latencyMs, requestsPerSecond, ...kept } = saved.config; // how a start answers, and not part of the world
  const config = mergeConfig(mergeConfig(DEFAULT_CONFIG, kept), patch);
  clock.set(clock.base() + saved.clockOffset);
  const world = new World(saved.seed, config, clock);
  world.random.state = saved.randomState;
  world.portsMade = saved.portsMade;
  world.ordersMade = saved.ordersMade ?? saved.orders.length;
  for (const account of saved.accounts) world.accounts.set(account.id, account);
  for (const key of saved.keys) world.keys.set(key.key, key);
  for (const { token, accountId } of saved.sessions) world.sessions.set(token, accountId);
  for (const purchase of saved.purchases) world.addPurchase(purchase);
  for (const ticket of saved.tickets) world.tickets.set(ticket.id, ticket);
  for (const order of saved.orders) world.orders.set(order.id, order);
  for (const grave of saved.graves) world.graves.set(grave.id, settled(world, grave));
  for (const port of saved.ports) {
    world.addPort(settled(world, port));
    world.stock.occupy(port.device);
  }
  if (saved.x402) world.x402.load(saved.x402);
  world.soonestEnd = 0;
  return world;
}

/** A port whose account and place are there. One that an earlier version saved has used what it used before today. */
function settled(world: World, port: Port): Port {
  world.account(port.accountId);
  if (Object.values(world.placeOf(port)).some((place) => place === undefined))
    throw new Error(`the place of port ${port.id} is not in the emulator's atlas`);
  return {
    ...port,
    traffic: port.traffic ?? { perDayGB: null, until: world.clock.now(), undatedGB: port.usedGB, byDay: {} },
  };
}
