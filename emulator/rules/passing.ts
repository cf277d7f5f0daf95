import { type World } from "../world/world";
import { limitTraffic } from "../x402/sessions";
import { endOverduePorts } from "./ending";
import { growTraffic } from "./traffic";

/** What the clock has done since the world was last looked at. */
export function passTime(world: World): void {
  world.x402.ledger.catchUp();
  growTraffic(world);
  limitTraffic(world);
  endOverduePorts(world);
}
