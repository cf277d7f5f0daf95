import { type Actor, type Port } from "../world/types";
import { type World } from "../world/world";
import { endOf } from "./life";

/** Frees the slot and the device; both are inferred from "delete removes the port from modem and database". */
export function endPort(world: World, port: Port, by: Actor, at = world.clock.now()): void {
  world.dropPort(port);
  world.stock.release(port.device);
  world.account(port.accountId).slots[port.slotType].used--;
  world.bury(port);
  const purchase = world.purchaseOf(port);
  if (purchase) Object.assign(purchase, { deletedAt: new Date(at).toISOString(), deletedBy: by });
  world.touch();
}

/** Deletes what the clock has ended. Looks at the ports only when one of them can be over. */
export function endOverduePorts(world: World): void {
  const now = world.clock.now();
  if (now < world.soonestEnd) return;
  world.soonestEnd = Infinity;
  for (const port of world.allPorts()) {
    const end = endOf(port, world.config.life);
    if (end <= now) endPort(world, port, "clock", end);
    else expectEnd(world, port);
  }
}

/** To be called whenever a port's lease begins or moves. */
export function expectEnd(world: World, port: Port): void {
  world.soonestEnd = Math.min(world.soonestEnd, endOf(port, world.config.life));
}
