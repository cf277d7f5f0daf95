import { type Port } from "../world/types";
import { type World } from "../world/world";
import { isOver, stageOf } from "./life";
import { badRequest, forbidden } from "./problem";

export function isUsable(world: World, port: Port): boolean {
  return !port.suspended && !isOver(stageOf(port, world.config.life, world.clock.now()));
}

/** Rotation and reconfigure need a working port; both statuses are inferred. */
export function requireUsable(world: World, port: Port): void {
  if (port.suspended) throw forbidden(`Port ${port.id} is suspended`);
  if (!isUsable(world, port)) throw badRequest(`Port ${port.id} has expired`);
}
