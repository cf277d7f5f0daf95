import { isApiError } from "../../api";
import { InputError } from "../errors";
import { type WalletSession } from "../run/wallet-session";
import { tierOf, type X402LeaseArgs } from "./args";

/** Whether the vendor has the country now. Asked once a run; where it does not answer, the purchase shows it. */
export async function checkOffered({ country, tier }: X402LeaseArgs, session: WalletSession): Promise<void> {
  const wanted = tierOf({ ...(tier && { tier }) });
  const known = asked.get(session) ?? new Map<string, ReturnType<typeof ask>>();
  asked.set(session, known);
  const list = known.get(wanted) ?? ask(wanted, session);
  known.set(wanted, list);
  const codes = await list;
  if (codes === undefined || codes.includes(country.toUpperCase())) return;
  const all = codes.length > 0 ? `There are ${codes.slice(0, 40).join(", ")}.` : "There are none now.";
  throw new InputError("country", `the vendor has no free ${wanted} device in "${country.toUpperCase()}". ${all}`);
}

const asked = new WeakMap<WalletSession, Map<string, Promise<string[] | undefined>>>();

async function ask(tier: "shared" | "private", { api }: WalletSession): Promise<string[] | undefined> {
  try {
    return (await api.countries(tier)).map(({ code }) => code.toUpperCase());
  } catch (error) {
    if (isApiError(error)) return undefined;
    throw error;
  }
}
