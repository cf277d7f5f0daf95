import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Chain, ChainError, type ChainReceipt, NETWORKS } from "../../api";
import { typeOf } from "../../domain/kinds";
import { brokenOff, isPaid } from "../../provider/x402-lease/broken-off";
import { fateOf } from "../../provider/x402-lease/fate";
import { isHeldElsewhere, otherHolder } from "../../provider/x402-lease/held";
import { type PaymentEntry, PaymentJournal } from "../../provider/x402-lease/journal";
import { settledBy } from "../../provider/x402-lease/settle";
import { walletFault } from "../../provider/x402-lease/spending";
import { type X402LeaseState } from "../../provider/x402-lease/state";
import { evidenceOf } from "../../provider/x402-lease/used";
import { refusal, undelivered } from "../../provider/x402-lease/words";
import { buyerKey } from "../../provider/purchase/owner-key";
import { NotDoneError } from "../../provider/errors";
import { type WalletSession } from "../../provider/run/wallet-session";

const NOW = Date.parse("2026-03-29T12:00:00Z");
const SECONDS = NOW / 1_000;
const DAY = 86_400;
const [PAYER, OTHER] = [`0x${"1".repeat(40)}`, `0x${"2".repeat(40)}`];
const PAYEE = `0x${"3".repeat(40)}`;
const nonceOf = (digit: number): string => `0x${String(digit).repeat(64)}`;
const [HASH, HASH_2] = [nonceOf(8), nonceOf(9)];
const URN = `urn:pulumi:dev::shop::${typeOf("X402Lease")}::a`;
const HIDDEN = { urn: URN };
const USDC = 1_000_000n;
const PROOF = { kind: "authorization", header: "signed" } as unknown as PaymentEntry["proof"];

const entry = (digit: number, more: Partial<PaymentEntry> = {}): PaymentEntry => ({
  nonce: nonceOf(digit),
  network: "base",
  owner: buyerKey(HIDDEN) as string,
  purpose: "proxy",
  serial: String(digit),
  payer: PAYER,
  payTo: PAYEE,
  amount: "4000000",
  order: { tier: "shared", durationSeconds: DAY },
  at: SECONDS - 60,
  validBefore: SECONDS + 300,
  proof: PROOF,
  ...more,
});

interface World {
  balance?: bigint;
  gas?: bigint;
  /** Sent within the last day. */
  sent?: bigint;
  dailyBudget?: bigint;
  open?: PaymentEntry[];
  all?: PaymentEntry[];
  /** Nonces that the chain has used. */
  used?: string[];
  /** The last final block's time, and whether a nonce was used by then. */
  final?: number;
  usedByFinal?: string[];
  chain?: Partial<Chain>;
  api?: object;
  resources?: object[];
}

function start(world: World = {}) {
  const noted: [string, object][] = [];
  const notices: [string, string?][] = [];
  const asked: unknown[] = [];
  let slept = 0;
  const chain = {
    balanceOf: async () => world.balance ?? 100n * USDC,
    gasMoneyOf: async () => world.gas ?? 1n,
    sentSince: async (payer: string, since: number) => (asked.push([payer, since]), world.sent ?? 0n),
    authorizationState: async (payer: string, nonce: string, at?: number) =>
      payer === PAYER && ((at === 7 ? world.usedByFinal : world.used) ?? []).includes(nonce),
    finalized: async () => ({ number: 7, time: world.final ?? SECONDS }),
    ...world.chain,
  } as unknown as Chain;
  const session = {
    settings: { dailyBudget: world.dailyBudget },
    journal: {
      open: () => world.open ?? [],
      all: () => world.all ?? [],
      find: ({ nonce }: PaymentEntry) => (world.all ?? []).find((one) => one.nonce === nonce),
      note: ({ nonce }: PaymentEntry, end: object) => noted.push([nonce, end]),
    },
    chain: () => chain,
    api: world.api,
    wallet: () => ({ key: "key", address: PAYER }),
    held: new Map<string, string | undefined>(),
    stackState: { of: async () => (world.resources ? { resources: world.resources } : undefined) },
    notice: (text: string, urn?: string) => notices.push([text, urn]),
    now: async () => NOW,
    sleep: async (ms: number) => void (slept += ms),
  } as unknown as WalletSession;
  return { session, noted, notices, asked, slept: () => slept };
}

describe("a wallet", () => {
  const fault = (world: World, proof: "authorization" | "transfer" = "authorization"): Promise<string | undefined> =>
    walletFault(entry(1), proof, { number: 9, time: SECONDS }, start(world).session);

  it.each<[string, World, "authorization" | "transfer"]>([
    ["it has just the price", { balance: 4n * USDC }, "authorization"],
    ["it has no gas, and needs none", { gas: 0n }, "authorization"],
    ["it has gas where it needs it", {}, "transfer"],
    ["its budget is just enough", { sent: 6n * USDC, dailyBudget: 10n * USDC }, "authorization"],
    [
      "what was signed before is settled",
      { balance: 4n * USDC, open: [entry(2)], used: [nonceOf(2)] },
      "authorization",
    ],
    [
      "what was signed before is void",
      { balance: 4n * USDC, open: [entry(2, { validBefore: SECONDS })] },
      "authorization",
    ],
    ["what is open is this very payment", { balance: 4n * USDC, open: [entry(1)] }, "authorization"],
    ["it is another wallet's", { balance: 4n * USDC, open: [entry(2, { payer: OTHER })] }, "authorization"],
    ["it is on another chain", { balance: 4n * USDC, open: [entry(2, { network: "base-sepolia" })] }, "authorization"],
  ])("may pay where %s", async (_what, world, proof) => expect(await fault(world, proof)).toBeUndefined());

  it.each<[string, World, "authorization" | "transfer", string]>([
    [
      "it has less",
      { balance: 4n * USDC - 1n },
      "authorization",
      `the price is 4.00 USDC, and the wallet ${PAYER} has 3.999999 on base`,
    ],
    [
      "it has less beside what it signed before",
      { balance: 9n * USDC, open: [entry(2, { amount: "6000000" })] },
      "authorization",
      `the price is 4.00 USDC, and the wallet ${PAYER} has 9.00 on base, of which 6.00 are being paid already`,
    ],
    [
      "a transfer needs gas, and it has none",
      { gas: 0n },
      "transfer",
      `proof "transfer" needs ETH for gas, and the wallet ${PAYER} has none on base; "authorization" needs none`,
    ],
    [
      "its daily budget is used up, with what is being paid",
      { sent: 5n * USDC, dailyBudget: 10n * USDC, open: [entry(2, { amount: "1000001" })] },
      "authorization",
      "the price is 4.00 USDC, and the wallet has spent 6.000001 of its daily budget of 10.00 USDC within 24 hours",
    ],
  ])("may not pay where %s", async (_what, world, proof, why) => expect(await fault(world, proof)).toBe(why));

  it("counts what it sent in the last 24 hours by the chain's clock, to anybody", async () => {
    const run = start({ dailyBudget: 10n * USDC });
    await walletFault(entry(1), "authorization", { number: 9, time: SECONDS }, run.session);
    expect(run.asked).toEqual([[PAYER, SECONDS - DAY]]);
  });
});

it.each<[string, World, string]>([
  ["used", { used: [nonceOf(1)] }, "paid"],
  ["not used, and good still", { final: SECONDS + 299 }, "undecided"],
  ["not used when it became void, by a final block", { final: SECONDS + 300 }, "unpaid"],
  ["used by that block, which another node knows", { final: SECONDS + 300, usedByFinal: [nonceOf(1)] }, "undecided"],
])("a payment that the chain shows as %s is %3$s", async (_what, world, fate) => {
  expect(await fateOf(entry(1), start(world).session.chain("base"))).toBe(fate);
});

describe("a payment that the chain has settled", () => {
  const paid: ChainReceipt = {
    hash: HASH,
    block: 5,
    success: true,
    uses: [{ payer: PAYER, nonce: nonceOf(1) }],
    transfers: [
      { from: OTHER, to: OTHER, amount: 1n },
      { from: PAYER, to: PAYEE, amount: 3n * USDC },
    ],
  };
  const logged: Partial<Chain> = { useOf: async () => ({ hash: HASH, block: 5 }), receipt: async () => paid };
  const evidence = (world: World) => evidenceOf({ network: "base" }, nonceOf(1), PAYER, start(world).session);
  const receipt = {
    tx: HASH,
    nonce: nonceOf(1),
    network: "base",
    asset: NETWORKS.base.usdc,
    payTo: PAYEE,
    amount: "3.00",
    at: "2026-03-29T12:00:00.000Z",
  };

  it("has a receipt of what it moved, on a machine that knows nothing of it", async () => {
    const found = await evidence({ chain: logged });
    expect(found).toEqual({ settled: { use: { hash: HASH, block: 5 }, receipt: paid }, receipt });
  });

  it("is of the time when it was signed, where this machine knows that", async () => {
    const found = await evidence({ chain: logged, all: [entry(1)] });
    expect(found.entry).toEqual(entry(1));
    expect(found.receipt).toEqual({ ...receipt, at: "2026-03-29T11:59:00.000Z" });
  });

  it("is by what was signed where the node shows no transaction", async () => {
    const found = await evidence({
      chain: { useOf: () => Promise.reject(new Error("down")) },
      api: { sessions: { byWallet: () => Promise.reject(new Error("down")) } },
      all: [entry(1)],
    });
    const { tx: _, ...rest } = receipt;
    expect(found.settled).toEqual({});
    expect(found.receipt).toEqual({ ...rest, amount: "4.00", at: "2026-03-29T11:59:00.000Z" });
  });

  it("has none where neither shows it", async () => {
    const nothing = { useOf: async () => undefined };
    const api = { sessions: { byWallet: async () => [] } };
    expect(await evidence({ chain: nothing, api })).toEqual({ settled: {} });
  });

  it("is found by the vendor's newest sessions of the wallet where the node's log is too short", async () => {
    const asked: string[] = [];
    const chain: Partial<Chain> = {
      useOf: async () => undefined,
      receipt: async (hash) => {
        asked.push(hash);
        const mine =
          hash === HASH
            ? [{ payer: PAYER, nonce: nonceOf(1) }]
            : [
                { payer: OTHER, nonce: nonceOf(1) },
                { payer: PAYER, nonce: nonceOf(2) },
              ];
        return { ...paid, hash, uses: mine };
      },
    };
    const sessions = [
      ...Array.from({ length: 60 }, () => ({ transactionHash: "0xold" })),
      { transactionHash: HASH },
      {},
      { transactionHash: HASH_2 },
    ];
    const byWallet = jest.fn(async () => sessions);
    const found = await evidence({ chain, api: { sessions: { byWallet } } });
    expect(byWallet).toHaveBeenCalledWith(PAYER, "all");
    expect(found.settled.use).toEqual({ hash: HASH, block: 5 });
    expect(asked).toEqual([HASH_2, HASH, HASH]);
    asked.length = 0;
    const old = [{ transactionHash: HASH }, ...Array.from({ length: 50 }, () => ({ transactionHash: HASH_2 }))];
    const none = await evidence({ chain, api: { sessions: { byWallet: async () => old } } });
    expect([none.settled, asked.length]).toEqual([{}, 50]);
  });
});

describe("a session is another's", () => {
  const lease = (urn: string, sessionId: string, type = typeOf("X402Lease")): object => ({
    urn,
    type,
    outputs: { sessionId },
  });
  const other = URN.replace(/a$/, "b");

  it.each<[string, object[] | undefined, string | undefined, boolean]>([
    ["the state has it for another resource", [lease(other, "s")], other, true],
    ["it has it for this one, which is being replaced", [lease(URN, "s")], undefined, true],
    ["it has another", [lease(other, "t")], undefined, false],
    ["what has such an output is no lease", [lease(other, "s", typeOf("Port"))], undefined, false],
    ["a lease has no outputs yet", [{ urn: other, type: typeOf("X402Lease") }], undefined, false],
    ["the state cannot be read", undefined, undefined, false],
  ])("where %s", async (_what, resources, holder, isHeld) => {
    const { session } = start(resources && { resources });
    expect([await otherHolder("s", HIDDEN, session), await isHeldElsewhere("s", HIDDEN, session)]).toEqual([
      holder,
      isHeld,
    ]);
  });

  it.each<[string | undefined, string | undefined]>([
    [other, other],
    [URN, undefined],
    [undefined, undefined],
  ])("as this run has seen it, of %p", async (urn, holder) => {
    const { session } = start();
    session.held.set("s", urn);
    expect([await otherHolder("s", HIDDEN, session), await isHeldElsewhere("s", HIDDEN, session)]).toEqual([
      holder,
      true,
    ]);
  });
});

describe("what a run signed that was to replace a lease and did not end", () => {
  const olds = { __serial: 1, sessionId: "s", network: "base", tier: "shared" } as X402LeaseState;
  const found = (one: PaymentEntry, state = olds, now = NOW): string | undefined =>
    brokenOff(state, HIDDEN, now, start({ all: [one] }).session)?.nonce;

  it.each<[string, PaymentEntry]>([
    ["is not decided yet", entry(2)],
    ["is delivered, and runs", entry(2, { outcome: "delivered", sessionId: "t" })],
    ["is not decided, however long ago", entry(2, { at: SECONDS - 9 * DAY })],
  ])("is found where it %s", (_what, one) => expect(found(one)).toBe(nonceOf(2)));

  it.each<[string, PaymentEntry]>([
    ["it is the one of the state", entry(1)],
    ["it raised traffic", entry(2, { purpose: "topup" })],
    ["it is another resource's", entry(2, { owner: "other" })],
    ["it is on another chain", entry(2, { network: "base-sepolia" })],
    ["it is of another tier", entry(2, { order: { tier: "private", durationSeconds: DAY } })],
    ["it was given up", entry(2, { outcome: "abandoned" })],
    ["it is void", entry(2, { outcome: "unpaid" })],
    ["nothing was signed", { ...entry(2), proof: undefined }],
    ["it is delivered, and is the session of the state", entry(2, { outcome: "delivered", sessionId: "s" })],
    ["it is delivered, and is over", entry(2, { outcome: "delivered", sessionId: "t", at: SECONDS - 2 * DAY })],
    ["a run left it", entry(2, { isLeft: true })],
  ])("is none where %s", (_what, one) => expect(found(one)).toBeUndefined());

  it("is none where the lease was imported", () => {
    expect(found(entry(2), { ...olds, __serial: undefined })).toBeUndefined();
  });

  it.each<[string, PaymentEntry, World, boolean, RegExp | undefined, object[]]>([
    ["it is delivered", entry(2, { outcome: "delivered" }), {}, true, undefined, []],
    ["the chain has used it", entry(2), { used: [nonceOf(2)] }, true, undefined, []],
    ["it is void", entry(2), { final: SECONDS + 300 }, false, undefined, [[nonceOf(2), { outcome: "unpaid" }]]],
    ["it is not decided", entry(2), {}, false, /not decided .*a run that was to replace this lease did not end/, []],
    [
      "another wallet paid it",
      entry(2, { outcome: "delivered", payer: OTHER }),
      {},
      false,
      /^nothing was paid: an earlier run bought a session/,
      [],
    ],
  ])("costs nothing only where it is paid by this wallet: %s", async (_what, one, world, paid, notice, noted) => {
    const run = start(world);
    expect(await isPaid(one, HIDDEN, run.session)).toBe(paid);
    expect(run.noted).toEqual(noted);
    expect(run.notices).toEqual(notice ? [[expect.stringMatching(notice), URN]] : []);
  });
});

describe("a wallet's own transaction", () => {
  const authorization = { from: PAYER, to: PAYEE, nonce: nonceOf(1), value: "1", validAfter: "0", validBefore: "9" };
  const signed = JSON.stringify({ payload: { signature: "0x", authorization } });
  const proof = { kind: "authorization", version: 2, payload: Buffer.from(signed).toString("base64") } as const;

  async function settle(...receipts: ({ success: boolean } | undefined)[]) {
    const settled = jest.fn(async () => HASH);
    const receipt = async (): Promise<ChainReceipt> => receipts.shift() as ChainReceipt;
    const run = start({ chain: { settle: settled, receipt } });
    const by = { key: "key", address: PAYER };
    const made = await settledBy(by, proof, { network: "base" } as never, run.session).catch((error: Error) => error);
    expect(settled.mock.calls).toEqual([["key", expect.objectContaining({ signature: "0x" })]]);
    return { made, slept: run.slept() };
  }

  it.each([
    [[{ success: true }], 0],
    [[undefined, undefined, { success: true }], 4_000],
  ])("is the proof once it is mined: %j", async (receipts, slept) => {
    const made = { kind: "transaction", hash: HASH, network: "base", payer: PAYER };
    expect(await settle(...receipts)).toEqual({ made, slept });
  });

  it.each<[string, ({ success: boolean } | undefined)[], RegExp, number]>([
    ["it was reverted", [undefined, { success: false }], /was reverted$/, 2_000],
    ["it is not mined within half a minute", [], /is not mined yet$/, 30_000],
  ])("is none where %s", async (_what, receipts, message, slept) => {
    const { made, slept: waited } = await settle(...receipts);
    expect(made).toBeInstanceOf(ChainError);
    expect([(made as Error).message, waited]).toEqual([expect.stringMatching(message), slept]);
  });
});

describe("words", () => {
  it.each<[string, PaymentEntry | undefined, boolean]>([
    ["nothing was signed before", undefined, true],
    ["what was signed is delivered", entry(1, { outcome: "delivered" }), true],
    ["only an intent was written", { ...entry(1), proof: undefined }, true],
    ["a payment is not decided", entry(1), false],
    [
      "an earlier one of its nonce is not",
      { ...entry(1), proof: undefined, earlier: [{}] } as unknown as PaymentEntry,
      false,
    ],
  ])("of a refusal say that nothing was paid only where that is sure: %s", (_what, earlier, isSure) => {
    const error = refusal(earlier, "the price is too high.");
    expect(error instanceof NotDoneError).toBe(isSure);
    expect(error.message).toMatch(
      isSure ? /^nothing was paid: the price is too high\.$/ : /^whether it is paid is not/,
    );
  });

  it("of what is not decided name amount, payee, chain and its end", () => {
    expect(refusal(entry(1), "no answer").message).toBe(
      `whether it is paid is not decided (4.00 USDC to ${PAYEE} on base, authorization ${nonceOf(1)}, good until ` +
        "2026-03-29T12:05:00.000Z): no answer. The next run asks the chain, and sends the same payment again: it is paid once at most.",
    );
  });

  it("of what is not delivered are what the vendor's support needs", () => {
    const open = { nonce: nonceOf(1), payer: PAYER, network: "base" as const };
    expect(undelivered({ ...open, amount: 4n * USDC, transactionHash: HASH }, "no session.").message).toBe(
      `4.00 USDC was paid by ${PAYER} on base, and the vendor does not deliver: no session. It is not paid again: each ` +
        `run claims it. For the vendor's support: transaction ${HASH}, authorization ${nonceOf(1)}.`,
    );
    expect(undelivered(open, "no").message).toMatch(/^it was paid by .* support: authorization 0x1+\.$/);
  });
});

describe("the journal of payments", () => {
  let folder: string;
  let journal: PaymentJournal;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "proxies-sx-payments-")), "account");
    journal = new PaymentJournal(folder);
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));
  const payments = (): string[] => readdirSync(join(folder, "payments"));
  const at = (digit: number, seconds: number, more: Partial<PaymentEntry> = {}): PaymentEntry =>
    journal.write(entry(digit, { at: seconds, ...more }));

  it("knows what was written, by its chain and nonce, the newest first", () => {
    const [one, two] = [at(1, 1), at(2, 2, { outcome: "delivered" })];
    const same = at(1, 3, { network: "base-sepolia" });
    expect(new PaymentJournal(folder).all()).toEqual([same, two, one]);
    expect(new PaymentJournal(folder).open()).toEqual([same, one]);
    expect(journal.find(one)).toEqual(one);
    expect(journal.find({ network: "base", nonce: nonceOf(3) })).toBeUndefined();
  });

  it("passes none over, however many there are", () => {
    const open = at(1, 1);
    for (let one = 0; one < 2_000; one++) {
      const nonce = `0x${String(one).padStart(64, "0")}`;
      const text = JSON.stringify(entry(2, { nonce, outcome: "delivered" }));
      writeFileSync(join(folder, "payments", `base-${nonce}.json`), text, { mode: 0o600 });
    }
    expect(journal.all()).toHaveLength(2_001);
    expect(journal.open()).toEqual([open]);
  });

  it("notes the end of what it knows, and of nothing else", () => {
    const one = at(1, 1);
    journal.note(one, { outcome: "delivered", sessionId: "s" });
    journal.note(entry(2), { outcome: "unpaid" });
    expect(journal.all()).toEqual([{ ...one, outcome: "delivered", sessionId: "s" }]);
    journal.recover(entry(3));
    expect(journal.find(entry(3))).toEqual(entry(3));
  });

  it("forgets what was decided 40 days ago, and never what is open", () => {
    const now = 100 * DAY;
    at(1, 60 * DAY, { outcome: "delivered" });
    at(2, 60 * DAY - 1, { outcome: "unpaid" });
    at(3, 0);
    journal.tidy(now);
    expect(journal.all().map(({ nonce }) => nonce)).toEqual([nonceOf(1), nonceOf(3)]);
  });

  it("is empty where there is none, and passes over what is no payment", () => {
    expect([journal.all(), journal.find(entry(1))]).toEqual([[], undefined]);
    at(1, 1);
    writeFileSync(join(folder, "payments", `base-${nonceOf(2)}.json`), "{");
    writeFileSync(join(folder, "payments", `base-${nonceOf(3)}.json`), "{}");
    for (const name of ["notes.txt", `base-${nonceOf(4)}.json.tmp`, `x base-${nonceOf(4)}.json`])
      writeFileSync(join(folder, "payments", name), JSON.stringify(entry(4)));
    expect(journal.all().map(({ nonce }) => nonce)).toEqual([nonceOf(1)]);
  });

  it.each<[string, () => void]>([
    ["its folder", () => chmodSync(folder, 0o777)],
    ["a payment", () => chmodSync(join(folder, "payments", payments()[0] as string), 0o666)],
    ["the payments", () => chmodSync(join(folder, "payments"), 0o777)],
  ])("signs nothing where others may write to %s; an end that cannot be noted is no error", (what, spoil) => {
    const one = at(1, 1);
    spoil();
    const refused = /^nothing is signed, since the journal of payments in .*chmod go-w/;
    if (what !== "a payment") expect(() => journal.write(one)).toThrow(refused);
    if (what !== "the payments") expect(() => journal.find(one)).toThrow(refused);
    expect(() => journal.note(one, { outcome: "delivered" })).not.toThrow();
    expect(() => journal.recover(one)).not.toThrow();
  });
});
