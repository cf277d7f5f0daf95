import {
  checkTerms,
  createX402Api,
  derivedNonce,
  encodePayment,
  type Offered,
  type PaymentRules,
  type Proof,
  signTransfer,
  type Terms,
  type X402Api,
} from "../../../api";
import { type Emulator, type Quirks, startEmulator } from "../../../emulator";
import { failure } from "../vendor";

/** A test key that everybody knows. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const PAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const ORDER = { country: "DE", durationSeconds: 3_600, trafficGB: 1 };

let emulator: Emulator;
let x402: X402Api;
let notices: string[];
let slept = 0;

beforeAll(async () => {
  const began = Date.now();
  emulator = await startEmulator({ now: () => began }); // two answers give the same seconds that are left
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset();
  emulator.control.x402.faucet(PAYER);
  notices = [];
  x402 = createX402Api({
    apiUrl: `${emulator.url}/v1`,
    onNotice: (text) => notices.push(text),
    now: () => slept,
    sleep: async (ms) => {
      slept += ms;
    },
  });
});
afterEach(() => {
  x402.close();
  expect(notices).toEqual([]);
});

const rules = (): PaymentRules => ({ apiUrl: emulator.url, network: "base-sepolia", maxPrice: 4_000_000n });
const balance = () => emulator.control.x402.balance(PAYER);
const payments = () => emulator.control.requests().map(({ method, path, status }) => `${method} ${path} ${status}`);

function termsIn(offered: Offered<unknown>): Terms {
  if ("bought" in offered) throw new Error("it was bought");
  return offered.terms;
}

function proofFor(terms: Terms, purpose = "proxy", serial: string | number = 0): Proof {
  const agreed = checkTerms(terms, rules());
  if ("problem" in agreed) throw new Error(agreed.problem);
  const nonce = derivedNonce(KEY, { purpose, urn: "urn:pulumi:dev::a::X402Lease::b", backend: "file", serial });
  const validBefore = BigInt(Math.floor(x402.serverNow()! / 1_000) + 300);
  return encodePayment(signTransfer(KEY, { transfer: agreed.transfer, nonce, validBefore }, rules()), agreed.offer);
}

const lease = async () => x402.buyProxy(ORDER, proofFor(termsIn(await x402.askProxy(ORDER))));

test("the catalog", async () => {
  expect(await x402.health()).toMatchObject({ enabled: true, status: "ok" });
  const info = await x402.info();
  expect(info).toMatchObject({ shared: { perGB: 4_000_000n }, limits: { minDuration: 3_600 } });
  expect(info.networks).toContain("base-sepolia");
  expect(info.wallets!["base-sepolia"]).toBe(emulator.control.x402.ledgerView().payTo.toLowerCase());
  expect((await x402.countries("shared")).map(({ code }) => code)).toContain("DE");
  expect(await x402.pricing()).toMatchObject({ private: { perGB: 8_000_000n } });
  expect(await x402.calculate({ tier: "private", trafficGB: 0.5, durationSeconds: 7_200 })).toMatchObject({
    total: 4_000_000n,
    tier: "private",
  });
  expect(await x402.agents()).toEqual([]);
  expect((await x402.places.countries()).find(({ code }) => code === "DE")).toMatchObject({ name: "Germany" });
  expect((await x402.places.cities("DE")).length).toBeGreaterThan(0);
  expect((await x402.places.carriers("DE"))[0]).toMatchObject({
    name: expect.any(String) as string,
    code: expect.any(String) as string,
  });
});

const SETTINGS: Partial<Quirks>[] = [
  {},
  ...(["page", "mcp", "v1", "v2"] as const).map((x402Offer) => ({ x402Offer })),
  ...(["page", "mcp"] as const).map((x402Answer) => ({ x402Answer })),
  ...(["tool", "wallet", "array"] as const).map((x402Sessions) => ({ x402Sessions })),
  ...(["noToken", "bare"] as const).map((x402Recovery) => ({ x402Recovery })),
  { x402Price: "sharedOnly" },
  { x402TokenIn: "header" },
  { x402Solana: true },
  { x402Proofs: "authorization" },
  { pageOnly: true },
];
test.each(SETTINGS.map((quirks) => [JSON.stringify(quirks), quirks] as const))(
  "the life of a lease with %s",
  async (_name, quirks) => {
    emulator.control.setQuirks(quirks);
    const bought = await lease();
    const isPage = quirks.x402Answer === "page";
    expect(bought.proxy).toMatchObject({ host: expect.any(String) as string, httpPort: expect.any(Number) as number });
    expect(bought.expiresAt).toBe(bought.proxy!.expiresAt);
    expect(bought.settlement).toMatchObject({ success: true });
    expect(bought.paid).toBe(isPage ? undefined : 4_000_000n);
    expect(balance()).toBe("96.00");

    const hash = bought.settlement!.transactionHash!;
    const [session] = await x402.sessions.byWallet(PAYER);
    const found = await x402.sessions.byTransaction(hash);
    expect(found).toMatchObject({ id: session!.id, transactionHash: hash, allocatedGB: 1, network: "base-sepolia" });
    expect(found.token === undefined).toBe(quirks.x402Recovery !== undefined);
    expect(await x402.sessions.get(found.id!)).toEqual(found);
    expect(await x402.sessions.status(found.id!)).toMatchObject({
      id: found.id,
      status: "active",
      wallet: PAYER.toLowerCase(),
    });
    const token = bought.token ?? emulator.control.x402.sessions()[0]!.token;

    const own = await x402.manage.session(token);
    expect(own).toMatchObject({ id: found.id, token, proxy: { password: bought.proxy!.password } });
    const [port] = await x402.manage.ports(token);
    expect(own.ports).toEqual([port]);
    expect(await x402.manage.portStatus(token, port!.id)).toEqual(port);
    expect(await x402.manage.credit(token)).toMatchObject({
      allocatedGB: 1,
      usedGB: 0,
      enabled: true,
      expiresAt: own.expiresAt,
    });

    const more = { trafficGB: 0.5, durationSeconds: 3_600 };
    expect(await x402.manage.topupPrice(token, more)).toMatchObject({ total: 2_000_000n, durationCost: 0n });
    const proof = proofFor(termsIn(await x402.manage.askTopup(token, more)), "topup", `${found.id}:1.5`);
    const topped = await x402.manage.topup(token, more, proof);
    expect(topped).toMatchObject({
      sessionId: found.id,
      allocatedGB: 1.5,
      expiresAt: own.expiresAt! + 3_600_000,
      paid: 2_000_000n,
    });
    expect(await x402.manage.topup(token, more, proof)).toMatchObject({
      allocatedGB: 1.5,
      transactionHash: topped.transactionHash,
    });
    const free = await x402.manage.topup(token, { durationSeconds: 7_200 }, { kind: "nothing" });
    expect(free).toMatchObject({ allocatedGB: 1.5, expiresAt: own.expiresAt! + 10_800_000, paid: 0n });
    expect(balance()).toBe("94.00");

    const moved = await x402.manage.replacePort(token, { country: "PL" });
    expect(moved).toMatchObject({ location: { countryCode: "PL" }, allocatedGB: 1.5, expiresAt: free.expiresAt });
    expect(moved.portId).not.toBe(port!.id);
    expect(emulator.control.x402.receipts()).toHaveLength(2);
  },
);

test.each<[string, Partial<Quirks>, number]>([
  ["union", { x402Offer: "union" }, 2],
  ["v2", { x402Offer: "v2" }, 2],
  ["v1", { x402Offer: "v1" }, 1],
  ["page", { x402Offer: "page" }, 1],
])("an offer of the form %s is paid in version %#", async (_form, quirks, version) => {
  emulator.control.setQuirks(quirks);
  expect(proofFor(termsIn(await x402.askProxy(ORDER)))).toMatchObject({ version });
});

test("a transaction's hash buys, and tops up", async () => {
  const payTo = emulator.control.x402.ledgerView().payTo;
  const transfer = (usdc: number): Proof => ({
    kind: "transaction",
    hash: emulator.control.x402.transfer({ from: PAYER, to: payTo, usdc }).hash,
    network: "base-sepolia",
    payer: PAYER,
  });
  const { token, id } = await x402.buyProxy(ORDER, transfer(4));
  expect(await x402.manage.topup(token!, { trafficGB: 1 }, transfer(4))).toMatchObject({
    sessionId: id,
    allocatedGB: 2,
  });
});

test("an offer's id claims what the vendor saw paid", async () => {
  const terms = termsIn(await x402.askProxy(ORDER));
  emulator.control.x402.transfer({ from: PAYER, to: terms.offers[0]!.payTo, usdc: 4 });
  const { id } = await x402.buyProxy(ORDER, { kind: "watched", paymentId: terms.paymentId! });
  expect(id).toBeDefined();
  expect(balance()).toBe("96.00");
});

describe.each(["payTo", "asset", "network", "amount", "unit"] as const)("a wrong %s", (x402WrongOffer) => {
  test.each(["both", "header", "body"] as const)("in %s is found, and nothing is signed", async (x402WrongIn) => {
    emulator.control.setQuirks({ x402WrongOffer, x402WrongIn });
    const terms = termsIn(await x402.askProxy(ORDER));
    // that all are wrong alike is no disagreement; the page's form has another word for the token, and for a chain
    const isAlike = x402WrongIn === "both" && x402WrongOffer !== "asset" && x402WrongOffer !== "network";
    expect(terms.disagreements.length > 0).toBe(!isAlike);
    expect(checkTerms(terms, rules())).toEqual({ problem: expect.any(String) as string });
    expect(() => proofFor(terms)).toThrow();
    expect(balance()).toBe("100.00");
  });
});

describe("paid once", () => {
  const faults = {
    "the answer is cut after it was paid": { cut: "after" },
    "nothing was paid before the cut": { cut: "before" },
    "503 after it was paid": { status: 503, commit: true },
    "402 after it was paid": { status: 402, commit: true },
    "an empty body after it was paid": { status: 200, body: "", commit: true },
    "half a body after it was paid": { truncate: true },
  } as const;
  test.each(Object.entries(faults))("%s: sent once, maybeDone, and the same proof claims it", async (_what, fault) => {
    const proof = proofFor(termsIn(await x402.askProxy(ORDER)));
    emulator.control.addFault({ path: "/x402/proxy", paid: true, times: 1, ...fault });
    expect(await failure(x402.buyProxy(ORDER, proof))).toMatchObject({ maybeDone: true, sent: "maybe" });
    expect(payments().filter((line) => line.startsWith("GET /v1/x402/proxy"))).toHaveLength(2);
    expect((await x402.buyProxy(ORDER, proof)).id).toBeDefined();
    expect(balance()).toBe("96.00");
    expect(emulator.control.x402.sessions()).toHaveLength(1);
    expect(emulator.control.x402.receipts()).toHaveLength(1);
  });

  test("whoever signs the purchase anew, later, still pays once: the nonce is the same", async () => {
    emulator.control.addFault({ path: "/x402/proxy", paid: true, times: 1, cut: "after" });
    expect(await failure(lease())).toMatchObject({ code: "network", maybeDone: true });
    emulator.control.clock.advance("1m");
    expect((await lease()).id).toBe(emulator.control.x402.sessions()[0]!.id);
    expect(balance()).toBe("96.00");
  });

  test.each(["settleLost", "settleLate", "outOfStock", "settleRefused"] as const)("%s", async (kind) => {
    emulator.control.x402.addFault({ kind, times: 1, ...(kind === "settleLate" && { seconds: 30 }) });
    const error = await failure(lease());
    expect(error).toMatchObject({ maybeDone: true, code: kind === "outOfStock" ? "conflict" : "rejected" });
    emulator.control.clock.advance("1m");
    expect((await lease()).id).toBeDefined();
    expect(balance()).toBe("96.00");
  });

  test("terms that changed after the offer are refused by what was signed", async () => {
    const proof = proofFor(termsIn(await x402.askProxy(ORDER)));
    emulator.control.x402.addFault({ kind: "terms", times: 1, change: "price" });
    expect(await failure(x402.buyProxy(ORDER, proof))).toMatchObject({
      status: 402,
      reason: expect.stringContaining("authorization_value") as string,
    });
    expect(balance()).toBe("100.00");
  });
});
