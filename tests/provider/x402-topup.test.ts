import { type Addition, NETWORKS, type Proof, type Session, type ToppedUp } from "../../api";
import { type WalletSession } from "../../provider/run/wallet-session";
import { type X402LeaseArgs } from "../../provider/x402-lease/args";
import { nonceOf } from "../../provider/x402-lease/deal";
import { type PaymentEntry, type PaymentId } from "../../provider/x402-lease/journal";
import { type X402LeaseState } from "../../provider/x402-lease/state";
import { raiseTraffic, receiptOfRaise } from "../../provider/x402-lease/topup";
import { PAYEE } from "../lifecycle/x402-keys";
import { entryOf, given, HASH, HIDDEN, lost, NOW, OFFER, proofOf, said, TRANSACTION, USDC, WALLET } from "./x402-fakes";

const ARGS: X402LeaseArgs = {
  ...{ country: "DE", trafficGB: 3, duration: "1h", maxPrice: "4.00", network: "base-sepolia" },
};
const STATE = {
  ...{ ...ARGS, trafficGB: 1, tier: "shared", sessionId: "s", sessionToken: "t", wallet: WALLET.address },
  ...{ trafficAllocatedGB: 1, receipts: [], status: "active" },
} as X402LeaseState;
const nonceTo = (target: number): string =>
  nonceOf({ purpose: "topup", serial: `s:${target}`, hidden: HIDDEN } as never, WALLET);
const raiseTo = (target: number, more: Partial<PaymentEntry> = {}): PaymentEntry =>
  entryOf({
    ...{ nonce: nonceTo(target), purpose: "topup", serial: `s:${target}` },
    ...{ order: { sessionId: "s", trafficGB: 0.5 }, ...more },
  });
const receipt = (target: number) => ({
  ...{ nonce: nonceTo(target), network: "base-sepolia", asset: NETWORKS["base-sepolia"].usdc, payTo: PAYEE },
  ...{ amount: "4.00", at: new Date((NOW - 60) * 1_000).toISOString() },
});

interface World {
  olds?: Partial<X402LeaseState>;
  news?: Partial<X402LeaseArgs>;
  now?: Session;
  entries?: PaymentEntry[];
  /** Targets whose payments the chain has used. */
  used?: number[];
  /** The last final block's time. */
  final?: number;
  /** Whether a node shows by which transaction. */
  shown?: boolean;
  /** GB of the session, look by look. */
  has?: (number | undefined)[];
  topups?: (Partial<ToppedUp> | Error)[];
}

function start(world: World = {}) {
  const topups = [...(world.topups ?? [{ allocatedGB: 3 }])];
  const has = [...(world.has ?? [1])];
  const isUsed = (nonce: string) => (world.used ?? []).some((target) => nonceTo(target) === nonce);
  const topup = jest.fn<Promise<ToppedUp>, [string, Addition, Proof]>(async () => given(topups) as ToppedUp);
  const looked = jest.fn(async () => {
    const allocatedGB = given(has);
    return allocatedGB === undefined ? {} : { allocatedGB };
  });
  const askTopup = jest.fn(async () => ({ terms: { offers: [OFFER], disagreements: [] } }));
  const entries = [...(world.entries ?? [])];
  const noted: unknown[] = [];
  const notices: string[] = [];
  const chain = {
    authorizationState: async (_payer: string, nonce: string) => isUsed(nonce),
    finalized: async () => ({ number: 7, time: world.final ?? NOW }),
    latest: async () => ({ number: 9, time: NOW }),
    balanceOf: async () => 100n * USDC,
    useOf: async (_payer: string, nonce: string) =>
      world.shown && isUsed(nonce) ? { hash: HASH, block: 5 } : undefined,
    gasMoneyOf: async () => 1n,
    settle: async () => HASH,
    receipt: async () => ({ hash: HASH, block: 5, success: true, uses: [], transfers: [] }),
  };
  const session = {
    settings: { apiUrl: "http://127.0.0.1:1" },
    api: { manage: { topup, askTopup, session: looked }, sessions: { byWallet: async () => [] } },
    wallet: () => WALLET,
    chain: () => chain,
    now: async () => NOW * 1_000,
    inTurn: <T>(work: () => Promise<T>) => work(),
    sleep: async () => undefined,
    isWanted: async () => true,
    notice: (text: string) => notices.push(text),
    journal: {
      find: ({ nonce }: PaymentId) => entries.findLast((one) => one.nonce === nonce),
      open: () => entries.filter(({ outcome }) => outcome === undefined),
      note: ({ nonce }: PaymentId, end: object) => noted.push([nonce, end]),
      tidy: () => undefined,
      write: (entry: PaymentEntry) => (entries.push(entry), entry),
    },
  } as unknown as WalletSession;
  const { olds, news, now = { allocatedGB: 1 } } = world;
  const call = [{ ...STATE, ...olds }, { ...ARGS, ...news }, now, HIDDEN, session] as const;
  const run = () => raiseTraffic(...call).catch((error: unknown) => error);
  return { run, before: () => receiptOfRaise(...call), topup, looked, askTopup, noted, notices };
}

const delivered = (target: number) => [nonceTo(target), { outcome: "delivered", sessionId: "s" }];

describe("traffic", () => {
  it("that is missing is paid for, and has a receipt", async () => {
    const { run, topup, noted, askTopup } = start({ topups: [{ allocatedGB: 3.5 }] });
    const at = new Date(NOW * 1_000).toISOString();
    expect(await run()).toEqual({ allocatedGB: 3.5, receipts: [{ ...receipt(3), at }] });
    const signed = expect.objectContaining({ kind: "authorization" }) as Proof;
    expect(askTopup.mock.calls).toEqual([["t", { trafficGB: 2 }]]);
    expect(topup.mock.calls).toEqual([["t", { trafficGB: 2 }, signed]]);
    expect(noted).toEqual([delivered(3)]);
  });

  it.each<[string, World, number]>([
    ["in thousandths of a GB", { now: { allocatedGB: 1.1 }, news: { trafficGB: 1.3 } }, 0.2],
    ["a tenth of a GB at least", { news: { trafficGB: 1.05 } }, 0.1],
    ["by the state where the vendor does not say what there is", { now: {} }, 2],
    ["in whole where nobody knows what there is", { now: {}, olds: { trafficAllocatedGB: undefined } }, 3],
  ])("is ordered %s", async (_what, world, trafficGB) => {
    const { run, topup } = start(world);
    await run();
    expect(topup.mock.calls[0]?.[1]).toEqual({ trafficGB });
  });

  it("is paid for by a transfer of the wallet's own where the program says so", async () => {
    const { run, topup } = start({ news: { proof: "transfer" } });
    expect(await run()).toMatchObject({ allocatedGB: 3 });
    expect(topup.mock.calls).toEqual([["t", { trafficGB: 2 }, TRANSACTION]]);
  });

  it("is what was asked for where the answer does not say", async () =>
    expect(await start({ topups: [{}] }).run()).toMatchObject({ allocatedGB: 3 }));

  it("that is there is not paid for", async () => {
    const { run, topup, looked } = start({ now: { allocatedGB: 3 } });
    expect(await run()).toEqual({ allocatedGB: 3, receipts: [] });
    expect([topup.mock.calls, looked.mock.calls]).toEqual([[], []]);
  });

  it.each<[string, World, string]>([
    ["another wallet pays", { olds: { wallet: PAYEE } }, `this lease was paid by the wallet ${PAYEE}`],
    ["the session has no token", { olds: { sessionToken: undefined } }, "never reported its token"],
    [
      "maxTotal is used up",
      { news: { maxTotal: "4.00" }, olds: { receipts: [receipt(2) as never] } },
      "maxTotal is 4.00",
    ],
    ["it costs more than maxPrice", { news: { maxPrice: "3.99" } }, "the price is 4.00 USDC"],
  ])("is not paid for where %s", async (_what, world, text) => {
    const { run, topup } = start(world);
    expect(await run()).toEqual(said(text));
    expect(topup).not.toHaveBeenCalled();
  });

  it("is paid for by any wallet where nobody knows which one paid", async () =>
    expect(await start({ olds: { wallet: undefined } }).run()).toMatchObject({ allocatedGB: 3 }));
});

describe("traffic that an earlier run paid for", () => {
  const paid: World = { used: [3], entries: [raiseTo(3)], shown: true };

  it("is there", async () => {
    const { run, topup, noted } = start({ ...paid, has: [3.2] });
    expect(await run()).toEqual({ allocatedGB: 3.2, receipts: [{ ...receipt(3), tx: HASH }] });
    expect([topup.mock.calls, noted]).toEqual([[], [delivered(3)]]);
  });

  it("is claimed by what was signed, each with its own order, and then by the transaction", async () => {
    const earlier = [{ order: { sessionId: "s", trafficGB: 0.7 }, proof: proofOf("first") }];
    const { run, topup, noted } = start({ ...paid, entries: [raiseTo(3, { earlier })], topups: [lost] });
    expect(await run()).toEqual(
      said(`4.00 USDC was paid by ${WALLET.address} on base-sepolia, and the vendor does not deliver: ${lost.message}`),
    );
    expect(await start({ ...paid, topups: [lost] }).run()).toEqual(said(`vendor's support: transaction ${HASH}, auth`));
    expect(topup.mock.calls).toEqual([
      ["t", { trafficGB: 0.5 }, proofOf("signed")],
      ["t", { trafficGB: 0.7 }, proofOf("first")],
      ["t", { trafficGB: 0.5 }, TRANSACTION],
    ]);
    expect(noted).toEqual([]);
  });

  it.each<[string, World, number]>([
    ["as the answer says", { topups: [lost, { allocatedGB: 2.9 }] }, 2.9],
    ["as it was asked for", { topups: [{}] }, 3],
    ["by a session that reports none", { has: [undefined], topups: [{}] }, 3],
  ])("is claimed, %s", async (_what, world, allocatedGB) =>
    expect(await start({ ...paid, ...world }).run()).toMatchObject({ allocatedGB }),
  );

  it("is claimed by the transaction and this order on a machine that lost its journal", async () => {
    const { run, topup } = start({ ...paid, entries: [] });
    expect(await run()).toMatchObject({ allocatedGB: 3 });
    expect(topup.mock.calls).toEqual([["t", { trafficGB: 2 }, TRANSACTION]]);
  });

  it("is not claimed where nothing shows it", async () => {
    const { run } = start({ ...paid, entries: [], shown: false });
    expect(await run()).toEqual(said("does not deliver: it gives no reason. "));
  });

  it("and that was there once is not claimed again, and the run says so", async () => {
    const { run, topup, notices } = start({ ...paid, entries: [raiseTo(3, { outcome: "delivered" })], has: [2] });
    expect(await run()).toMatchObject({ allocatedGB: 2 });
    expect(topup).not.toHaveBeenCalled();
    expect(notices).toEqual([expect.stringMatching(/^session s was brought to 3 GB by .* 2 GB now: nothing is paid/)]);
  });

  it("has a receipt, and none where the chain does not show the payment", async () => {
    expect(await start(paid).before()).toEqual({ ...receipt(3), tx: HASH });
    expect(await start({ ...paid, used: [] }).before()).toBeUndefined();
  });
});

describe("a payment for another amount", () => {
  it("that is not decided stops the next", async () => {
    const { run, topup } = start({ entries: [raiseTo(2)] });
    expect(await run()).toEqual(said("whether it is paid is not decided"));
    expect(topup).not.toHaveBeenCalled();
  });

  it("is none for the same: that one is sent again", async () => {
    const { run, topup, noted } = start({ entries: [raiseTo(3)] });
    expect(await run()).toMatchObject({ allocatedGB: 3 });
    expect(topup).toHaveBeenCalledTimes(1);
    expect(noted).toEqual([delivered(3)]);
  });

  it("that is void is noted, and the next is made", async () => {
    const { run, noted } = start({ entries: [raiseTo(2)], final: NOW + 240 });
    expect(await run()).toMatchObject({ allocatedGB: 3, receipts: [{ nonce: nonceTo(3) }] });
    expect(noted).toEqual([[nonceTo(2), { outcome: "unpaid" }], delivered(3)]);
  });

  it("that is paid is delivered first, and only what lacks then is ordered", async () => {
    const { run, topup, noted, looked } = start({ entries: [raiseTo(2)], used: [2], has: [1, 2.5] });
    expect(await run()).toMatchObject({ allocatedGB: 3, receipts: [receipt(2), { nonce: nonceTo(3) }] });
    expect(topup.mock.calls.map(([, order]) => order)).toEqual([{ trafficGB: 0.5 }, { trafficGB: 0.5 }]);
    expect(noted).toEqual([delivered(2), delivered(3)]);
    expect(looked).toHaveBeenCalledWith("t");
  });

  it("that is paid may be all that lacks", async () => {
    const { run, topup } = start({ entries: [raiseTo(4)], used: [4], has: [4] });
    expect(await run()).toEqual({ allocatedGB: 4, receipts: [receipt(4)] });
    expect(topup).not.toHaveBeenCalled();
  });

  it("counts for maxTotal", async () => {
    const { run } = start({ entries: [raiseTo(2)], used: [2], has: [2], news: { maxTotal: "4.00" } });
    expect(await run()).toEqual(said("this lease has cost 4.00 USDC"));
  });

  it.each<[string, Partial<PaymentEntry>]>([
    ["for a session", { purpose: "proxy" }],
    ["of another resource", { owner: "other" }],
    ["on another chain", { network: "base" }],
    ["of another wallet", { payer: PAYEE }],
    ["that was never signed", { proof: undefined }],
    ["for another session", { order: { sessionId: "s2" } }],
    ["that was decided", { outcome: "unpaid" }],
  ])("is none of its own: one %s", async (_what, more) => {
    const { run, noted } = start({ entries: [raiseTo(2, more)] });
    expect(await run()).toMatchObject({ allocatedGB: 3 });
    expect(noted).toEqual([delivered(3)]);
  });
});
