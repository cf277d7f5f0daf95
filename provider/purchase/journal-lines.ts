import { type PortOrder } from "../../api";

/** A purchase as the journal knows it: what was about to be bought, for which resource, and what came of it. */
export interface Purchase {
  nonce: string;
  /** The resource's URN, with the backend that its stack lives in. */
  key: string;
  order: PortOrder;
  /** The vendor's time before the order was sent, epoch ms. */
  at: number;
  /** This machine's time then, and the process that sent it. */
  local: number;
  pid: number;
  /** Distinguishes processes whose number is the same. */
  run: string;
  /** The port of the resource from before, which a renewal may have released by then. */
  instead?: string;
  /** The port that was bought, once an answer named it. */
  id?: string;
  /** Its answer is lost, and its process looks for what it bought. */
  looking?: boolean;
  /** Its process has stopped looking as well. */
  lost?: boolean;
  /** Ports that were there before the first order of its process: it bought none of them. */
  before?: ReadonlySet<string>;
}

/** What the lines of all files come to. */
export interface JournalState {
  /** By nonce. */
  open: Map<string, Purchase>;
  /** Ports whose purchase is closed, each with the resource that it was for; none for one that was disowned. */
  settled: Map<string, string | undefined>;
  /** Ports that a renewal released, or was about to, before it bought. */
  released: Set<string>;
}

/** These ports were there before the first order of a process. */
interface Listed {
  what: "listed";
  run: string;
  ids: string[];
}

/** A line of a file of the journal. */
export type Line =
  | ({ what: "intent" } & Purchase)
  | { what: "bought"; nonce: string; id: string }
  | { what: "looking"; nonce: string }
  | { what: "lost"; nonce: string }
  /** Surely nothing was bought, or the engine's state holds the port. */
  | { what: "closed"; nonce: string }
  | Listed
  /** The user says that this port is no purchase of ours. */
  | { what: "disowned"; id: string }
  /** A renewal is about to release this port, and buys after it. */
  | { what: "releasing"; id: string }
  /** The engine's state shows what came of that, or nothing did. */
  | { what: "renewed"; id: string };

/** A torn line is ignored. */
export function parseLine(text: string): Line[] {
  try {
    const line = JSON.parse(text) as Line | null;
    if (line?.what === "listed") return isTexts(line.ids) ? [line] : [];
    const about = line && ("nonce" in line ? line.nonce : line.id);
    return line && typeof about === "string" ? [line] : [];
  } catch {
    return [];
  }
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === "string");

/**
 * Lines of several files come in no order, so ends of purchases count wherever they stand. Those of releases do not: a
 * port may be released again that was not the first time, by a later process, whose file comes later.
 */
export function stateOf(lines: Line[]): JournalState {
  const closed = new Set(lines.flatMap((line) => (line.what === "closed" ? [line.nonce] : [])));
  const state: JournalState = { open: new Map(), settled: new Map(), released: new Set() };
  const ended = new Map<string, string>();
  const before = new Map<string, Listed>();
  for (const line of lines) {
    if (line.what === "listed") before.set(line.run, line);
    if (line.what === "disowned") state.settled.set(line.id, undefined);
    if (line.what === "releasing") state.released.add(line.id);
    if (line.what === "renewed") state.released.delete(line.id);
    if (line.what !== "intent") continue;
    const { what, ...purchase } = line;
    if (closed.has(line.nonce)) ended.set(line.nonce, line.key);
    else state.open.set(purchase.nonce, purchase);
  }
  for (const line of lines) {
    if (line.what === "lost" || line.what === "looking") {
      const purchase = state.open.get(line.nonce);
      if (purchase) purchase[line.what] = true;
    }
    // What was taken up is one line.
    if ((line.what !== "bought" && line.what !== "intent") || line.id === undefined) continue;
    const purchase = state.open.get(line.nonce);
    if (purchase) purchase.id = line.id;
    else if (closed.has(line.nonce) && !state.settled.has(line.id)) state.settled.set(line.id, ended.get(line.nonce));
  }
  for (const purchase of state.open.values()) {
    const list = purchase.id === undefined ? before.get(purchase.run) : undefined;
    if (list) purchase.before = setOf(list);
  }
  return state;
}

const sets = new WeakMap<Listed, ReadonlySet<string>>();

/** Made once for each line: files are read anew only where they grew. */
function setOf(line: Listed): ReadonlySet<string> {
  const set = sets.get(line) ?? new Set(line.ids);
  sets.set(line, set);
  return set;
}
