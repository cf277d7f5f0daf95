import { type Bought, decodePayment, type Offered, type Proof, type ProxyOrder, type Session } from "../../api";
import { typeOf } from "../../domain/kinds";
import { buyerKey } from "../../provider/purchase/owner-key";
import { type WalletSession } from "../../provider/run/wallet-session";
import { claim, whyWrong } from "../../provider/x402-lease/claim";
import { type Deal } from "../../provider/x402-lease/deal";
import { type PaymentEntry } from "../../provider/x402-lease/journal";
import { PAYEE } from "../lifecycle/x402-keys";
import {
  down,
  entryOf,
  given,
  HASH,
  hex,
  HIDDEN,
  lost,
  NOW,
  OFFER,
  proofOf,
  said,
  TRANSACTION,
  unknown,
  urnOf,
  USDC,
  WALLET,
} from "./x402-fakes";

const NONCE = hex(1);
const ID = { network: "base-sepolia", nonce: NONCE };
const PAID = { from: WALLET.address, to: PAYEE, amount: 3n * USDC };
const WHOLE: Session = { id: "s", token: "t", proxy: { password: "p" } };
const DELIVERED = [ID, { outcome: "delivered", sessionId: "s", transactionHash: HASH }];

interface World {
  /** null: this machine has lost its journal. */
  entry?: Partial<PaymentEntry> | null;
  /** By which transaction it was settled; null where no node shows it. */
  use?: null;
  transfers?: (typeof PAID)[];
  /** When that was; an error where no node shows it. */
  settledAt?: number | Error;
  /** What the vendor reports by the transaction. */
  known?: Session | Error;
  /** What each try to get it brings; the last one again and again. */
  buys?: (Bought | Error)[];
  proof?: "transfer";
  offered?: Offered<Bought>;
  latest?: Error;
  maxPrice?: bigint;
  /** Why a session is not for this resource, look by look. */
  taken?: (string | undefined)[];
  held?: string;
  resources?: object[];
  now?: number;
}

function start(world: World = {}) {
  const [buys, taken] = [[...(world.buys ?? [unknown])], [...(world.taken ?? [undefined])]];
  const terms = { offers: [OFFER], disagreements: [] };
  const ask = jest.fn(async () => world.offered ?? { terms });
  const buy = jest.fn<Promise<Bought>, [Proof, ProxyOrder]>(async () => given<Bought>(buys));
  const byTransaction = jest.fn<Promise<Session>, [string]>(async () => given<Session>([world.known ?? unknown]));
  const mayTake = jest.fn<Promise<string | undefined>, [Session]>(async () => given(taken));
  const order: ProxyOrder = { country: "GB", durationSeconds: 3_600 };
  const deal: Deal<Bought, ProxyOrder> = {
    ...{ purpose: "proxy", serial: 2, hidden: HIDDEN, network: "base-sepolia", order, ask, buy },
    ...{ maxPrice: world.maxPrice ?? 4n * USDC, proof: world.proof ?? "authorization" },
  };
  const noted: unknown[] = [];
  const recovered: PaymentEntry[] = [];
  const timeOf = jest.fn<Promise<number>, [number]>(async () => given([world.settledAt ?? NOW - 60]));
  const session = {
    ...{ settings: { apiUrl: "http://127.0.0.1:1" }, api: { sessions: { byTransaction } } },
    chain: () => ({ timeOf, latest: async () => given([world.latest ?? { number: 9, time: NOW }]) }),
    now: async () => (world.now ?? NOW) * 1_000,
    held: new Map(world.held === undefined ? [] : [["s", world.held]]),
    stackState: { of: async () => ({ resources: world.resources ?? [] }) },
    journal: {
      note: (...call: unknown[]) => noted.push(call),
      recover: (one: PaymentEntry) => recovered.push(one),
    },
  } as unknown as WalletSession;
  const entry = world.entry === null ? undefined : entryOf(world.entry);
  const use = { hash: HASH, block: 5 };
  const receipt = { hash: HASH, block: 5, success: true, uses: [], transfers: world.transfers ?? [PAID] };
  const settled = world.use === null ? {} : { use, receipt };
  const run = () =>
    claim(deal, { nonce: NONCE, wallet: WALLET, entry, settled }, mayTake, session).catch((error: unknown) => error);
  return { run, buy, ask, byTransaction, mayTake, timeOf, noted, recovered, session, entry, deal };
}

const LOST: World = { entry: null };
const ENDED = "the session that it gives has ended";

describe("what a payment bought", () => {
  it.each<[string, Session]>([
    ["its credentials", WHOLE],
    ["its port's URL", { id: "s", token: "t", ports: [{ id: "p", http: "http://u:p@h:1" }] }],
  ])("is what the vendor reports by its transaction, with %s", async (_what, known) => {
    const { run, buy, byTransaction, noted } = start({ known });
    expect(await run()).toEqual({ found: known });
    expect(byTransaction.mock.calls).toEqual([[HASH]]);
    expect(noted).toEqual([DELIVERED]);
    expect(buy).not.toHaveBeenCalled();
  });

  it.each<[string, Session]>([
    ["id", { token: "t", proxy: { password: "p" } }],
    ["token", { id: "s", proxy: { password: "p" } }],
    ["credentials", { id: "s", token: "t" }],
    ["password", { id: "s", token: "t", proxy: { host: "h" } }],
    ["port", { id: "s", token: "t", ports: [] }],
    ["port's URL", { id: "s", token: "t", ports: [{ id: "p" }] }],
  ])("is completed by the payment where the vendor reports no %s", async (_what, known) => {
    const { run, noted, entry, buy } = start({ known: { ...known, usedGB: 1 }, buys: [WHOLE] });
    expect(await run()).toEqual({ found: { ...known, usedGB: 1, ...WHOLE } });
    expect(noted).toEqual([DELIVERED]);
    expect(buy.mock.calls).toEqual([[entry?.proof, entry?.order]]);
  });

  it("is known by the payment's nonce where no answer names it", async () => {
    const { run, mayTake, noted } = start({ use: null, buys: [{ token: "t" }] });
    expect(await run()).toEqual({ found: { token: "t" } });
    expect(mayTake.mock.calls).toEqual([[{ id: NONCE, token: "t" }]]);
    expect(noted).toStrictEqual([[ID, { outcome: "delivered", sessionId: NONCE, isLeft: undefined }]]);
  });

  it("is not asked for by a transaction that no node shows", async () => {
    const { run, byTransaction, buy } = start({ use: null });
    await run();
    expect(byTransaction).not.toHaveBeenCalled();
    expect(buy).toHaveBeenCalledTimes(1);
  });

  it("is asked for no more once a person gave it up", async () => {
    const { run, byTransaction, buy, noted } = start({ entry: { outcome: "abandoned" }, known: WHOLE });
    expect(await run()).toEqual({ passed: "it was given up" });
    expect([byTransaction.mock.calls, buy.mock.calls, noted]).toEqual([[], [], []]);
  });

  it.each<[string, World]>([
    ["is reported", { known: WHOLE }],
    ["comes for the payment", { buys: [WHOLE] }],
  ])("is passed by where the session that %s is not for this resource", async (_what, world) => {
    const { run, noted, mayTake } = start({ ...world, taken: ["the state has it"] });
    expect(await run()).toEqual({ passed: "the state has it" });
    expect(mayTake.mock.calls).toEqual([[WHOLE]]);
    expect(noted).toEqual([]);
  });

  it("is passed by where what is reported in part is not for this resource", async () => {
    const { run, buy } = start({ known: { id: "s" }, taken: ["the state has it"] });
    expect(await run()).toEqual({ passed: "the state has it" });
    expect(buy).not.toHaveBeenCalled();
  });

  it("stays to be claimed, with what the vendor's support needs", async () => {
    const { run, noted, recovered } = start();
    expect(await run()).toEqual(
      said(
        `3.00 USDC was paid by ${WALLET.address} on base-sepolia, and the vendor does not deliver: the vendor knows of no session. ` +
          `It is not paid again: each run claims it. For the vendor's support: transaction ${HASH}, authorization ${NONCE}.`,
      ),
    );
    expect([noted, recovered]).toStrictEqual([[[ID, { outcome: undefined }]], []]);
  });

  it.each<[string, World, string]>([
    ["the journal's, where no node shows the transfer", { use: null }, "4.00 USDC was paid"],
    ["the journal's, where another wallet sent", { transfers: [{ ...PAID, from: PAYEE }] }, "4.00 USDC was paid"],
    ["not known where neither has it", { entry: null, use: null }, "it was paid"],
    [
      "the wallet's own among others",
      {
        transfers: [
          { ...PAID, from: PAYEE },
          { ...PAID, amount: 1n },
        ],
      },
      "0.000001 USDC",
    ],
  ])("and is not delivered has an amount that is %s", async (_what, world, text) =>
    expect(await start(world).run()).toEqual(said(text)),
  );

  it.each<[string, World]>([
    ["the look by the transaction", { known: lost }],
    ["the last try that says one", { buys: [lost, unknown] }],
  ])("is not delivered for the reason of %s", async (_what, world) =>
    expect(await start(world).run()).toEqual(said(`the vendor does not deliver: ${lost.message}`)),
  );

  it("is not taken for undelivered by an error that is ours", async () => {
    const odd = new TypeError("odd");
    for (const world of [{ known: odd }, { buys: [odd] }]) expect(await start(world).run()).toBe(odd);
  });
});

describe("what shows the vendor that it is paid", () => {
  const earlier = [
    { order: { country: "US" }, proof: proofOf("first") },
    { order: { country: "FR" }, proof: proofOf("second") },
  ];

  it("is each payment that was signed with its own order, and then the transaction", async () => {
    const { run, buy, entry, ask } = start({ entry: { earlier } });
    await run();
    const sent = earlier.map(({ order, proof }) => [proof, order]);
    expect(buy.mock.calls).toEqual([[entry?.proof, entry?.order], ...sent, [TRANSACTION, entry?.order]]);
    expect(ask).not.toHaveBeenCalled();
  });

  it("is the transaction first where payments are transfers", async () => {
    const { run, buy, entry } = start({ proof: "transfer" });
    await run();
    expect(buy.mock.calls).toEqual([
      [TRANSACTION, entry?.order],
      [entry?.proof, entry?.order],
    ]);
  });

  it.each<[string, World]>([
    ["answers", {}],
    ["is found ended and bought again", { buys: [{ ...WHOLE, isActive: false }, WHOLE] }],
  ])("ends with the first that the vendor %s", async (_what, world) => {
    const { run, buy } = start({ buys: [lost, WHOLE], entry: { earlier }, ...world });
    expect(await run()).toEqual({ found: WHOLE });
    expect(buy).toHaveBeenCalledTimes(2);
  });

  it("is the transaction and the same payment signed anew, on a machine that lost its journal", async () => {
    const { run, buy, deal } = start(LOST);
    await run();
    expect(buy.mock.calls).toEqual([
      [TRANSACTION, deal.order],
      [expect.objectContaining({ kind: "authorization" }), deal.order],
    ]);
    const { authorization } = decodePayment(buy.mock.calls[1]?.[0] as Proof & { kind: "authorization" });
    expect(authorization).toMatchObject({ nonce: NONCE, value: 4n * USDC, validBefore: BigInt(NOW + 300) });
  });

  it("is signed anew for the order that was intended, where nothing signed was kept", async () => {
    const { proof: _, ...intent } = entryOf();
    const { run, buy } = start({ use: null, entry: { ...intent, proof: undefined } });
    await run();
    expect(buy.mock.calls.map(([, order]) => order)).toEqual([intent.order]);
  });

  it.each<[string, World]>([
    ["the vendor gives it for nothing", { offered: { bought: WHOLE } }],
    ["the price is above what may be paid", { maxPrice: 4n * USDC - 1n }],
    ["the chain cannot be asked", { latest: down }],
  ])("is not signed anew where %s", async (_what, world) => {
    const { run, buy } = start({ ...LOST, ...world });
    expect(await run()).toEqual(said("the vendor knows of no session"));
    expect(buy.mock.calls.map(([proof]) => proof)).toEqual([TRANSACTION]);
  });
});

describe("a session that cannot be what was just bought", () => {
  it.each<[string, World]>([
    ["has ended by its word", { buys: [{ ...WHOLE, status: "expired" }] }],
    ["has ended by its time", { buys: [{ ...WHOLE, expiresAt: NOW * 1_000 }] }],
    ["does not serve", { buys: [{ ...WHOLE, isActive: false }] }],
    ["is reported by the transaction and has ended", { known: { ...WHOLE, isActive: false } }],
  ])("is no delivery while the order runs: one that %s", async (_what, world) => {
    const { run, noted, mayTake } = start(world);
    expect(await run()).toEqual(said(`the vendor does not deliver: ${ENDED}`));
    expect(noted).toEqual([[ID, { outcome: undefined }]]);
    expect(mayTake).not.toHaveBeenCalled();
  });

  const ended: World = { buys: [{ ...WHOLE, isActive: false }] };
  it.each<[string, World, boolean]>([
    ["ends just now", { ...ended, entry: { at: NOW - 3_600 } }, true],
    ["ends in a second", { ...ended, entry: { at: NOW - 3_599 } }, false],
    ["was delivered before", { ...ended, entry: { sessionId: "s" } }, true],
    ["has no length", { ...ended, entry: { order: {} } }, true],
    ["ends just now, by the chain", { ...ended, ...LOST, settledAt: NOW - 3_600 }, true],
    ["ends in a second, by the chain", { ...ended, ...LOST, settledAt: NOW - 3_599 }, false],
    ["was paid nobody knows when", { ...ended, ...LOST, settledAt: down }, true],
    ["was paid by what no node shows", { ...ended, ...LOST, use: null }, true],
  ])("is passed by, and noted, once the order is over: %s", async (_what, world, passes) => {
    const { run, noted } = start(world);
    if (!passes) return expect(await run()).toEqual(said(ENDED));
    expect(await run()).toEqual({ passed: ENDED });
    const hash = world.use === null ? {} : { transactionHash: HASH };
    expect(noted).toEqual([[ID, { outcome: "delivered", sessionId: "s", ...hash }]]);
  });

  it("is noted by the nonce where it has no id", async () => {
    const { run, noted } = start({ buys: [{ isActive: false }], entry: { at: 0 } });
    await run();
    expect(noted).toEqual([[ID, { outcome: "delivered", sessionId: NONCE, transactionHash: HASH }]]);
  });

  it("is one that another resource has", async () => {
    const { run } = start({ held: urnOf("b"), buys: [WHOLE] });
    expect(await run()).toEqual(said('the session that it gives is that of "b"'));
  });

  it.each<[string, Partial<PaymentEntry> | undefined, Session]>([
    ["this machine does not know what it paid", undefined, WHOLE],
    ["it was delivered before", { sessionId: "s" }, WHOLE],
    ["it has no id", {}, { token: "t" }],
  ])("is not sought with others where %s", async (_what, entry, found) => {
    const resources = [{ urn: urnOf("b"), type: typeOf("X402Lease"), outputs: {} }];
    const { session, deal } = start({ held: urnOf("b"), resources });
    expect(await whyWrong(found, deal, entry && entryOf(entry), session)).toBeUndefined();
  });
});

describe("what was delivered before, and is no longer reported", () => {
  const before: World = { entry: { sessionId: "s9" } };

  it("is passed by where it is not for this resource", async () => {
    const { run, buy, mayTake } = start({ ...before, taken: ["the state has it"] });
    expect(await run()).toEqual({ passed: "the state has it" });
    expect(mayTake.mock.calls).toEqual([[{ id: "s9", tier: "shared" }]]);
    expect(buy).not.toHaveBeenCalled();
  });

  it("is of no tier that nobody ordered", async () => {
    const { run, mayTake } = start({ entry: { sessionId: "s9", order: {} } });
    await run();
    expect(mayTake.mock.calls).toEqual([[{ id: "s9" }]]);
  });

  it.each<[number, boolean]>([
    [NOW - 3_600, true],
    [NOW - 3_599, false],
  ])("and was ordered at %p is over: %p", async (at, isOver) => {
    const { run, noted } = start({ entry: { sessionId: "s9", at } });
    const passed = { passed: "its session has ended, and the vendor no longer reports it" };
    expect(await run()).toEqual(isOver ? passed : said("the vendor knows of no session"));
    expect(noted).toEqual(isOver ? [] : [[ID, { outcome: undefined }]]);
  });

  it("is taken up where the payment brings it still", async () => {
    const { run } = start({ ...before, buys: [WHOLE] });
    expect(await run()).toEqual({ found: WHOLE });
  });

  it("is not asked for by the journal where the vendor reports a part of it", async () => {
    const { run, mayTake } = start({ ...before, known: { id: "s" } });
    expect(await run()).toEqual(said("the vendor knows of no session"));
    expect(mayTake.mock.calls).toEqual([[{ id: "s" }]]);
  });
});

describe("a payment that a machine has lost", () => {
  it("is in its journal from now on, by what the chain shows", async () => {
    const { run, recovered, timeOf, deal, noted } = start({ ...LOST, settledAt: 77 });
    await run();
    expect(recovered).toEqual([
      {
        ...{ ...ID, owner: buyerKey(HIDDEN), purpose: "proxy", serial: "2", payer: WALLET.address, order: deal.order },
        ...{ payTo: PAYEE, amount: "3000000", at: 77, validBefore: 77 },
      },
    ]);
    expect(timeOf.mock.calls).toEqual([[5]]);
    expect(noted).toEqual([]);
  });

  it.each<[string, World]>([
    ["when it was", { settledAt: down }],
    ["what it moved", { transfers: [] }],
    ["by what it was settled", { use: null }],
  ])("is not where no node shows %s", async (_what, world) => {
    const { run, recovered } = start({ ...LOST, ...world });
    expect(await run()).toEqual(said("the vendor does not deliver"));
    expect(recovered).toEqual([]);
  });
});
