import { type SlotType } from "../domain/slot-type";
import {
  type AccountSummary,
  type AccountUsage,
  type Api,
  type BalanceBreakdown,
  type Carrier,
  type Country,
  type Tariff,
} from "../api";
import { isGone } from "../domain/lease";
import { type Known, part } from "./known";
import { messageOf } from "../text";

/** What the reads of the account returned. One that was refused says so, and the others stand. */
export interface AccountFacts {
  /** The vendor's time, epoch ms. */
  now: number;
  summary: Known<AccountSummary>;
  /** Of the last 30 days. */
  usage: Known<AccountUsage>;
  tariffs: Known<Tariff[]>;
  breakdown: Known<BalanceBreakdown>;
  countries: Record<SlotType, Known<Country[]>>;
  /** The vendor's price of so many GB, in US dollars. */
  trafficPrice(amountGB: number, slotType: SlotType): Promise<Known<number>>;
  carriers(country: Country, slotType: SlotType): Promise<Known<Carrier[]>>;
  /** The account's live ports, which are listed once: a state may name old ones that were released early. */
  livePorts(): Promise<Known<readonly LivePort[]>>;
}

export interface LivePort {
  id: string;
  slotType?: string;
  /** Epoch ms. */
  createdAt?: number;
}

export async function askAccount(api: Api): Promise<AccountFacts> {
  const { account, billing, reference } = api;
  const carriers = new Map<string, Promise<Known<Carrier[]>>>();
  let livePorts: Promise<Known<LivePort[]>> | undefined;
  const [shared, ...rest] = await Promise.all([
    asked(() => reference.countries({ isPrivate: false })),
    asked(() => reference.countries({ isPrivate: true })),
    asked(() => account.summary()),
    asked(() => account.usage("30d")),
    asked(() => reference.tariffs()),
    asked(() => billing.balanceBreakdown()),
  ]);
  const [ofPrivate, summary, usage, tariffs, breakdown] = rest;
  return {
    now: Math.round(api.serverNow() ?? Date.now()),
    summary,
    usage,
    tariffs,
    breakdown,
    countries: { shared, private: ofPrivate },
    carriers: ({ id }, slotType) => {
      const question = `${id} ${slotType}`;
      const answer =
        carriers.get(question) ?? asked(() => reference.carriers(id, { isPrivate: slotType === "private" }));
      carriers.set(question, answer);
      return answer;
    },
    trafficPrice: async (amountGB, slotType) => {
      const price = await asked(() => billing.calculatePrice(amountGB, slotType === "private"));
      return part(price, ({ totalPrice }) => totalPrice, "the price");
    },
    livePorts: () =>
      (livePorts ??= asked(async () => {
        const ports = await api.ports.list();
        return ports
          .filter(({ status }) => !isGone(status))
          .map(({ id, slotType, createdAt }) => ({ id, slotType, createdAt }));
      })),
  };
}

export const idsOf = (ports: readonly LivePort[] | undefined): ReadonlySet<string> | undefined =>
  ports && new Set(ports.map(({ id }) => id));

/** Without a key: the reason stands for every part. */
export function noAccount(reason: string): AccountFacts {
  const unknown = { unknown: reason };
  return {
    now: Date.now(),
    summary: unknown,
    usage: unknown,
    tariffs: unknown,
    breakdown: unknown,
    countries: { shared: unknown, private: unknown },
    carriers: async () => unknown,
    trafficPrice: async () => unknown,
    livePorts: async () => unknown,
  };
}

/** The client's errors are one line each, without secrets. */
async function asked<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { unknown: messageOf(error) };
  }
}
