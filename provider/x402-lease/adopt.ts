import { type Session } from "../../api";
import { differs } from "../../domain/differs";
import { type Hidden } from "../../domain/hidden-inputs";
import { isOver } from "../../domain/lease";
import { nameOf } from "../../domain/urn";
import { ProviderError } from "../errors";
import { type WalletSession } from "../run/wallet-session";
import { networkNameOf, tierOf, type X402LeaseArgs } from "./args";
import { isHeldElsewhere } from "./held";
import { isToken, isTransaction, sessionNamed } from "./look";

/** Takes a session under management: nothing is paid or changed, so the inputs must say what it is already. */
export async function adopt(
  name: string,
  hidden: Hidden,
  news: X402LeaseArgs,
  session: WalletSession,
): Promise<Session & { id: string }> {
  const what = isTransaction(name) ? `of transaction ${name}` : isToken(name) ? "of this token" : name;
  const refuse = (why: string) =>
    new ProviderError(`session ${what} ${why}, so it cannot be imported. Remove the option import to buy one.`);
  const found = await sessionNamed(name, session);
  if (found?.id === undefined) throw refuse("does not exist");
  const { id, status, expiresAt } = found;
  if (found.isActive === false || isOver({ status, expiresAt }, await session.now())) throw refuse("has ended");
  const other = session.memory.adopt(id, hidden.urn ?? "");
  if (other !== undefined) throw refuse(`is imported by "${nameOf(other)}" too`);
  if (await isHeldElsewhere(id, hidden, session)) throw refuse("is in the state already");
  const differences = mismatches(found, news);
  if (differences.length === 0) return { ...found, id };
  throw new ProviderError(
    `session ${id} is not what the program declares: ${differences.join("; ")}. ` +
      "Declare what it is, import it, and change it afterwards.",
  );
}

function mismatches({ tier, network, location }: Session, news: X402LeaseArgs): string[] {
  const told: [string, string | undefined, string][] = [
    ["tier", tier, tierOf(news)],
    ["network", network, networkNameOf(news)],
    ["country", location?.countryCode, news.country.toUpperCase()],
  ];
  return told.flatMap(([name, is, wanted]) => (differs(is, wanted) ? [`${name} is "${is}"`] : []));
}
