import type * as pulumi from "@pulumi/pulumi";
import { TICKETS, type TicketInfo } from "../../provider/lookups/tickets";
import { type LookupOptions, outputOf, promiseOf } from "./lookup";

export { type TicketInfo };

/**
 * Tickets of the account, the open and the closed ones. Scope tickets:read.
 *
 * @example
 * export const tickets = proxies.getTicketsOutput();
 */
export function getTickets(options?: LookupOptions): Promise<TicketInfo[]> {
  return promiseOf(TICKETS, {}, options);
}

/** {@link getTickets} as an Output. */
export function getTicketsOutput(options?: LookupOptions): pulumi.Output<TicketInfo[]> {
  return outputOf(TICKETS, {}, options);
}
