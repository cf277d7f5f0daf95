import { z } from "zod";
import { informingId, listOf, requiredId, text, word } from "./fields";
import { type Http } from "./http";
import { path } from "./path";
import { present, reader } from "./reading";
import { time } from "./time";
import { ApiError } from "./transport/errors";

/** What the vendor takes: characters of each part of a ticket. (MCP client only) */
export const TICKET_TEXT = { subject: [5, 200], message: [20, 5_000], reply: [10, 5_000] } as const;
export const TICKET_CATEGORIES = ["technical", "billing", "account", "other"] as const;
export const TICKET_PRIORITIES = ["low", "medium", "high"] as const;

/** A question to the vendor's people. Each text is one line, whatever lines it was written in. Times are epoch ms. */
export interface Ticket {
  /** The vendor's id. */
  id: string;
  /** Its title. */
  subject?: string;
  /** What was asked. */
  message?: string;
  /** What it is about. */
  category?: string;
  /** How urgent it is. */
  priority?: string;
  /** "open", "closed", … */
  status?: string;
  createdAt?: number;
  updatedAt?: number;
  /** What was answered, and asked again. */
  replies: { id?: string; message?: string; isFromSupport?: boolean; createdAt?: number }[];
}

export interface NewTicket {
  /** 5 to 200 characters. */
  subject: string;
  /** 20 to 5,000 characters. */
  message: string;
  /** @default "technical" */
  category?: (typeof TICKET_CATEGORIES)[number];
  /** @default "medium" */
  priority?: (typeof TICKET_PRIORITIES)[number];
}

/** Tickets to the vendor's support. Scope tickets:read to read, tickets:write to write. (MCP client only) */
export interface TicketsApi {
  list(): Promise<Ticket[]>;
  get(id: string): Promise<Ticket>;
  /** Never repeated: on an error with `maybeDone` look at `list()`. */
  create(ticket: NewTicket): Promise<Ticket>;
  /** 10 to 5,000 characters. Never repeated: on an error with `maybeDone` look at `get(id)`. */
  reply(id: string, message: string): Promise<Ticket>;
  close(id: string): Promise<Ticket>;
}

export function ticketsApi(http: Http): TicketsApi {
  return {
    list: async () => http.get("tickets:read", path`/tickets`, readTickets),
    get: async (id) => http.get("tickets:read", path`/tickets/${id}`, readTicket),
    create: async (ticket) => {
      requireLength("subject", ticket.subject, "/tickets");
      requireLength("message", ticket.message, "/tickets");
      return http.post("tickets:write", path`/tickets`, readTicket, { body: { ...ticket } });
    },
    reply: async (id, message) => {
      requireLength("reply", message, "/tickets/:id/replies");
      return http.post("tickets:write", path`/tickets/${id}/replies`, readTicket, { body: { message } });
    },
    close: async (id) => http.patch("tickets:write", path`/tickets/${id}/close`, readTicket),
  };
}

function requireLength(part: keyof typeof TICKET_TEXT, value: string, route: string): void {
  const [least, most] = TICKET_TEXT[part];
  if (typeof value === "string" && value.length >= least && value.length <= most) return;
  const reason = `the ${part} must have ${least} to ${most} characters`;
  throw new ApiError({ code: "invalid_input", reason, method: "POST", route });
}

/** Made fit already, as all texts of an answer: one line. */
const message = z.string().nullish();

const ticket = z.object({
  _id: requiredId,
  subject: text,
  message,
  category: word,
  priority: word,
  status: word,
  createdAt: time,
  updatedAt: time,
  replies: listOf(
    z.object({ _id: informingId, message, isFromSupport: z.boolean().nullish(), createdAt: time }),
  ).nullish(),
});

const ticketOf = ({ _id, replies, ...rest }: z.output<typeof ticket>): Ticket =>
  present<Ticket>({
    ...rest,
    id: _id,
    replies: (replies ?? []).map(({ _id: id, ...reply }) => present<Ticket["replies"][number]>({ ...reply, id })),
  });

const readTicket = reader(ticket, ticketOf);
const readTickets = reader(listOf(ticket), (tickets) => tickets.map(ticketOf));
