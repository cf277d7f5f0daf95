import { isApiError, type Session } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { parseDuration } from "../../domain/duration";
import { timeOf } from "../../domain/lease";
import { inputNames } from "../../domain/kinds";
import { UnfinishedError } from "../errors";
import { givenInputs } from "../input-values";
import { type WalletSession } from "../run/wallet-session";
import { secondsOf, type X402LeaseArgs } from "./args";
import { brokenOff, isPaid } from "./broken-off";
import { extendUntil } from "./extend";
import { seen } from "./look";
import { inItsPlace, moved } from "./move";
import { isMoved, lacksTraffic, needOf, stateOf } from "./need";
import { obtain, type Obtained, taken } from "./obtain";
import { toState, withReceipt, type X402LeaseState } from "./state";
import { raiseTraffic, receiptOfRaise } from "./topup";

/** What one update goes through. Each step leaves `state` as true as it can be. */
interface Change {
  id: string;
  olds: X402LeaseState;
  news: X402LeaseArgs;
  hidden: Hidden;
  session: WalletSession;
  now: Session;
  state: X402LeaseState;
}

const INPUTS = inputNames("X402Lease");

/** An update: another session where the old one is over, else another place, more traffic, more time. */
export async function change(
  id: string,
  olds: X402LeaseState,
  news: X402LeaseArgs,
  hidden: Hidden,
  session: WalletSession,
): Promise<X402LeaseState> {
  const time = await session.now();
  const now = await seen(olds, session);
  const told = now ? toState(now, news, olds) : { ...olds, status: "deleted" };
  const need = needOf(told, news, time);
  const earlier = brokenOff(olds, hidden, time, session);
  if (earlier && (await isPaid(earlier, hidden, session))) {
    const got = await taken(earlier, news, hidden, session);
    if (got) return served(id, got, olds, news, session);
    session.journal.note(earlier, { isLeft: true });
  }
  if (need.does === "buy") return another(id, olds, news, hidden, session);
  if (!now || stateOf(told, news, time) === "over") return { ...told, ...givenInputs(news, INPUTS) };
  const at: Change = { id, olds, news, hidden, session, now, state: { ...told, ...givenInputs(olds, INPUTS) } };
  try {
    const elsewhere = isMoved(olds, news) ? await inPlace(at) : undefined;
    if (elsewhere) return elsewhere;
    await withTraffic(at);
    if (need.does === "extend") await extended(at, time + secondsOf(news) * 1_000);
    else await withTime(at, longer(olds, news));
  } catch (error) {
    throw new UnfinishedError(id, at.state, error);
  }
  return toState(at.now, news, at.state);
}

/** A new session in place of the old one. */
async function another(
  id: string,
  olds: X402LeaseState,
  news: X402LeaseArgs,
  hidden: Hidden,
  session: WalletSession,
): Promise<X402LeaseState> {
  const before = { serial: (olds.__serial ?? -1) + 1, receipts: olds.receipts, isOurs: olds.__serial !== undefined };
  const got = await obtain(news, hidden, before, session);
  return served(id, got, olds, news, session);
}

async function served(
  id: string,
  got: Obtained,
  olds: X402LeaseState,
  news: X402LeaseArgs,
  session: WalletSession,
): Promise<X402LeaseState> {
  const receipts = got.receipts.reduce(withReceipt, olds.receipts);
  const told = { __serial: got.serial, wallet: got.wallet, receipts };
  return inItsPlace(id, toState(got.found, news, {}, told), got, news, session);
}

/** Moves the session. Where the vendor does not, a new lease: then that is the state. */
async function inPlace(at: Change): Promise<X402LeaseState | undefined> {
  const { olds, news, hidden, session } = at;
  const there = await moved(olds, news, at.now, session);
  if (!there) {
    session.info(`session ${olds.sessionId} cannot be moved once more: another is bought.`, hidden.urn);
    return another(at.id, olds, news, hidden, session);
  }
  at.now = there;
  const { country, carrier, city } = news;
  const args: X402LeaseArgs = { ...(givenInputs(olds, INPUTS) as X402LeaseArgs), country, carrier, city };
  at.state = toState(there, args, at.state);
  return undefined;
}

async function withTraffic(at: Change): Promise<void> {
  const { news, now, hidden, session, state } = at;
  if (!lacksTraffic(state.trafficAllocatedGB, news.trafficGB)) return withOldPayment(at);
  const { allocatedGB, receipts } = await raiseTraffic(state, news, now, hidden, session);
  at.now = { ...now, allocatedGB };
  at.state = { ...state, trafficAllocatedGB: allocatedGB, receipts };
}

/** A run that was killed after it paid left no receipt in the state. */
async function withOldPayment(at: Change): Promise<void> {
  const { olds, news, now, hidden, session, state } = at;
  if (!lacksTraffic(olds.trafficAllocatedGB, news.trafficGB)) return;
  const receipt = await receiptOfRaise(state, news, now, hidden, session);
  at.state = { ...state, receipts: withReceipt(state.receipts, receipt) };
}

/** A lease that is due is left as it is where the vendor adds no time: the next run tries again. */
async function extended(at: Change, until: number): Promise<void> {
  try {
    await withTime(at, until);
  } catch (error) {
    if (!isApiError(error)) throw error;
    at.session.notice(`no time was added to session ${at.olds.sessionId}: ${error.message}`, at.hidden.urn);
  }
}

async function withTime(at: Change, until: number | undefined): Promise<void> {
  if (until === undefined) return;
  const expiresAt = await extendUntil(until, at.state, at.now, at.session);
  at.now = { ...at.now, ...(expiresAt !== undefined && { expiresAt }) };
  at.state = toState(at.now, at.state, at.state);
}

/** The end of a lease that shall be longer: as much later as it is longer. Undefined where it is not. */
function longer(olds: X402LeaseState, news: X402LeaseArgs): number | undefined {
  const [before, after] = [parseDuration(olds.duration) ?? 0, secondsOf(news)];
  const end = timeOf(olds.expiresAt);
  return after > before && end !== undefined ? end + (after - before) * 1_000 : undefined;
}
