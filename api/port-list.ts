import { ApiError } from "./errors";
import { type Port, type PortPage } from "./port";

/** The largest page that the MCP client's schema allows. The vendor's page documents no paging at all. */
export const PAGE_SIZE = 100;
/** 20,000 ports: far beyond any account, so more pages mean a server that does not end. */
const MOST_PAGES = 200;

/**
 * All pages as one list, each id once. It ends with a page that is short or empty, that brings nothing new (a server
 * that ignores `page` sends the same again), that is longer than asked for (it ignores `limit`, so it is all of them),
 * or with the total that a `{data, total}` page tells.
 */
export async function allPages(fetchPage: (page: number) => Promise<PortPage>): Promise<Port[]> {
  const found = new Map<string, Port>();
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { ports, total, limit } = await fetchPage(page);
    const before = found.size;
    for (const port of ports) found.set(port.id, port);
    const nothingNew = found.size === before;
    const last = total === undefined ? ports.length !== (limit ?? PAGE_SIZE) : found.size >= total;
    if (nothingNew || last) return [...found.values()];
  }
  const reason = `the list of ports did not end after ${MOST_PAGES} pages`;
  throw new ApiError({ code: "bad_answer", reason, method: "GET", route: "/ports", sent: "maybe" });
}
