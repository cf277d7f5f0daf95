import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, type NoArgs } from "./lookup";

/** A question to the vendor's people, and what was answered. Times are ISO 8601 in UTC. */
export interface TicketInfo extends Omit<api.Ticket, "createdAt" | "updatedAt" | "replies"> {
  /** When it was opened. */
  createdAt?: string;
  /** When it last changed. */
  updatedAt?: string;
  /** What was answered, and asked again. */
  replies: {
    /** The vendor's id. */
    id?: string;
    /** What it says. */
    message?: string;
    /** Whether the vendor's people wrote it. */
    isFromSupport?: boolean;
    /** When it was written. */
    createdAt?: string;
  }[];
}

export const TICKETS: Lookup<NoArgs, TicketInfo[]> = {
  name: "getTickets",
  inputs: {},
  list: "tickets",
  ask: async ({ api: { tickets } }) =>
    (await tickets.list()).map(({ replies, ...ticket }) => ({
      ...withIsoTimes(ticket, "createdAt", "updatedAt"),
      replies: replies.map((reply) => withIsoTimes(reply, "createdAt")),
    })),
};
