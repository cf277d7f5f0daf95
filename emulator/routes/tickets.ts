import { iso } from "../answers/shapes";
import { oneOf, readBody, required, text } from "../rules/body";
import { badRequest, notFound } from "../rules/problem";
import { addReply } from "../rules/replying";
import { keep } from "../world/keeping";
import { type Ticket } from "../world/types";
import { type Call, created, route, type Route } from "./route";

const MOST_TICKETS = 2_000;

/** Called by the vendor's own client only. Support answers where control says so. */
export const ticketRoutes: Route[] = [
  route("GET", "/tickets", "tickets:read", (call) => ticketsOf(call).map(ticketAnswer)),
  route("POST", "/tickets", "tickets:write", openTicket),
  route("GET", "/tickets/:id", "tickets:read", (call) => ticketAnswer(requireTicket(call))),
  route("POST", "/tickets/:id/replies", "tickets:write", reply),
  route("PATCH", "/tickets/:id/close", "tickets:write", closeTicket),
];

function ticketsOf({ world, account }: Call): Ticket[] {
  return [...world.tickets.values()].filter((ticket) => ticket.accountId === account.id);
}

function requireTicket({ world, account, params }: Call): Ticket {
  const ticket = world.tickets.get(params["id"] ?? "");
  if (ticket?.accountId !== account.id) throw notFound("Ticket not found");
  return ticket;
}

type OpenBody = Pick<Ticket, "subject" | "message"> & Partial<Pick<Ticket, "category" | "priority">>;

function openTicket({ world, account, body }: Call): unknown {
  const read = readBody<OpenBody>(body, {
    subject: required(text(5, 200)),
    message: required(text(20, 5_000)),
    category: oneOf(["technical", "billing", "account", "other"]),
    priority: oneOf(["low", "medium", "high"]),
  });
  const now = world.clock.now();
  const ticket: Ticket = {
    id: world.random.objectId(now),
    accountId: account.id,
    category: "technical",
    priority: "medium",
    ...read,
    status: "open",
    createdAt: now,
    updatedAt: now,
    replies: [],
  };
  keep(world.tickets, ticket.id, ticket, MOST_TICKETS);
  world.touch();
  return created(ticketAnswer(ticket));
}

function reply(call: Call): unknown {
  const ticket = requireTicket(call);
  const { message } = readBody<{ message: string }>(call.body, { message: required(text(10, 5_000)) });
  if (ticket.status === "closed") throw badRequest("Ticket is closed");
  addReply(call.world, ticket, message, false);
  return created(ticketAnswer(ticket));
}

function closeTicket(call: Call): unknown {
  const ticket = requireTicket(call);
  ticket.status = "closed";
  ticket.updatedAt = call.world.clock.now();
  call.world.touch();
  return ticketAnswer(ticket);
}

function ticketAnswer({ id, replies, accountId, createdAt, updatedAt, ...rest }: Ticket) {
  return {
    _id: id,
    ...rest,
    customerId: accountId,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    replies: replies.map((each) => ({
      _id: each.id,
      message: each.message,
      isFromSupport: each.isFromSupport,
      createdAt: iso(each.createdAt),
    })),
  };
}
