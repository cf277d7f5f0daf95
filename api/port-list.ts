import { ApiError } from "./transport/errors";
import { MOST_ENTRIES } from "./fields";
import { type ResolvedOptions } from "./transport/options";
import { type Port, type PortPage } from "./port";

/** The largest page that the MCP client's schema allows. The vendor's page documents no paging at all. */
export const PAGE_SIZE = 100;
/** Far beyond any account, so more means a server that does not end. A page holds about 120 KB. */
const MOST_PAGES = MOST_ENTRIES / PAGE_SIZE;
const MOST_CHARACTERS = 64 * 1024 * 1024;
const LONGEST_MINUTES = 15;

/**
 * All pages as one list, each id once. It ends with a page that is short or empty, that brings nothing new (a server
 * that ignores `page` sends the same again), that is longer than asked for (it ignores `limit`, so it is all of them),
 * or with the total that a `{data, total}` page holds. Bounded in pages, size and time, all together.
 */
export async function allPages(
  fetchPage: (page: number) => Promise<PortPage>,
  now: ResolvedOptions["now"],
): Promise<Port[]> {
  const found = new Map<string, Port>();
  let left = MOST_CHARACTERS;
  let until = Infinity; // counts from the first answer: before it the call may have waited for others
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { ports, total, limit, size } = await fetchPage(page);
    const before = found.size;
    for (const port of ports) found.set(port.id, port);
    const nothingNew = found.size === before;
    const last = total === undefined ? ports.length !== (limit ?? PAGE_SIZE) : found.size >= total;
    if (nothingNew || last) return [...found.values()];
    left -= size;
    if (left < 0) throw endless(`${MOST_CHARACTERS / 1024 / 1024} MiB`);
    until = Math.min(until, now() + LONGEST_MINUTES * 60_000);
    if (now() >= until) throw endless(`${LONGEST_MINUTES} minutes`);
  }
  throw endless(`${MOST_PAGES} pages`);
}

function endless(bound: string): ApiError {
  const reason = `the list of ports did not end after ${bound}`;
  return new ApiError({ code: "bad_answer", reason, method: "GET", route: "/ports", sent: "maybe" });
}
