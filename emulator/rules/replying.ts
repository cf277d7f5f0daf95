import { type Ticket } from "../world/types";
import { type World } from "../world/world";
import { badRequest } from "./problem";

const MOST_REPLIES = 100;

/** Adds to a ticket what its customer or the vendor's support says. */
export function addReply(world: World, ticket: Ticket, message: string, isFromSupport: boolean): void {
  if (ticket.replies.length >= MOST_REPLIES) throw badRequest(`Ticket has ${MOST_REPLIES} replies`);
  const now = world.clock.now();
  ticket.replies.push({ id: world.random.objectId(now), message, isFromSupport, createdAt: now });
  ticket.updatedAt = now;
  world.touch();
}
