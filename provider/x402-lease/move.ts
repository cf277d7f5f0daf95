import { isApiError, type Session } from "../../api";
import { type WalletSession } from "../run/wallet-session";
import { type X402LeaseArgs } from "./args";
import { tokenOf } from "./extend";
import { type Obtained } from "./obtain";
import { isMoved, isSame } from "./need";
import { ProviderError, UnfinishedError } from "../errors";
import { credentialsIn, toState, type X402LeaseState } from "./state";

/** Whether a session is surely where it shall be: after a lost answer it is, and has one move less. */
function isThere({ location }: Session, { country, carrier, city }: X402LeaseArgs): boolean {
  const told = (wanted: string | undefined, is: string | undefined) => wanted === undefined || isSame(wanted, is);
  return isSame(country, location?.countryCode) && told(carrier, location?.carrier) && told(city, location?.city);
}

/**
 * Gives a session another port, elsewhere: free, and three times. Undefined where the vendor refuses, as a fourth time.
 */
export async function moved(
  olds: X402LeaseState,
  news: X402LeaseArgs,
  now: Session,
  { api }: WalletSession,
): Promise<Session | undefined> {
  if (isThere(now, news)) return now;
  const { country, carrier, city } = news;
  const order = { country: country.toUpperCase(), ...(carrier && { carrier }), ...(city && { city }) };
  try {
    const { http, socks5, rotationUrl, expiresAt, location } = await api.manage.replacePort(tokenOf(olds), order);
    const proxy = credentialsIn({ ...(http && { http }), ...(socks5 && { socks5 }) });
    const { ports: _, ...rest } = now;
    return {
      ...rest,
      ...(proxy && { proxy }),
      ...(rotationUrl !== undefined && { rotationUrl }),
      ...(expiresAt !== undefined && { expiresAt }),
      location: location ?? { countryCode: order.country },
    };
  } catch (error) {
    if (isApiError(error, "rejected") && !error.maybeDone) return undefined;
    throw error;
  }
}

/** What was claimed from an earlier run may be elsewhere, and so may be what a vendor gives for an order. */
export async function inItsPlace(
  id: string,
  state: X402LeaseState,
  { found, ordered }: Pick<Obtained, "found" | "ordered">,
  news: X402LeaseArgs,
  session: WalletSession,
): Promise<X402LeaseState> {
  const { countryCode } = state;
  if (countryCode === undefined || !isMoved({ country: countryCode }, { country: news.country })) return state;
  try {
    const there = await moved(state, news, found, session);
    if (there) return toState(there, news, state);
    if (ordered !== undefined && isSame(ordered, news.country)) {
      session.notice(
        `session ${state.sessionId} is in ${countryCode}, and ${ordered} was ordered and paid for. The vendor does not move ` +
          "it, and nothing is paid for it again: ask the vendor's support, or replace it.",
      );
      return state;
    }
    throw new ProviderError(`session ${state.sessionId} is in ${countryCode}, and the vendor does not move it.`);
  } catch (error) {
    throw new UnfinishedError(id, { ...state, country: countryCode }, error);
  }
}
