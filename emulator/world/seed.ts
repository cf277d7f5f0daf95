import { createHash } from "node:crypto";
import { type Clock } from "./clock";
import { type WorldConfig } from "./config";
import { type Account, SCOPES, type Scope } from "./types";
import { World } from "./world";

export const EMULATOR_KEY = "psx_emulator_0000000000000000000000";
export const READ_ONLY_KEY = "psx_emulator_readonly_00000000000000";
export const MAIN_ACCOUNT = "main";

const READ_SCOPES: Scope[] = ["ports:read", "billing:read", "traffic:read", "account:read", "tickets:read"];

/** One account with money, slots and traffic, a key that may do all and one that may only read. */
export function seedWorld(seed: number, config: WorldConfig, clock: Clock): World {
  const world = new World(seed, config, clock);
  const account = openAccount(world, MAIN_ACCOUNT);
  world.keys.set(EMULATOR_KEY, { key: EMULATOR_KEY, name: "default", accountId: account.id, scopes: [...SCOPES] });
  world.keys.set(READ_ONLY_KEY, { key: READ_ONLY_KEY, name: "read-only", accountId: account.id, scopes: READ_SCOPES });
  return world;
}

export function openAccount(world: World, name: string): Account {
  const { config } = world;
  const now = world.clock.now();
  const account: Account = {
    // The same in each world: one that was begun anew is the same account, emptied.
    id: createHash("sha256").update(name).digest("hex").slice(0, 24),
    name,
    email: name === MAIN_ACCOUNT ? config.user.email : `${name}@example.com`,
    password: config.user.password,
    createdAt: now,
    slots: {
      shared: { total: config.slots.shared, used: 0 },
      private: { total: config.slots.private, used: 0 },
    },
    purchasedGB: { ...config.trafficGB },
    deposited: config.balance,
    spent: 0,
    subscriptionEndsAt: now + config.subscriptionDays * 86_400_000,
    nextPortNumber: 1,
  };
  world.accounts.set(account.id, account);
  world.touch();
  return account;
}
