import { type Port } from "../world/types";
import { type World } from "../world/world";
import { publicIp } from "./addresses";
import { type Place, takeDevice } from "./placing";
import { requireUsable } from "./using";

/**
 * Reconfigure: another device at another place. That id, login, lease and rotation stay is inferred.
 * A port that is already there moves all the same, as the call has no way to say "stay".
 */
export function movePort(world: World, port: Port, place: Place): void {
  requireUsable(world, port);
  const device = takeDevice(world, place, port.slotType);
  world.stock.release(port.device);
  port.device = device;
  port.publicIp = publicIp(world.random);
  port.nextIp = null;
  port.updatedAt = world.clock.now();
  world.touch();
}
