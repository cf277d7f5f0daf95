import { ChainError, type Offer, type Proof } from "../../api";
import { NotDoneError, ProviderError } from "../../provider/errors";
import { type WalletSession } from "../../provider/run/wallet-session";
import { type Deal, nonceOf } from "../../provider/x402-lease/deal";
import { type PaymentEntry, type PaymentId } from "../../provider/x402-lease/journal";
import { capOf } from "../../provider/x402-lease/obtain";
import { pay } from "../../provider/x402-lease/pay";
import { type Receipt } from "../../provider/x402-lease/state";
import { PAYEE } from "../lifecycle/x402-keys";
import { down, given, HIDDEN, lost, NOW, OFFER, USDC, WALLET } from "./x402-fakes";

interface World {
  offer?: Partial<Offer>;
  order?: object;
  proof?: "authorization" | "transfer";
  maxPrice?: bigint;
  balance?: bigint | Error;
  entry?: Partial<PaymentEntry>;
  /** What comes of each try to buy; the last one again and again. */
  buys?: (string | Error)[];
  /** What the chain says of the nonce, look by look; the last one again and again. */
  used?: (boolean | Error)[];
  offered?: "bought";
  latest?: Error;
  /** How often the run is asked for, before it is not any more. */
  isWanted?: number;
  /** The run is interrupted while this waits. */
  isInterrupted?: boolean;
  isMined?: boolean;
}

function start(world: World = {}) {
  const buys = [...(world.buys ?? ["bought"])];
  const used = [...(world.used ?? [false])];
  const ask = jest.fn<ReturnType<Deal<string>["ask"]>, []>(async () =>
    world.offered
      ? { bought: "for nothing" }
      : { terms: { offers: [{ ...OFFER, ...world.offer }], disagreements: [] } },
  );
  const buy = jest.fn<Promise<string>, [Proof, object]>(async () => given(buys));
  const deal: Deal<string> = {
    ...{
      purpose: "proxy",
      serial: 0,
      hidden: HIDDEN,
      network: "base-sepolia",
      order: world.order ?? { country: "DE" },
    },
    ...{ maxPrice: world.maxPrice ?? 4n * USDC, proof: world.proof ?? "authorization", ask, buy },
  };
  const nonce = nonceOf(deal, WALLET);
  const entries: PaymentEntry[] = [];
  const written: PaymentEntry[] = [];
  const slept: number[] = [];
  let wanted = world.isWanted ?? Infinity;
  const tidied: number[] = [];
  const chain = {
    authorizationState: async () => given(used),
    latest: async () => given([world.latest ?? { number: 9, time: NOW }]),
    balanceOf: async () => given([world.balance ?? 100n * USDC]),
    gasMoneyOf: async () => 1n,
    settle: async () => "0xmined",
    receipt: async () => (world.isMined === false ? undefined : { success: true }),
  };
  const session = {
    settings: { apiUrl: "http://127.0.0.1:1" },
    chain: () => chain,
    inTurn: <T>(work: () => Promise<T>) => work(),
    sleep: async (ms: number) => {
      slept.push(ms);
      if (world.isInterrupted) throw new ProviderError("the run was interrupted while this waited");
    },
    isWanted: async () => (wanted -= 1) >= 0,
    journal: {
      find: (id: PaymentId) => entries.findLast((one) => one.network === id.network && one.nonce === id.nonce),
      open: () => [],
      tidy: (now: number) => tidied.push(now),
      write: (entry: PaymentEntry) => (entries.push(entry), written.push(entry), entry),
    },
  } as unknown as WalletSession;
  const run = () => pay(deal, WALLET, session).catch((error: unknown) => error);
  return { deal, ask, buy, nonce, entries, written, slept, tidied, run };
}

/** A run after one whose payment was signed at NOW, and whose answers were lost. */
async function again(world: World = {}) {
  const first = start({ buys: [lost] });
  await first.run();
  const [, signed] = first.written as [PaymentEntry, PaymentEntry];
  const next = start(world);
  next.entries.push({ ...signed, ...world.entry });
  return { ...next, signed };
}

describe("a payment", () => {
  it("is written down before it is signed, and then sent", async () => {
    const { run, written, deal, nonce, tidied, slept, buy } = start();
    expect(await run()).toEqual({ nonce, bought: "bought" });
    const intent = {
      ...{ nonce, purpose: "proxy", serial: "0", payer: WALLET.address, network: "base-sepolia", payTo: PAYEE },
      ...{ amount: "4000000", order: { country: "DE" }, at: NOW, validBefore: NOW + 300, earlier: [] },
    };
    expect(written).toEqual([
      { ...intent, owner: expect.stringContaining(HIDDEN.urn) as string },
      { ...intent, owner: written[0]?.owner, proof: expect.objectContaining({ kind: "authorization" }) as object },
    ]);
    expect(buy).toHaveBeenCalledWith(written[1]?.proof, deal.order);
    expect([tidied, slept]).toEqual([[NOW], []]);
  });

  it.each([
    [1, 60],
    [60, 60],
    [61, 61],
    [900, 900],
    [901, 900],
    [undefined, 300],
  ])("for an offer of %p s is good for %p s", async (maxTimeoutSeconds, seconds) => {
    const { run, written } = start({ offer: maxTimeoutSeconds === undefined ? {} : { maxTimeoutSeconds } });
    await run();
    expect(written[0]?.validBefore).toBe(NOW + seconds);
  });

  it.each([
    ["before the vendor is asked", 0, 0],
    ["while the vendor is asked", 1, 1],
  ])("is not signed for a run that was interrupted %s", async (_when, isWanted, asked) => {
    const run = start({ isWanted });
    const error = await run.run();
    expect(error).toBeInstanceOf(NotDoneError);
    expect(error).toMatchObject({
      message: "nothing was paid: the run that asked for it has ended or was interrupted.",
    });
    expect([run.ask.mock.calls.length, run.buy.mock.calls.length, run.written]).toEqual([asked, 0, []]);
  });

  it("that the chain shows is not sent", async () => {
    const { run, nonce, ask } = start({ used: [true] });
    expect(await run()).toEqual({ nonce, paid: "earlier" });
    expect(ask).not.toHaveBeenCalled();
  });

  it("is not needed where the vendor gives what is asked for", async () => {
    const { run, nonce, written } = start({ offered: "bought" });
    expect([await run(), written]).toEqual([{ nonce, bought: "for nothing" }, []]);
  });

  it("by a transfer shows the vendor the wallet's own transaction", async () => {
    const { run, deal, buy } = start({ proof: "transfer" });
    await run();
    const proof = { kind: "transaction", hash: "0xmined", network: "base-sepolia", payer: WALLET.address };
    expect(buy).toHaveBeenCalledWith(proof, deal.order);
  });

  it("whose answers are lost is sent again, the same, and then is not decided", async () => {
    const { run, slept, written, buy } = start({ buys: [lost] });
    expect(await run()).toMatchObject({ message: expect.stringMatching(/^whether it is paid .*: .*cut/) as string });
    expect(slept).toEqual([2_000, 5_000, 10_000, 20_000, 0]);
    expect(buy).toHaveBeenCalledTimes(5);
    expect(new Set(buy.mock.calls.map(([proof]) => proof))).toEqual(new Set([written[1]?.proof]));
  });

  it.each<[string, World, string]>([
    ["its answer was lost", { buys: [lost] }, lost.message],
    ["its transaction is not mined", { proof: "transfer", isMined: false }, "interrupted while this waited"],
  ])("is not decided where the run is interrupted once %s", async (_what, world, reason) => {
    const { run, written } = start({ ...world, isInterrupted: true });
    expect(await run()).toMatchObject({
      message: expect.stringMatching(/^whether it is paid is not decided \(4\.00 USDC to .*sends the same/) as string,
    });
    expect(await run()).toMatchObject({ message: expect.stringContaining(reason) as string });
    expect(written[1]?.proof).toBeDefined();
  });

  it("is sent until one answer comes", async () => {
    const { run, slept, nonce } = start({ buys: [lost, new ChainError("not mined", "refused"), "bought"] });
    expect(await run()).toEqual({ nonce, bought: "bought" });
    expect(slept).toEqual([2_000, 5_000]);
  });

  it.each<[string, World["used"] & object, number[]]>([
    ["the chain shows it after the first", [false, true], []],
    ["a node fails on the way", [false, down, true], [2_000]],
    [
      "it is settled at the very last",
      [false, false, false, false, false, false, true],
      [2_000, 5_000, 10_000, 20_000, 0],
    ],
  ])("whose answer is lost is paid: %s", async (_what, used, waits) => {
    const { run, slept, nonce } = start({ buys: [lost], used });
    expect(await run()).toEqual({ nonce, paid: "now" });
    expect(slept).toEqual(waits);
  });

  it("is not decided where the chain cannot be asked at the end either", async () => {
    const { run } = start({ buys: [lost], used: [false, down] });
    expect(await run()).toMatchObject({
      message: expect.stringMatching(/^whether it is paid is not decided/) as string,
    });
  });

  it("is not sent again after an error that is ours", async () => {
    const odd = new TypeError("odd");
    const { run, buy } = start({ buys: [odd] });
    expect(await run()).toBe(odd);
    expect(buy).toHaveBeenCalledTimes(1);
  });

  it.each<[string, World]>([
    ["the chain cannot be asked", { used: [down] }],
    ["its time cannot be", { latest: down }],
    ["the price is too high", { maxPrice: 4n * USDC - 1n }],
    ["the wallet has too little", { balance: 3n * USDC }],
  ])("is refused, and surely not made, where %s", async (_what, world) => {
    const { run, written, buy } = start(world);
    expect(await run()).toBeInstanceOf(NotDoneError);
    expect(written.every(({ proof }) => proof === undefined)).toBe(true);
    expect(written.at(-1)?.outcome).toBe(written.length > 0 ? "unpaid" : undefined);
    expect(buy).not.toHaveBeenCalled();
  });
});

describe("a payment of an earlier run", () => {
  it("is sent again as it is", async () => {
    const { run, deal, written, signed, buy, ask } = await again({ entry: { validBefore: NOW + 16 } });
    await run();
    expect(buy).toHaveBeenCalledWith(signed.proof, deal.order);
    expect([written, ask.mock.calls]).toEqual([[], []]);
  });

  it.each<[string, World]>([
    ["is void too soon", { entry: { validBefore: NOW + 15 } }],
    ["is for another order", { order: { country: "GB" } }],
    ["is another wallet's", { entry: { payer: PAYEE } }],
    ["costs more than may be paid by now", { entry: { amount: "4000001" } }],
  ])("that %s is signed anew under the same nonce, and kept beside", async (_what, world) => {
    const { run, deal, written, signed, nonce, entries, buy } = await again(world);
    const before = entries[0] as PaymentEntry;
    await run();
    expect(written[1]).toMatchObject({
      nonce,
      order: deal.order,
      earlier: [{ order: before.order, proof: signed.proof }],
    });
    expect(buy).toHaveBeenCalledWith(written[1]?.proof, deal.order);
  });

  it("is not sent again for a run that was interrupted", async () => {
    const { run, buy } = await again({ isWanted: 0 });
    expect(await run()).toMatchObject({
      message: expect.stringMatching(/^whether it is paid is not decided .*: the run .* was interrupted\./) as string,
    });
    expect(buy).not.toHaveBeenCalled();
  });

  it("is decided only when all that was signed of it is void", async () => {
    const { run, written } = await again({ order: { country: "GB" }, entry: { validBefore: NOW + 800 } });
    await run();
    expect(written[0]?.validBefore).toBe(NOW + 800);
  });

  it("leaves the newest five beside the one that is signed", async () => {
    const earlier = [1, 2, 3, 4, 5].map((at) => ({ order: { at }, proof: { at } })) as never as PaymentEntry["earlier"];
    const { run, written, signed } = await again({ order: { country: "GB" }, entry: { earlier: earlier ?? [] } });
    await run();
    expect(written[1]?.earlier).toEqual([{ order: signed.order, proof: signed.proof }, ...(earlier ?? []).slice(0, 4)]);
  });

  it.each<[string, World]>([
    ["a price that is too high", { maxPrice: 1n }],
    ["a wallet that has too little", { order: { country: "GB" }, balance: 0n }],
    ["a node that is down", { used: [new ChainError("down", "refused")] }],
  ])("that is good still is not taken for an unpaid one because of %s", async (_what, world) => {
    const { run, entries } = await again(world);
    const before = entries[0];
    const error = await run();
    expect(error).not.toBeInstanceOf(NotDoneError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^whether it is paid is not decided/) as string });
    expect(entries.at(-1)).toEqual(before);
  });

  it("that is void does not keep a refusal from being sure", async () => {
    const { run } = await again({ maxPrice: 1n, entry: { validBefore: NOW } });
    expect(await run()).toBeInstanceOf(NotDoneError);
  });
});

describe("the most that the next payment may cost", () => {
  const cap = (maxTotal: string | undefined, ...spent: string[]): bigint =>
    capOf(
      { maxPrice: "4.00", ...(maxTotal !== undefined && { maxTotal }) } as never,
      spent.map((amount) => ({ amount })) as Receipt[],
    );

  it.each<[string | undefined, string[], bigint]>([
    [undefined, ["400.00"], 4n * USDC],
    ["9.00", [], 4n * USDC],
    ["9.00", ["4.00"], 4n * USDC],
    ["9.00", ["4.00", "4.00"], USDC],
    ["8.000001", ["4.00", "4.00"], 1n],
  ])("of maxTotal %p after %j", (maxTotal, spent, most) => expect(cap(maxTotal, ...spent)).toBe(most));

  it("is nothing where maxTotal is used up", () => {
    for (const last of ["4.00", "5.00"])
      expect(() => cap("8.00", "4.00", last)).toThrow(
        /^nothing was paid: this lease has cost .*, and maxTotal is 8\.00\.$/,
      );
  });
});
