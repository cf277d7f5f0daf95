import { type SlotType } from "../world/config";
import { type Account } from "../world/types";
import { type World } from "../world/world";
import { badRequest } from "./problem";
import { round } from "./pricing";

export interface TrafficCount {
  total: number;
  used: number;
  available: number;
}

/** Traffic of live ports; what a port used is forgotten with it (inferred). */
export function trafficOf(world: World, account: Account, slotType: SlotType): TrafficCount {
  const total = account.purchasedGB[slotType];
  const used = world
    .portsOf(account)
    .filter((port) => port.slotType === slotType)
    .reduce((sum, port) => sum + port.usedGB, 0);
  return { total, used: round(used), available: round(Math.max(0, total - used)) };
}

export function balanceOf(account: Account): number {
  return round(account.deposited - account.spent);
}

/** Too little money is 400 (inferred). */
export function pay(account: Account, price: number): void {
  const balance = balanceOf(account);
  if (price > balance) throw badRequest(`Insufficient balance: ${price} USD needed, ${balance} USD available`);
  account.spent = round(account.spent + price);
}
