import { type World } from "../world/world";
import { endOverduePorts } from "./ending";
import { growTraffic } from "./traffic";

/** What the clock has done since the world was last looked at. */
export function passTime(world: World): void {
  growTraffic(world);
  endOverduePorts(world);
}
