import { ApiError, type Bought, ChainError, type Proof, type ProxyOrder, type Session } from "../../api";
import { type Hidden } from "../../domain/hidden-inputs";
import { UNKNOWN } from "../../domain/unknown";
import { UnfinishedError } from "../../provider/errors";
import { ProgramMemory } from "../../provider/run/program-memory";
import { type WalletSession } from "../../provider/run/wallet-session";
import { type X402LeaseArgs } from "../../provider/x402-lease/args";
import { nonceOf } from "../../provider/x402-lease/deal";
import { x402Lease } from "../../provider/x402-lease/handler";
import { type PaymentEntry, type PaymentId } from "../../provider/x402-lease/journal";
import { type X402LeaseState } from "../../provider/x402-lease/state";
import { KEY } from "../lifecycle/x402-keys";
import { down, entryOf, given, HIDDEN, lost, NOW, OFFER, proofOf, said, unknown, urnOf, WALLET } from "./x402-fakes";

/** The rules of an X402Lease: what each call of the engine asks, pays and leaves. */

const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(NOW * 1_000 + ms).toISOString();
const ARGS: X402LeaseArgs = {
  ...{ country: "DE", tier: "shared", trafficGB: 1, duration: "2h", maxPrice: "4.00", network: "base-sepolia" },
};
const RECEIPT = { nonce: "0x1", network: "base-sepolia", asset: "a", payTo: "b", amount: "4.00", at: iso(0) } as const;
const STATE = {
  ...{ ...ARGS, sessionId: "s", sessionToken: "t", wallet: WALLET.address, status: "active", countryCode: "DE" },
  ...{ expiresAt: iso(HOUR), createdAt: iso(-HOUR), trafficAllocatedGB: 1, receipts: [RECEIPT], __serial: 0 },
} as X402LeaseState;
const SESSION: Session = {
  ...{ id: "s", token: "t", status: "active", tier: "shared", network: "base-sepolia", allocatedGB: 1 },
  ...{ remainingGB: 0.4, expiresAt: NOW * 1_000 + HOUR, createdAt: NOW * 1_000 - HOUR },
  ...{ location: { countryCode: "DE" } },
};
/** The lease that is bought next. */
const NEXT = { ...SESSION, id: "n", token: "tn", expiresAt: NOW * 1_000 + 2 * HOUR } as Bought;
const NO_KEY = "`pulumi up` pays, and no wallet key is set";
const rejected = new ApiError({ code: "rejected", maybeDone: false, reason: "no more" });
const maybe = new ApiError({ code: "rejected", maybeDone: true, reason: "perhaps" });

interface World {
  olds?: Partial<X402LeaseState>;
  news?: Partial<X402LeaseArgs>;
  hidden?: Partial<Hidden>;
  /** The session as its token, and its id, show it. */
  session?: Session | Error;
  entries?: PaymentEntry[];
  /** Purchases of the resource, or nonces, that the chain has used. */
  used?: (number | string)[];
  /** What each try to buy brings; the last one again and again. */
  buys?: (Bought | Error)[];
  /** What adding time or traffic brings. */
  added?: (object | Error)[];
  replaced?: Session | Error;
  countries?: string[] | Error;
  resources?: object[];
  /** The last final block's time. */
  final?: number;
  price?: bigint;
  clock?: Error;
}

const nonceAt = (serial: number): string => nonceOf({ purpose: "proxy", serial, hidden: HIDDEN } as never, WALLET);
/** What a run signed for a later purchase of the same resource. */
const signedFor = (serial: number, more: Partial<PaymentEntry> = {}): PaymentEntry =>
  entryOf({
    ...{ nonce: nonceAt(serial), serial: String(serial) },
    ...{ order: { country: "DE", durationSeconds: 7_200, trafficGB: 1, tier: "shared" }, ...more },
  });

function start(world: World = {}) {
  const used = new Set((world.used ?? []).map((one) => (typeof one === "string" ? one : nonceAt(one))));
  const [buys, added] = [[...(world.buys ?? [NEXT])], [...(world.added ?? [{ allocatedGB: 3 }])]];
  const entries = [...(world.entries ?? [])];
  const [info, notices, noted]: [string[], string[], unknown[]] = [[], [], []];
  const looked = world.session ?? SESSION;
  const offers = [{ ...OFFER, ...(world.price !== undefined && { amount: world.price }) }];
  const api = {
    countries: jest.fn(async (tier: string) => {
      if (world.countries instanceof Error) throw world.countries;
      return (world.countries ?? ["de", "gb"]).map((code) => ({ code, tier }));
    }),
    askProxy: jest.fn(async () => ({ terms: { offers, disagreements: [] } })),
    buyProxy: jest.fn<Promise<Bought>, [ProxyOrder, Proof]>(async () => given<Bought>(buys)),
    manage: {
      session: jest.fn(async () => given<Session>([looked])),
      replacePort: jest.fn<Promise<Session>, [string, object]>(async () =>
        given<Session>([world.replaced ?? rejected]),
      ),
      topup: jest.fn<Promise<object>, [string, object, Proof]>(async () => given(added)),
      askTopup: jest.fn(async () => ({ terms: { offers, disagreements: [] } })),
    },
    sessions: {
      get: jest.fn(async () => given<Session>([looked])),
      byTransaction: jest.fn(async () => given<Session>([looked])),
      byWallet: async () => [],
    },
  };
  const chain = {
    authorizationState: async (_payer: string, nonce: string) => used.has(nonce),
    finalized: async () => ({ number: 7, time: world.final ?? NOW }),
    latest: async () => ({ number: 9, time: NOW }),
    balanceOf: async () => 100_000_000n,
    useOf: async () => undefined,
    receipt: async () => undefined,
  };
  const memory = new ProgramMemory();
  const held = new Map<string, string | undefined>();
  const session = {
    ...{ settings: { apiUrl: "http://127.0.0.1:1" }, api, held, memory },
    wallet: () => WALLET,
    chain: () => chain,
    now: async () => {
      if (world.clock) throw world.clock;
      return NOW * 1_000;
    },
    inTurn: <T>(work: () => Promise<T>) => work(),
    sleep: async () => undefined,
    isWanted: async () => true,
    info: (text: string, urn?: string) => info.push(`${urn === HIDDEN.urn ? "" : `${urn} `}${text}`),
    notice: (text: string) => notices.push(text),
    stackState: { of: async () => ({ resources: world.resources ?? [] }) },
    journal: {
      find: ({ nonce }: PaymentId) => entries.findLast((one) => one.nonce === nonce),
      all: () => entries,
      open: () => entries.filter(({ outcome }) => outcome === undefined),
      note: ({ nonce }: PaymentId, end: object) => noted.push([nonce, end]),
      tidy: () => undefined,
      write: (entry: PaymentEntry) => (entries.push(entry), entry),
      recover: (entry: PaymentEntry) => entries.push(entry),
    },
  } as unknown as WalletSession;
  const given_ = { olds: { ...STATE, ...world.olds }, news: { ...ARGS, ...world.news } };
  const call = { id: "s", ...given_, hidden: { ...HIDDEN, ...world.hidden }, session };
  const run = <K extends keyof typeof x402Lease & ("check" | "diff" | "create" | "read" | "update" | "delete")>(
    does: K,
    more: object = {},
  ) => Promise.resolve(x402Lease[does]({ ...call, ...more })) as ReturnType<(typeof x402Lease)[K]>;
  return { run, api, session, memory, held, info, notices, noted, entries };
}

beforeEach(() => {
  process.env.AGENT_WALLET_KEY = KEY;
});
afterAll(() => {
  delete process.env.AGENT_WALLET_KEY;
});

describe("check", () => {
  const create = { olds: undefined };

  it("names a test network where the API is on this machine", async () => {
    expect(await start({ news: { network: undefined } }).run("check", create)).toEqual({ network: "base-sepolia" });
    await expect(start({ news: { network: "base" } }).run("check", create)).rejects.toThrow("real money");
  });

  it("asks once a run and tier whether the vendor has the country", async () => {
    const { run, api } = start();
    await Promise.all([run("check", create), run("check", create)]);
    await run("check", { olds: undefined, news: { ...ARGS, country: "gb", tier: "private" } });
    expect(api.countries.mock.calls).toEqual([["shared"], ["private"]]);
    await expect(run("check", { olds: undefined, news: { ...ARGS, country: "fr" } })).rejects.toThrow(
      'country: the vendor has no free shared device in "FR". There are DE, GB.',
    );
  });

  it.each<[string, World, object, number]>([
    ["of what is there", {}, {}, 0],
    ["of another country", { news: { country: "GB" } }, {}, 1],
    ["of another tier", { news: { tier: "private" } }, {}, 1],
    ["of an import", { hidden: { adopt: "s" } }, create, 0],
    ["of one that is not known yet", { news: { country: UNKNOWN } }, create, 0],
    ["of a tier that is not known yet", { news: { tier: UNKNOWN as never } }, create, 0],
  ])("%s asks as often as it must", async (_what, world, more, times) => {
    const { run, api } = start(world);
    await run("check", more);
    expect(api.countries).toHaveBeenCalledTimes(times);
  });

  it("lets the purchase show it where the vendor does not answer, and fails for all else", async () => {
    await expect(start({ countries: lost }).run("check", create)).resolves.toBeDefined();
    await expect(start({ countries: new Error("a fault") }).run("check", create)).rejects.toThrow("a fault");
    await expect(start({ countries: [] }).run("check", create)).rejects.toThrow("There are none now.");
  });

  it("says that a purchase will want a wallet's key, and fails for none: a preview is given none", async () => {
    const said = async (world: World, more: object): Promise<string[]> => {
      const { run, notices } = start(world);
      await run("check", more);
      return notices;
    };
    expect(await said({}, create)).toEqual([]);
    delete process.env.AGENT_WALLET_KEY;
    expect(await said({}, create)).toEqual([expect.stringContaining(NO_KEY)]);
    expect(await said({}, {})).toEqual([]);
    expect(await said({ hidden: { adopt: "s" } }, create)).toEqual([]);
  });
});

describe("diff", () => {
  const inRun = (world: World = {}) => {
    const started = start(world);
    started.memory.engineHolds(urnOf("a"));
    return started;
  };

  it.each<[string, World, boolean]>([
    ["the same", {}, false],
    [
      "the same with the defaults unsaid",
      { news: { tier: undefined, network: undefined }, olds: { network: "base" } },
      false,
    ],
    ["another price", { news: { maxPrice: "5.00" } }, true],
    ["one that was never read", { olds: { status: undefined } }, true],
    ["a lack of traffic", { olds: { trafficAllocatedGB: 0.5 } }, true],
    ["a lease that is due", { olds: { expiresAt: iso(60_000) } }, true],
    ["a lease that is over", { olds: { expiresAt: iso(-1) } }, true],
    [
      "one that is over and kept",
      { olds: { expiresAt: iso(-1), onExpired: "keep" }, news: { onExpired: "keep" } },
      false,
    ],
  ])("of %s", async (_what, world, changes) => {
    const { run, held } = inRun(world);
    const diff = await run("diff");
    expect(diff).toMatchObject({ changes });
    expect(diff).not.toHaveProperty("replaces");
    expect(diff.touches).toEqual(expect.arrayContaining(["expiresAt", "sessionId", "password"]));
    expect(diff.touches).not.toContain("");
    expect(held.get("s")).toBe(urnOf("a"));
  });

  it("says what the update does about the lease, in the resource's row", async () => {
    const due = inRun({ olds: { expiresAt: iso(60_000) } });
    await due.run("diff");
    expect(due.info).toEqual(["lease ends in 1 min: time is added, which is free."]);
    const over = inRun({ olds: { expiresAt: iso(-1) } });
    await over.run("diff");
    expect(over.info).toEqual([`session s ended at ${iso(-1)}: another is bought.`]);
    const running = inRun();
    await running.run("diff");
    expect(running.info).toEqual([]);
  });

  it("of a refresh looks at no lease", async () => {
    const { run, info } = start({ olds: { expiresAt: iso(-1) } });
    expect(await run("diff")).toMatchObject({ changes: false });
    expect(info).toEqual([]);
    expect(await run("diff", { hidden: {} })).toMatchObject({ changes: true }); // no URN: it may be an update
  });

  it("of what is not known yet looks at no lease", async () => {
    const { run, info } = inRun({ olds: { expiresAt: iso(-1) }, news: { maxTotal: UNKNOWN } });
    expect(await run("diff")).toMatchObject({ changes: true });
    expect(info).toEqual([]);
  });

  it.each<[string, World, string[]]>([
    ["tier", { news: { tier: "private" } }, ["tier"]],
    ["network", { news: { network: "base" } }, ["network"]],
    ["tier and network", { news: { network: "base", tier: "private" } }, ["tier", "network"]],
  ])("of another %s replaces", async (_what, world, replaces) => {
    const { run, notices } = inRun(world);
    expect(await run("diff")).toEqual({ changes: true, replaces });
    expect(notices).toEqual([]);
    delete process.env.AGENT_WALLET_KEY;
    expect(await run("diff")).toEqual({ changes: true, replaces });
    expect(notices).toEqual([expect.stringContaining(NO_KEY)]);
  });

  it.each<[string, World, boolean, boolean]>([
    ["that buys", { olds: { expiresAt: iso(-1) } }, true, true],
    ["that adds traffic", { olds: { trafficAllocatedGB: 0.5 } }, true, true],
    ["that takes up what was paid", { entries: [signedFor(1)] }, true, true],
    ["that adds time", { olds: { expiresAt: iso(60_000) } }, true, false],
    ["of a refresh", { olds: { trafficAllocatedGB: 0.5 }, entries: [signedFor(1)] }, false, false],
  ])("%s says that it wants a key only where it pays", async (_what, world, isRun, wanted) => {
    delete process.env.AGENT_WALLET_KEY;
    const { run, notices } = isRun ? inRun(world) : start(world);
    await run("diff");
    expect(notices).toEqual(wanted ? [expect.stringContaining(NO_KEY)] : []);
  });

  it("of a lease whose replacement did not end changes it", async () => {
    const { run, info } = inRun({ entries: [signedFor(1)] });
    expect(await run("diff")).toMatchObject({ changes: true });
    expect(info).toEqual(["a run that was to replace this lease did not end: what it paid for is taken up."]);
  });
});

describe("a purchase that was to replace a lease", () => {
  const DONE = { outcome: "delivered", sessionId: "n" } as const;
  const isSeen = async (world: World): Promise<boolean | undefined> => {
    const { run, memory } = start(world);
    memory.engineHolds(urnOf("a"));
    return (await run("diff")).changes;
  };

  it.each<[string, Partial<PaymentEntry>]>([
    ["was signed", {}],
    ["was delivered", DONE],
    ["was signed long ago, and is not decided", { at: NOW - 9e6 }],
    ["was signed before, and not now", { proof: undefined, earlier: [{ order: {}, proof: proofOf("e") }] }],
  ])("counts where it %s", async (_what, more) => {
    expect(await isSeen({ entries: [signedFor(1, more)] })).toBe(true);
  });

  it.each<[string, Partial<PaymentEntry>, Partial<X402LeaseState>?]>([
    ["of another resource", { owner: "b" }],
    ["of traffic", { purpose: "topup" }],
    ["on another network", { network: "base" }],
    ["of another tier", { order: { tier: "private", durationSeconds: 7_200 } }],
    ["of before the one that the state has", {}, { __serial: 1 }],
    ["of a lease that was imported", {}, { __serial: undefined }],
    ["that nobody signed", { proof: undefined }],
    ["that was not paid", { outcome: "unpaid" }],
    ["that was left", { isLeft: true }],
    ["of the session that the state has", { ...DONE, sessionId: "s" }],
    ["whose session has ended", { ...DONE, at: NOW - 7_200 }],
  ])("is none %s", async (_what, more, olds = {}) => {
    expect(await isSeen({ entries: [signedFor(1, more)], olds })).toBe(false);
  });

  it("is read once a run", async () => {
    const { run, session } = start();
    const all = jest.spyOn(session.journal, "all");
    for (const id of ["a", "b"]) await run("update", { id });
    expect(all).toHaveBeenCalledTimes(1);
  });

  it("is reported, and left, where it is not decided, or another wallet paid", async () => {
    const open = start({ entries: [signedFor(1)] });
    expect(await open.run("update")).toMatchObject({ sessionId: "s" });
    expect(open.notices).toEqual([
      expect.stringMatching(/not decided .*: a run that was to replace this lease did not/),
    ]);
    const other = start({ entries: [signedFor(1, { payer: "0xother" })], used: [1] });
    expect(await other.run("update")).toMatchObject({ sessionId: "s" });
    expect(other.notices).toEqual([
      expect.stringMatching(/^nothing was paid: an earlier run bought a session .* with the wallet 0xother/),
    ]);
    const done = start({ entries: [signedFor(1, DONE)] });
    await done.run("update");
    expect(done.notices).toEqual([]);
  });
});

describe("create", () => {
  it("buys, and says by which purchase and wallet", async () => {
    const { run, api, held } = start({ news: { carrier: "O2", city: "Berlin", country: "de" } });
    const { id, state } = await run("create");
    expect(id).toBe("n");
    expect(state).toMatchObject({ sessionId: "n", __serial: 0, wallet: WALLET.address, country: "de" });
    expect(state.receipts).toEqual([expect.objectContaining({ nonce: nonceAt(0), amount: "4.00" })]);
    expect(api.buyProxy.mock.calls[0]?.[0]).toEqual({
      ...{ country: "DE", durationSeconds: 7_200, trafficGB: 1, tier: "shared", carrier: "O2", city: "Berlin" },
    });
    expect(held.get("n")).toBe(urnOf("a"));
  });

  it("takes what is to be imported, and pays nothing", async () => {
    const { run, api, held } = start({ hidden: { adopt: "s" } });
    expect(await run("create")).toMatchObject({ id: "s", state: { sessionId: "s", receipts: [] } });
    expect(api.buyProxy).not.toHaveBeenCalled();
    expect(held.get("s")).toBe(urnOf("a"));
  });

  it("of a replacement buys, whatever was imported once", async () => {
    const { run, memory } = start({ hidden: { adopt: "s" } });
    memory.engineHolds(urnOf("a"));
    expect(await run("create")).toMatchObject({ id: "n" });
  });

  it("moves what is elsewhere than it was ordered", async () => {
    const replaced = { location: { countryCode: "GB" } } as Session;
    const { run, api } = start({ news: { country: "GB" }, replaced });
    expect((await run("create")).state).toMatchObject({ country: "GB", countryCode: "GB" });
    expect(api.manage.replacePort.mock.calls).toEqual([["tn", { country: "GB" }]]);
  });
});

describe("create of one that the vendor gives elsewhere", () => {
  it("keeps it where that is not what was paid for, and says so", async () => {
    const { run, notices } = start({ news: { country: "GB" } });
    expect((await run("create")).state).toMatchObject({ country: "GB", countryCode: "DE", sessionId: "n" });
    expect(notices).toEqual([expect.stringMatching(/^session n is in DE, and GB was ordered and paid for\./)]);
  });

  it("is not done where it was paid for elsewhere, and is not moved", async () => {
    for (const entries of [[signedFor(0)], []]) {
      const { run, notices } = start({ news: { country: "GB" }, used: [0], entries });
      const error = await run("create").catch((one: unknown) => one);
      expect(error).toBeInstanceOf(UnfinishedError);
      expect(error).toMatchObject({
        ...{ id: "n", properties: { country: "DE", sessionId: "n" } },
        reasons: ["session n is in DE, and the vendor does not move it."],
      });
      expect(notices).toEqual([]);
    }
  });
});

describe("create, after runs before it", () => {
  const fault = (world: World) =>
    start(world)
      .run("create")
      .then(
        () => "no fault",
        (error: unknown) => (error as Error).message,
      );

  it("takes what the last paid purchase brought, of many", async () => {
    const { run, api } = start({ used: [0, 1, 2, 3, 4, 5, 6], entries: [signedFor(6)] });
    expect(await run("create")).toMatchObject({ id: "n", state: { __serial: 6, receipts: [{ nonce: nonceAt(6) }] } });
    expect(api.askProxy).not.toHaveBeenCalled();
  });

  it("buys after purchases of one that was destroyed, and takes none of their receipts", async () => {
    const over = { ...NEXT, id: "o", status: "expired" } as Bought;
    const earlier = signedFor(0, { outcome: "delivered", sessionId: "o", at: NOW - 90_000 });
    const { run } = start({ used: [0], entries: [earlier], buys: [over, NEXT] });
    expect((await run("create")).state).toMatchObject({ __serial: 1, receipts: [{ nonce: nonceAt(1) }] });
    const given_up = start({ used: [0], entries: [signedFor(0, { outcome: "abandoned" })] });
    expect((await given_up.run("create")).state.receipts.map(({ nonce }) => nonce)).toEqual([nonceAt(0), nonceAt(1)]);
  });

  it("passes by one of another tier, and one that the state has", async () => {
    const other = start({ used: [0], entries: [signedFor(0)], buys: [{ ...NEXT, tier: "private" }, NEXT] });
    expect(await other.run("create")).toMatchObject({ id: "n", state: { __serial: 1 } });
    expect(other.notices).toEqual(["session n is private: it is left, and runs until its end."]);
    const resources = [{ urn: urnOf("a"), type: urnOf("a").split("::")[2], outputs: { sessionId: "o" } }];
    const had = start({ used: [0], entries: [signedFor(0)], resources, buys: [{ ...NEXT, id: "o" }, NEXT] });
    expect(await had.run("create")).toMatchObject({ id: "n", state: { __serial: 1 } });
  });

  it("never passes by what it has just paid for", async () => {
    const taken = { ...NEXT, tier: "private" } as Bought;
    const { run, api } = start({ buys: [{ ...taken, id: undefined }, taken] });
    await expect(run("create")).resolves.toBeDefined();
    expect(api.askProxy).toHaveBeenCalledTimes(1);
  });

  it("completes an answer without a token by a second read, and is content with it where there is none", async () => {
    const bare = { ...NEXT, token: undefined } as never;
    const second = start({ buys: [bare, NEXT] });
    expect((await second.run("create")).state).toMatchObject({ sessionId: "n", sessionToken: "tn" });
    const none = start({ buys: [{ settlement: { transactionHash: "0xt" } }, lost] });
    expect((await none.run("create")).state).toMatchObject({ sessionId: nonceAt(0), trafficAllocatedGB: 1 });
    expect(none.noted).toContainEqual([
      nonceAt(0),
      { outcome: "delivered", sessionId: nonceAt(0), transactionHash: "0xt" },
    ]);
    const whole = start({ buys: [{ ...NEXT, transactionHash: "0xu" }] });
    await whole.run("create");
    expect(whole.api.buyProxy).toHaveBeenCalledTimes(1);
    expect(whole.noted).toEqual([[nonceAt(0), { outcome: "delivered", sessionId: "n", transactionHash: "0xu" }]]);
    const bareOfHash = start();
    await bareOfHash.run("create");
    expect(bareOfHash.noted).toEqual([[nonceAt(0), { outcome: "delivered", sessionId: "n" }]]);
  });

  it("pays nothing while a payment by another wallet or on another chain is not decided", async () => {
    for (const more of [{ payer: "0xother" }, { network: "base" as const }]) {
      const entries = [signedFor(0, { ...more, nonce: "0xn" })];
      expect(await fault({ entries })).toMatch(
        /^nothing was paid: an earlier run has a payment of the wallet 0x.* under way/,
      );
      const void_ = start({ entries, final: NOW + 240 });
      await expect(void_.run("create")).resolves.toMatchObject({ id: "n" });
      expect(void_.noted).toContainEqual(["0xn", { outcome: "unpaid" }]);
      for (const others of [{ owner: "another" }, { purpose: "topup" as const }, { proof: undefined }])
        await expect(
          start({ entries: [signedFor(0, { ...more, nonce: "0xn", ...others })] }).run("create"),
        ).resolves.toBeDefined();
    }
  });

  it("says what may be paid where the chain does not answer", async () => {
    const { run, session } = start({ entries: [signedFor(0)] });
    Object.assign(session.chain("base-sepolia"), { authorizationState: async () => Promise.reject(down) });
    await expect(run("create")).rejects.toEqual(said("whether it is paid is not decided"));
    const none = start({ entries: [signedFor(0, { purpose: "topup" })] });
    Object.assign(none.session.chain("base-sepolia"), { authorizationState: async () => Promise.reject(down) });
    await expect(none.run("create")).rejects.toEqual(said("nothing was paid: the node is down"));
    const other = start({ entries: [signedFor(0, { payer: "0xother" })] });
    Object.assign(other.session.chain("base-sepolia"), { authorizationState: async () => Promise.reject(down) });
    await expect(other.run("create")).rejects.toEqual(said("the node is down"));
  });
});

describe("read", () => {
  it("of an import finds it by its id, and says what a program would declare", async () => {
    const { run } = start();
    expect(await run("read", { olds: {} })).toMatchObject({
      ...{ id: "s", drifted: false, state: { sessionId: "s", tier: "shared" } },
      inputs: { country: "DE", trafficGB: 1, duration: "2h", tier: "shared", network: "base-sepolia" },
    });
  });

  it("refuses a token, and knows none that the vendor has not", async () => {
    await expect(start().run("read", { olds: {}, id: "x402s_canary" })).rejects.toThrow(
      /^a session's token is a secret(?!.*canary)/,
    );
    expect(await start({ session: unknown }).run("read", { olds: {} })).toBeUndefined();
  });

  it("takes what was named for its id where the vendor names none", async () => {
    const { run } = start({ session: { ...SESSION, id: undefined } as never });
    expect(await run("read", { olds: {}, id: "0x".padEnd(66, "1") })).toMatchObject({ id: "0x".padEnd(66, "1") });
  });

  it("says what is gone, and keeps the rest", async () => {
    const { run, held } = start({ session: unknown });
    expect(await run("read")).toEqual({
      ...{ state: { ...STATE, status: "deleted" }, inputs: ARGS, drifted: false },
    });
    expect(held.has("s")).toBe(true);
  });

  it("of one that has no token asks by its id, and of one that was never named by its transaction", async () => {
    const bare = start({ olds: { sessionToken: undefined } });
    expect(await bare.run("read")).toMatchObject({ state: { status: "active" } });
    expect(bare.api.manage.session).not.toHaveBeenCalled();
    expect(bare.api.sessions.get.mock.calls).toEqual([["s"]]);
    const tx = "0x".padEnd(66, "2");
    const unnamed = { sessionId: "0x1", sessionToken: undefined, receipts: [{ ...RECEIPT, tx }] };
    const named = start({ olds: unnamed });
    expect(await named.run("read")).toMatchObject({ state: { sessionId: "s" } });
    expect([named.api.sessions.get.mock.calls, named.api.sessions.byTransaction.mock.calls]).toEqual([[], [[tx]]]);
  });

  it("cannot deny one that was never named, unless its token is", async () => {
    const unnamed = { sessionId: "0x1", receipts: [RECEIPT] };
    const { run, api } = start({ olds: { ...unnamed, sessionToken: undefined }, session: unknown });
    expect(await run("read")).toMatchObject({ state: { status: "active", sessionId: "0x1" } });
    expect(api.sessions.byTransaction).not.toHaveBeenCalled();
    expect(await start({ olds: unnamed, session: unknown }).run("read")).toMatchObject({
      state: { status: "deleted" },
    });
    await expect(start({ session: lost }).run("read")).rejects.toBe(lost);
  });

  it.each<[string, World, boolean]>([
    ["where it was", {}, false],
    ["elsewhere", { session: { ...SESSION, location: { countryCode: "GB" } } }, true],
    ["nobody says where", { session: { ...SESSION, location: undefined } }, false],
    ["somewhere, and nobody knows where it was", { olds: { countryCode: undefined } }, false],
  ])("of one that is %s", async (_what, world, drifted) => {
    const read = await start(world).run("read");
    expect(read).toMatchObject({ drifted, inputs: { country: drifted ? "GB" : "DE" } });
    expect(read?.inputs).not.toHaveProperty("sessionId");
  });
});

describe("delete", () => {
  it("says what runs on, and forgets it", async () => {
    const { run, notices, held } = start();
    await run("delete");
    expect(notices).toEqual([
      "session s is forgotten and runs on for 1 h with 0.4 GB left: the vendor has no way to end one, and pays nothing back.",
    ]);
    expect(held.has("s")).toBe(true); // by nobody: no other resource may take it
  });

  it.each<[string, World, RegExp[]]>([
    ["of one that the vendor does not show", { session: lost }, [/runs on for 1 h:/]],
    ["of one whose traffic is not known", { session: { id: "s" } }, [/runs on for 1 h:/]],
    ["of one that is gone", { olds: { status: "deleted" } }, []],
    ["of one whose time is over", { olds: { expiresAt: iso(0) } }, []],
    ["of one whose end is not known", { olds: { expiresAt: undefined } }, []],
    [
      "without the vendor's clock",
      { clock: lost, olds: { expiresAt: new Date(Date.now() + 9e9).toISOString() } },
      [/runs on/],
    ],
  ])("%s", async (_what, world, expected) => {
    const { run, notices } = start(world);
    await run("delete");
    expect(notices).toEqual(expected.map((one) => expect.stringMatching(one) as string));
  });
});

describe("update", () => {
  const fails = (run: ReturnType<typeof start>["run"]) =>
    run("update").then(
      () => undefined,
      (error: unknown) => error as UnfinishedError,
    );

  it("of inputs alone sends nothing", async () => {
    const { run, api, held } = start({ news: { maxPrice: "9.00", onExpired: "keep" } });
    expect(await run("update")).toMatchObject({ ...STATE, maxPrice: "9.00", onExpired: "keep" });
    const { topup, replacePort } = api.manage;
    for (const call of [topup, replacePort, api.buyProxy]) expect(call).not.toHaveBeenCalled();
    expect(held.get("s")).toBe(urnOf("a"));
  });

  it("adds as much time as a lease has, where it is due", async () => {
    const { run, api } = start({
      ...{ olds: { expiresAt: iso(60_000) }, session: { ...SESSION, expiresAt: NOW * 1_000 + 60_000 } as Session },
      added: [{ expiresAt: NOW * 1_000 + 2 * HOUR }],
    });
    expect(await run("update")).toMatchObject({ sessionId: "s", expiresAt: iso(2 * HOUR) });
    expect(api.manage.topup.mock.calls).toEqual([["t", { durationSeconds: 7_140 }, { kind: "nothing" }]]);
  });

  it("leaves a due lease where the vendor adds no time, and fails for all else", async () => {
    const due = {
      olds: { expiresAt: iso(60_000) },
      session: { ...SESSION, expiresAt: NOW * 1_000 + 60_000 } as Session,
    };
    const { run, notices } = start({ ...due, added: [rejected] });
    expect(await run("update")).toMatchObject({ expiresAt: iso(60_000) });
    expect(notices).toEqual([expect.stringMatching(/^no time was added to session s: .*no more/)]);
    const error = await fails(start({ ...due, added: [new ChainError("a fault", "refused")] }).run);
    expect(error).toBeInstanceOf(UnfinishedError);
    expect(error).toMatchObject({ id: "s", properties: { sessionId: "s" }, reasons: ["a fault"] });
  });

  it("of a longer duration adds what it is longer, of a shorter one nothing", async () => {
    const longer = start({ news: { duration: "4h" }, added: [{ expiresAt: NOW * 1_000 + 3 * HOUR }] });
    expect(await longer.run("update")).toMatchObject({ expiresAt: iso(3 * HOUR), duration: "4h" });
    expect(longer.api.manage.topup.mock.calls).toEqual([["t", { durationSeconds: 7_200 }, { kind: "nothing" }]]);
    const shorter = start({ news: { duration: "1h" } });
    await shorter.run("update");
    expect(shorter.api.manage.topup).not.toHaveBeenCalled();
    const equal = start({
      news: { duration: 7_200 },
      session: { ...SESSION, expiresAt: NOW * 1_000 + HOUR / 2 } as Session,
    });
    expect(await equal.run("update")).toMatchObject({ duration: 7_200, expiresAt: iso(HOUR / 2) });
    expect(equal.api.manage.topup).not.toHaveBeenCalled();
    const endless = start({
      olds: { expiresAt: undefined },
      session: { id: "s" } as Session,
      news: { duration: "4h" },
    });
    await endless.run("update");
    expect(endless.api.manage.topup).not.toHaveBeenCalled();
  });

  it("reckons the end where the answer does not say it", async () => {
    const { run } = start({ news: { duration: "4h" }, added: [{}] });
    expect(await run("update")).toMatchObject({ expiresAt: iso(3 * HOUR) });
  });

  it.each([
    [60_000, 0],
    [60_001, 1],
  ])("asks for no time where %d ms are missing or less", async (missing, times) => {
    const session = { ...SESSION, expiresAt: NOW * 1_000 + 3 * HOUR - missing };
    const { run, api } = start({ news: { duration: "4h" }, session, added: [{}] });
    await run("update");
    expect(api.manage.topup).toHaveBeenCalledTimes(times);
  });

  it("asks for no time of a lease whose end nobody says, and for none without its token", async () => {
    const endless = start({ news: { duration: "4h" }, session: { id: "s" } as Session });
    await endless.run("update");
    expect(endless.api.manage.topup).not.toHaveBeenCalled();
    const { run } = start({
      news: { duration: "4h" },
      olds: { sessionToken: undefined },
      session: { ...SESSION, token: undefined } as never,
    });
    expect(await fails(run)).toMatchObject({ reasons: [expect.stringContaining("never reported its token")] });
  });

  it("of a longer duration says that the vendor added no time, and the next run tries again", async () => {
    const error = await fails(start({ news: { duration: "4h" }, added: [rejected] }).run);
    expect(error).toMatchObject({ properties: { duration: "2h", expiresAt: iso(HOUR) } });
  });

  it.each<[string, World]>([
    ["is over", { olds: { expiresAt: iso(-1) }, session: { ...SESSION, expiresAt: NOW * 1_000 - 1 } }],
    ["is gone", { session: unknown }],
  ])("of a lease that %s buys the next one", async (_what, world) => {
    const { run, api, held } = start(world);
    expect(await run("update")).toMatchObject({
      ...{ sessionId: "n", __serial: 1, receipts: [RECEIPT, { nonce: nonceAt(1) }] },
    });
    expect(api.buyProxy).toHaveBeenCalledTimes(1);
    expect(held.get("n")).toBe(urnOf("a"));
  });

  it("of an imported lease that is over buys its first one", async () => {
    const { run } = start({ session: unknown, olds: { __serial: undefined, receipts: [] } });
    expect(await run("update")).toMatchObject({ sessionId: "n", __serial: 0 });
  });

  it("passes by a session that was paid for and is over, with its receipt where the resource had it", async () => {
    const over = { ...NEXT, id: "o", status: "expired" } as Bought;
    const earlier = signedFor(1, { outcome: "delivered", sessionId: "o", at: NOW - 90_000 });
    const world = { session: unknown, entries: [earlier], used: [0, 1], buys: [over, NEXT] };
    expect(await start(world).run("update")).toMatchObject({
      ...{ sessionId: "n", __serial: 2 },
      receipts: [RECEIPT, { nonce: nonceAt(1) }, { nonce: nonceAt(2) }],
    });
  });

  it("counts what all purchases of the resource have cost", async () => {
    const between = signedFor(1, { outcome: "delivered", sessionId: "o", at: NOW - 90_000 });
    const last = signedFor(2, { outcome: "delivered", sessionId: "p", at: NOW - 90_000 });
    const over = { ...NEXT, status: "expired" } as Bought;
    const world = { session: unknown, entries: [between, last], used: [0, 1, 2], buys: [over, NEXT] };
    expect((await start(world).run("update")).receipts.map(({ nonce }) => nonce)).toEqual(
      ["0x1", 1, 2, 3].map((one) => (typeof one === "number" ? nonceAt(one) : one)),
    );
    const capped = start({ ...world, buys: [over, NEXT], news: { maxTotal: "12.00" } });
    expect((await fails(capped.run))?.message).toContain("this lease has cost 12.00 USDC, and maxTotal is 12.00");
    expect(capped.api.askProxy).not.toHaveBeenCalled();
  });

  it("leaves one that is over and kept, with what the program says now", async () => {
    const { run, api } = start({ session: unknown, news: { onExpired: "keep", trafficGB: 9 } });
    expect(await run("update")).toMatchObject({ ...STATE, status: "deleted", onExpired: "keep", trafficGB: 9 });
    expect([api.buyProxy.mock.calls, api.manage.topup.mock.calls]).toEqual([[], []]);
    const ended = { ...SESSION, status: "expired" } as Session;
    const shown = start({ session: ended, news: { onExpired: "keep", trafficGB: 9 } });
    expect(await shown.run("update")).toMatchObject({ status: "expired", trafficGB: 9 });
    expect(shown.api.manage.topup).not.toHaveBeenCalled();
  });

  const GB: Session = { http: "http://u:p%40@h:1", location: { countryCode: "GB" } } as never;

  it("of another place moves it, for nothing", async () => {
    const { run, api } = start({ news: { country: "GB" }, replaced: GB });
    expect(await run("update")).toMatchObject({
      ...{ sessionId: "s", country: "GB", countryCode: "GB", host: "h", password: "p@", receipts: [RECEIPT] },
    });
    expect(api.manage.replacePort.mock.calls).toEqual([["t", { country: "GB" }]]);
    expect(api.buyProxy).not.toHaveBeenCalled();
  });

  it("of another carrier and city asks for both, and has what the answer says", async () => {
    const { run, api } = start({
      news: { carrier: "O2", city: "Berlin" },
      replaced: { socks5: "socks5://u:p@h:2", rotationUrl: "https://r", expiresAt: NOW * 1_000 + 2 * HOUR } as never,
    });
    expect(await run("update")).toMatchObject({
      ...{ countryCode: "DE", carrier: "O2", city: "Berlin", socksPort: 2, username: "u", password: "p" },
      ...{ rotationUrl: "https://r", expiresAt: iso(2 * HOUR) },
    });
    expect(api.manage.replacePort.mock.calls).toEqual([["t", { country: "DE", carrier: "O2", city: "Berlin" }]]);
  });

  it.each<[string, World, number]>([
    ["where it is already, after a lost answer,", { session: { ...SESSION, location: { countryCode: "GB" } } }, 0],
    ["whose city is another", { news: { country: "DE", city: "Bonn" } }, 1],
    ["whose carrier is another", { news: { country: "DE", carrier: "O2" } }, 1],
    ["of which nobody says where it is", { session: { ...SESSION, location: undefined } }, 1],
  ])("%s is moved as often as it must", async (_what, world, times) => {
    const there = { ...SESSION, location: { countryCode: "DE", city: "Berlin", carrier: "E-Plus" } };
    const { run, api } = start({ session: there, news: { country: "GB" }, replaced: {} as Session, ...world });
    await run("update");
    expect(api.manage.replacePort).toHaveBeenCalledTimes(times);
  });

  it("keeps of what was moved all that the answer does not say", async () => {
    const { run } = start({ news: { country: "GB" }, replaced: {} as Session });
    expect(await run("update")).toMatchObject({ ...STATE, country: "GB", countryCode: "GB", trafficAllocatedGB: 1 });
  });

  it("buys another where the vendor moves it no more, and says so", async () => {
    const { run, info } = start({
      news: { country: "GB" },
      buys: [{ ...NEXT, location: { countryCode: "GB" } }],
    });
    expect(await run("update")).toMatchObject({ sessionId: "n", __serial: 1, country: "GB" });
    expect(info).toEqual(["session s cannot be moved once more: another is bought."]);
  });

  it("leaves the old place in the state where it may not have been moved", async () => {
    const error = await fails(start({ news: { country: "GB" }, replaced: maybe }).run);
    expect(error).toMatchObject({ id: "s", properties: { country: "DE", sessionId: "s" } });
  });

  it("has moved it, also where the traffic after that fails", async () => {
    const { run } = start({ news: { country: "GB", trafficGB: 3 }, replaced: GB, price: 5_000_000n });
    const error = await fails(run);
    expect(error).toMatchObject({
      properties: { country: "GB", countryCode: "GB", trafficGB: 1, trafficAllocatedGB: 1 },
    });
    expect(error?.reasons[0]).toContain("may be 4.00 at most");
  });

  it("asks for no receipt of traffic that the lease has had before", async () => {
    const nonce = nonceOf({ purpose: "topup", serial: "s:1", hidden: HIDDEN } as never, WALLET);
    const entry = entryOf({ nonce, purpose: "topup", serial: "s:1", order: { sessionId: "s", trafficGB: 1 } });
    const { run } = start({ news: { maxPrice: "9.00" }, entries: [entry], used: [nonce] });
    expect((await run("update")).receipts).toEqual([RECEIPT]);
  });

  it("pays for more traffic once, and has its receipt", async () => {
    const session = { ...SESSION, location: { countryCode: "GB" }, proxy: { host: "now" } } as Session;
    const { run, api } = start({ news: { trafficGB: 3 }, session });
    const state = await run("update");
    expect(state).toMatchObject({ trafficGB: 3, trafficAllocatedGB: 3, countryCode: "GB", host: "now" });
    expect(state.receipts).toHaveLength(2);
    expect(api.manage.topup.mock.calls.map(([, what]) => what)).toEqual([{ trafficGB: 2 }]);
  });

  it("has a receipt for traffic that a killed run paid for", async () => {
    const nonce = nonceOf({ purpose: "topup", serial: "s:3", hidden: HIDDEN } as never, WALLET);
    const entry = entryOf({ nonce, purpose: "topup", serial: "s:3", order: { sessionId: "s", trafficGB: 2 } });
    const { run, api } = start({
      ...{
        news: { trafficGB: 3 },
        session: { ...SESSION, allocatedGB: 3 } as Session,
        entries: [entry],
        used: [nonce],
      },
    });
    const { receipts, trafficAllocatedGB } = await run("update");
    expect(trafficAllocatedGB).toBe(3);
    expect(receipts.map((one) => one.nonce)).toEqual(["0x1", nonce]);
    expect(api.manage.topup).not.toHaveBeenCalled();
  });

  describe("after a run that was to replace it", () => {
    it("takes what that paid for, and pays nothing", async () => {
      const { run, api, held } = start({ entries: [signedFor(1)], used: [0, 1] });
      expect(await run("update")).toMatchObject({
        sessionId: "n",
        __serial: 1,
        receipts: [RECEIPT, { nonce: nonceAt(1) }],
      });
      expect(api.askProxy).not.toHaveBeenCalled();
      expect(api.buyProxy.mock.calls.map(([, proof]) => proof)).toEqual([proofOf("signed")]);
      expect(held.get("n")).toBe(urnOf("a"));
    });

    it("goes on as ever where nothing was paid", async () => {
      const { run, noted, api } = start({ entries: [signedFor(1)], used: [0], final: NOW + 240 });
      expect(await run("update")).toMatchObject({ sessionId: "s" });
      expect(noted).toEqual([[nonceAt(1), { outcome: "unpaid" }]]);
      expect(api.buyProxy).not.toHaveBeenCalled();
    });

    it("leaves a session that another resource has, and asks for it no more", async () => {
      const earlier = signedFor(1, { outcome: "delivered", sessionId: "n" });
      const resources = [{ urn: urnOf("b"), type: urnOf("b").split("::")[2], outputs: { sessionId: "n" } }];
      const { run, noted } = start({ entries: [earlier], used: [0, 1], resources });
      expect(await run("update")).toMatchObject({ sessionId: "s" });
      expect(noted).toContainEqual([nonceAt(1), { isLeft: true }]);
    });
  });
});
