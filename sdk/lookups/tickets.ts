import type * as pulumi from "@pulumi/pulumi";
import type * as api from "../../api";
import { withIsoTimes } from "../../domain/iso-time";
import { type Lookup, type LookupOptions, type NoArgs, outputOf, promiseOf } from "./lookup";

/** A question to the vendor's people, and what was answered. Times are ISO 8601 in UTC. */
export interface TicketInfo extends Omit<api.Ticket, "createdAt" | "updatedAt" | "replies"> {
  createdAt?: string;
  updatedAt?: string;
  replies: { id?: string; message?: string; isFromSupport?: boolean; createdAt?: string }[];
}

const TICKETS: Lookup<NoArgs, TicketInfo[]> = {
  name: "getTickets",
  inputs: [],
  ask: async ({ api: { tickets } }) =>
    (await tickets.list()).map(({ replies, ...ticket }) => ({
      ...withIsoTimes(ticket, "createdAt", "updatedAt"),
      replies: replies.map((reply) => withIsoTimes(reply, "createdAt")),
    })),
};

/** Tickets of the account, the open and the closed ones. Scope tickets:read. */
export function getTickets(options?: LookupOptions): Promise<TicketInfo[]> {
  return promiseOf(TICKETS, {}, options);
}

/** {@link getTickets} as an Output. */
export function getTicketsOutput(options?: LookupOptions): pulumi.Output<TicketInfo[]> {
  return outputOf(TICKETS, {}, options);
}
