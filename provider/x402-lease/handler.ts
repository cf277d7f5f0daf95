import { differs } from "../../domain/differs";
import { inputNames, outputNames } from "../../domain/kinds";
import { describeSpan } from "../../domain/duration";
import { hasOverStatus, timeOf } from "../../domain/lease";
import { type Hidden } from "../../domain/hidden-inputs";
import { hasUnknown } from "../../domain/unknown";
import { ProviderError } from "../errors";
import { type Handler, type ReadResult } from "../handler";
import { givenInputs } from "../input-values";
import { type WalletSession } from "../run/wallet-session";
import { lackOfKey } from "../run/wallet-settings";
import { adopt } from "./adopt";
import { checkLeaseArgs, networkFor, networkNameOf, tierOf, type X402LeaseArgs } from "./args";
import { brokenOff } from "./broken-off";
import { change } from "./change";
import { inputsOf } from "./declared";
import { isToken, seen, sessionNamed } from "./look";
import { checkOffered } from "./offered";
import { inItsPlace } from "./move";
import { lacksTraffic, needOf } from "./need";
import { obtain } from "./obtain";
import { toState, type X402LeaseState } from "./state";

const INPUTS = inputNames("X402Lease");

/**
 * Proxies that a wallet pays for, for as long as they are declared. Paid by create and by an update that needs more; the
 * vendor has no way to end one. The id is that of the first session and stays; `sessionId` is the one that serves now.
 * The wallet's key is read where something is paid, and nowhere else.
 */
export const x402Lease = {
  kind: "X402Lease",

  async check({ olds, news, hidden, session }) {
    checkLeaseArgs(news, session.settings);
    const isNew = !olds && hidden.adopt === undefined;
    if (isNew) warnOfKey(hidden, session);
    const isPlaced = olds && olds.country === news.country && olds.tier === news.tier;
    if (!isPlaced && hidden.adopt === undefined && !hasUnknown([news.country, news.tier]))
      await checkOffered(news, session);
    return { network: networkFor(news, session.settings) };
  },

  async diff({ olds, news, hidden, session }) {
    session.held.set(olds.sessionId, hidden.urn);
    const replaces = [
      ...(tierOf(news) === olds.tier ? [] : ["tier"]),
      ...(networkNameOf(news) === olds.network ? [] : ["network"]),
    ];
    if (replaces.length > 0) {
      warnOfKey(hidden, session);
      return { changes: true, replaces };
    }
    const isRun = hidden.urn === undefined || session.memory.isHeld(hidden.urn);
    const need = isRun && !hasUnknown(news) ? needOf(olds, news, await session.now()) : undefined;
    if (need && need.does !== "nothing") session.info(`${need.why}: ${SAID[need.does]}.`, hidden.urn);
    const isBrokenOff = isRun && brokenOff(olds, hidden, await session.now(), session) !== undefined;
    if (isBrokenOff)
      session.info("a run that was to replace this lease did not end: what it paid for is taken up.", hidden.urn);
    const raises = lacksTraffic(olds.trafficAllocatedGB, news.trafficGB);
    if (need?.does === "buy" || (raises && isRun) || isBrokenOff) warnOfKey(hidden, session);
    const isOther = INPUTS.some((name) => JSON.stringify(news[name]) !== JSON.stringify(withDefault(olds, news, name)));
    return {
      changes:
        isOther ||
        raises ||
        isBrokenOff ||
        olds.status === undefined ||
        (need !== undefined && need.does !== "nothing"),
      touches: ["expiresAt", ...outputNames("X402Lease")],
    };
  },

  async create({ news, hidden, session }) {
    if (hidden.adopt !== undefined && !session.memory.isHeld(hidden.urn)) {
      const found = await adopt(hidden.adopt, hidden, news, session);
      session.held.set(found.id, hidden.urn);
      return { id: found.id, state: toState(found, news, {}) };
    }
    const got = await obtain(news, hidden, { serial: 0, receipts: [], isOurs: false }, session);
    const told = { __serial: got.serial, wallet: got.wallet, receipts: got.receipts };
    const state = toState(got.found, news, {}, told);
    const id = state.sessionId;
    return { id, state: await inItsPlace(id, state, got, news, session) };
  },

  async read({ id, olds, session }) {
    const state = olds as X402LeaseState;
    if (olds.sessionId === undefined) return imported(id, session);
    session.held.set(state.sessionId, undefined);
    const found = await seen(state, session);
    if (!found) return { state: { ...state, status: "deleted" }, inputs: givenInputs(state, INPUTS), drifted: false };
    const { countryCode } = found.location ?? {};
    const isElsewhere = differs(countryCode, state.countryCode);
    const args = { ...givenInputs(state, INPUTS), ...(isElsewhere && { country: countryCode }) } as X402LeaseArgs;
    const now = toState(found, args, olds);
    return { state: now, inputs: givenInputs(now, INPUTS), drifted: isElsewhere };
  },

  async update({ id, olds, news, hidden, session }) {
    session.held.set(olds.sessionId, hidden.urn);
    return change(id, olds, news, hidden, session);
  },

  async delete({ olds, session }) {
    session.held.set(olds.sessionId, undefined);
    const { sessionId, status, expiresAt, receipts = [] } = olds;
    for (const one of receipts) session.journal.note(one, { isLeft: true });
    if (hasOverStatus(status)) return;
    const now = await session.now().catch(() => undefined);
    const left = ((timeOf(expiresAt) ?? 0) - (now ?? Date.now())) / 1_000;
    if (left <= 0) return;
    const found = await seen(olds, session).catch(() => undefined);
    const traffic = found?.remainingGB === undefined ? "" : ` with ${found.remainingGB} GB left`;
    session.notice(
      `session ${sessionId} is forgotten and runs on for ${describeSpan(left)}${traffic}: the vendor has no way to end one, and pays nothing back.`,
    );
  },
} satisfies Handler<"X402Lease", X402LeaseArgs, X402LeaseState, WalletSession>;

/** A preview is given no key, and looks like the comparisons of an update. */
function warnOfKey({ urn }: Hidden, session: WalletSession): void {
  const lack = lackOfKey(process.env);
  if (lack !== undefined) session.notice(`\`pulumi up\` pays, and ${lack} A preview needs none.`, urn);
}

/** A session that no state holds yet, by its id or by the transaction that bought it. */
async function imported(id: string, session: WalletSession): Promise<ReadResult<X402LeaseState> | undefined> {
  if (isToken(id))
    throw new ProviderError(
      "a session's token is a secret, and the state would hold it in plain text: name the session by its id, or by the transaction that bought it.",
    );
  const found = await sessionNamed(id, session);
  if (!found) return undefined;
  const inputs = inputsOf(found);
  return { id: found.id ?? id, state: toState(found, inputs, {}), inputs, drifted: false };
}

const SAID = { extend: "time is added, which is free", buy: "another is bought" } as const;

/** A state has the defaults of tier and network, which a program need not name. */
const withDefault = (olds: X402LeaseState, news: X402LeaseArgs, name: keyof X402LeaseArgs): unknown =>
  (name === "tier" || name === "network") && news[name] === undefined ? undefined : olds[name];
