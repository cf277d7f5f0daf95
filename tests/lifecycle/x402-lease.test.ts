import { parseDuration } from "../../domain/duration";
import { KEY, PAYER } from "./x402-keys";
import { ARGS, LeaseLife, failed, Shop } from "./x402-life";

let shop: Shop;
let lease: LeaseLife;

beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());
beforeEach(() => {
  shop.reset();
  lease = new LeaseLife(shop);
});
afterEach(() => shop.expectBalanced());

const HOUR = 3_600_000;
const x402 = () => shop.control.x402;

describe("a lease's life", () => {
  test("it is bought once, with a receipt, and stays as it is", async () => {
    expect(await lease.up(ARGS)).toBe("create");
    const [session] = x402().sessions();
    const outs = lease.told;
    expect(outs).toMatchObject({
      ...{ ...ARGS, tier: "shared", network: "base-sepolia", status: "active", countryCode: "DE" },
      ...{ sessionId: session?.id, sessionToken: session?.token, wallet: PAYER.toLowerCase(), trafficAllocatedGB: 1 },
    });
    const [sold] = x402().receipts();
    expect(outs.receipts).toEqual([
      {
        ...{ tx: sold?.txHash, nonce: sold?.nonce, network: "base-sepolia", amount: "4.00" },
        asset: "0x036cbd53842c5426634e7929541ec2318f3dcf7e",
        payTo: x402().ledgerView().payTo.toLowerCase(),
        at: expect.stringMatching(/^20..-..-..T/) as string,
      },
    ]);
    expect(outs.username).toMatch(/^x402_/);
    expect(outs.host).toBeTruthy();
    expect(outs.rotationUrl).toMatch(/\/rotate\//);
    expect(await lease.up(ARGS)).toBe("same");
    expect(await lease.refresh()).toBe("same");
    expect(shop.spent()).toBe("4.00");
    expect(JSON.stringify(outs)).not.toContain(KEY.slice(2));
  });

  test("a preview asks nothing of the chain, pays nothing, and reads no key", async () => {
    process.env.AGENT_WALLET_KEY = "no key at all";
    shop.world.calls();
    expect(await lease.check(ARGS)).toEqual([]);
    expect(shop.world.calls()).toEqual(["GET /v1/x402/countries"]);
  });

  test("without a network and a node it is the test network, as the API is on this machine", async () => {
    const { network: _, ...args } = ARGS;
    delete process.env.PROXIES_RPC_URL; // the emulator's own node
    await lease.up(args);
    expect(lease.told.network).toBe("base-sepolia");
    expect(await lease.up(args)).toBe("same");
    expect(await lease.up(ARGS)).toBe("same");
    expect(shop.spent()).toBe("4.00");
    // On the vendor's own machine it is real money, which needs its setting.
    expect(await lease.check(args, {}, { "proxies-sx:apiUrl": "https://vendor.invalid" })).toEqual([
      expect.stringMatching(/^network: "base" is real money: allow it by/),
    ]);
  });

  test("more traffic is a top-up that is paid once, less is recorded", async () => {
    await lease.up(ARGS);
    expect(await lease.up({ ...ARGS, trafficGB: 1.5 })).toBe("update");
    expect(lease.told).toMatchObject({ trafficAllocatedGB: 1.5 });
    expect(lease.told.receipts.map(({ amount }) => amount)).toEqual(["4.00", "2.00"]);
    expect(await lease.up({ ...ARGS, trafficGB: 1.5 })).toBe("same");
    expect(await lease.up({ ...ARGS, trafficGB: 0.5 })).toBe("update");
    expect(lease.told).toMatchObject({ trafficAllocatedGB: 1.5, trafficGB: 0.5 });
    expect(shop.spent()).toBe("6.00");
  });

  test("more time is free", async () => {
    await lease.up(ARGS);
    const before = Date.parse(lease.told.expiresAt ?? "");
    expect(await lease.up({ ...ARGS, duration: "48h" })).toBe("update");
    expect(Date.parse(lease.told.expiresAt ?? "") - before).toBe(24 * HOUR);
    expect(await lease.up({ ...ARGS, duration: "48h" })).toBe("same");
    expect(await lease.up({ ...ARGS, duration: "2h" })).toBe("update");
    expect(shop.spent()).toBe("4.00");
  });

  test("another place: moved three times for nothing, then another session", async () => {
    await lease.up(ARGS);
    const { sessionId, password } = lease.told;
    expect(await lease.up({ ...ARGS, country: "GB" })).toBe("update");
    expect(lease.told).toMatchObject({ sessionId, countryCode: "GB" });
    expect(lease.told.password).not.toBe(password);
    await lease.up({ ...ARGS, country: "DE" });
    await lease.up({ ...ARGS, country: "GB" });
    expect(shop.spent()).toBe("4.00");
    await lease.up({ ...ARGS, country: "DE" });
    expect(lease.infos.join()).toContain("cannot be moved once more: another is bought");
    expect(lease.told.sessionId).not.toBe(sessionId);
    expect(lease.told.receipts).toHaveLength(2);
    expect(shop.spent()).toBe("8.00");
  });

  test("another tier is another lease, and the old one's rest is said", async () => {
    await lease.up(ARGS);
    const { sessionId } = lease.told;
    expect(await lease.up({ ...ARGS, tier: "private", maxPrice: 8 })).toBe("replace");
    expect(lease.told.sessionId).not.toBe(sessionId);
    expect(lease.notices.join()).toMatch(
      /session \w+ is forgotten and runs on for (1 d|23 h \d+ min) with 1 GB left: the vendor has no way to end one/,
    );
    expect(shop.spent()).toBe("12.00");
  });

  test("--replace buys another, also where no comparison showed that the state holds one", async () => {
    await lease.up(ARGS);
    const { sessionId } = lease.told;
    await lease.replace(ARGS);
    expect(lease.told.sessionId).not.toBe(sessionId);
    expect(shop.spent()).toBe("8.00");
  });

  test("destroyed and created again, it takes its session up; one in another place is moved", async () => {
    await lease.up(ARGS);
    const { sessionId } = lease.told;
    await lease.destroy();
    shop.loseJournal();
    await lease.up({ ...ARGS, country: "GB" });
    expect(lease.told).toMatchObject({ sessionId, countryCode: "GB", country: "GB" });
    expect(lease.told.receipts).toMatchObject([{ amount: "4.00", tx: x402().receipts()[0]?.txHash }]);
    expect(shop.spent()).toBe("4.00");
  });

  test("two leases of one program are two purchases", async () => {
    const other = new LeaseLife(shop, "b");
    await lease.up(ARGS);
    await other.up(ARGS);
    expect(other.told.sessionId).not.toBe(lease.told.sessionId);
    expect(shop.spent()).toBe("8.00");
  });
});

/** Every shape of a state that a release has written. Add one with each release that changes it, never edit one. */
test("one that no state holds is read by its id or its transaction, as a program would declare it", async () => {
  await lease.up(ARGS);
  const { __provider, receipts, wallet, renewAt, __serial, ...state } = lease.state.outs;
  const [session] = x402().sessions();
  for (const name of [session?.id, x402().receipts()[0]?.txHash]) {
    const { props } = await lease.process().read(name ?? "", {});
    expect(props).toMatchObject({ sessionId: state.sessionId, status: "active", country: "DE", tier: "shared" });
    expect(props).toMatchObject({ trafficGB: ARGS.trafficGB, network: "base-sepolia", maxPrice: "4.00" });
    expect(parseDuration(props?.duration)).toBe(parseDuration(ARGS.duration));
  }
  const byToken = failed(lease.process().read(session?.token ?? "", {}));
  expect(await byToken).toMatch(/^a session's token is a secret/);
  expect(await byToken).not.toContain(session?.token);
});

test("a state of release 0.1 finds no change, is read, updated and deleted", async () => {
  await new LeaseLife(shop, "b").up(ARGS);
  const [session] = x402().sessions();
  const args = { ...ARGS, tier: "shared", carrier: "Vodafone", onExpired: "keep", renewBefore: "1h", maxTotal: 9 };
  const olds = {
    ...{ ...args, sessionId: session?.id, sessionToken: session?.token, wallet: PAYER.toLowerCase() },
    ...{ host: "h", httpPort: 8000, socksPort: 5000, username: "u", password: "p", rotationUrl: "https://x" },
    ...{ status: "active", expiresAt: "2999-01-01T00:00:00.000Z", renewAt: "2998-12-31T23:00:00.000Z" },
    ...{ createdAt: "2026-11-26T00:00:00.000Z", countryCode: "DE", trafficAllocatedGB: 1 },
    receipts: [
      { tx: "0x1", nonce: "0x2", network: "base-sepolia", asset: "0x3", payTo: "0x4", amount: "4.00", at: "" },
    ],
    ...{ __serial: 0, __provider: "text" },
  };
  const news = { ...args, __urn: lease.urn, __provider: "text" };
  const process = lease.process();
  expect(await process.check(news, news)).toMatchObject({ failures: [] });
  expect(await process.diff("id", olds, news)).toEqual({ changes: false });
  const seen = await process.read("id", olds);
  expect(seen.id).toBe("id");
  expect(Object.keys(seen.props ?? {}).sort()).toEqual(
    Object.keys(olds)
      .filter((name) => name !== "__provider")
      .sort(),
  );
  expect((await process.update("id", olds, news)).outs).toMatchObject({ receipts: olds.receipts, __serial: 0 });
  await process.delete("id", olds);
  expect(shop.spent()).toBe("4.00");
});

describe("renewal", () => {
  test("a lease that is due gets time for nothing, and is said so", async () => {
    await lease.up(ARGS);
    const { sessionId } = lease.told;
    shop.control.clock.advance(22 * HOUR);
    expect(await lease.up(ARGS)).toBe("update");
    expect(lease.infos.join()).toMatch(/lease ends in .*: time is added, which is free/);
    const left = Date.parse(lease.told.expiresAt ?? "") - shop.control.clock.now().getTime();
    expect(left).toBeGreaterThan(23 * HOUR);
    expect(lease.told.sessionId).toBe(sessionId);
    expect(await lease.up(ARGS)).toBe("same");
    expect(shop.spent()).toBe("4.00");
  });

  test.each(["replace", "keep", "fail"] as const)("of one that has ended, onExpired %s", async (onExpired) => {
    await lease.up({ ...ARGS, renewBefore: 0, onExpired });
    const { sessionId } = lease.told;
    shop.control.clock.advance(25 * HOUR);
    const again = await failed(lease.up({ ...ARGS, renewBefore: 0, onExpired }));
    if (onExpired === "fail")
      expect(again).toMatch(/^session \w+ ended at 20.* and onExpired is "fail"\. Set onExpired/);
    else expect(again).toBe("it went well");
    expect(lease.told.sessionId === sessionId).toBe(onExpired !== "replace");
    expect(shop.spent()).toBe(onExpired === "replace" ? "8.00" : "4.00");
  });

  test("a session that the vendor has lost is bought anew after a refresh", async () => {
    await lease.up(ARGS);
    shop.control.addFault({ path: "/x402/manage/session", status: 404 });
    expect(await lease.refresh()).toBe("same"); // it knows its id
    shop.control.addFault({ path: "/x402/session/*", status: 404 });
    expect(await lease.refresh()).toBe("changed");
    expect(lease.told.status).toBe("deleted");
    expect(await lease.up(ARGS)).toBe("update");
    expect(shop.spent()).toBe("8.00");
  });
});

describe("adoption", () => {
  const taken = async (name: string, args = ARGS) => {
    await lease.destroy();
    return failed(lease.up(args, { __adopt: name }));
  };

  test.each(["token", "transaction", "id"])("by %s nothing is paid", async (by) => {
    await lease.up(ARGS);
    const { sessionId, sessionToken = "", receipts } = lease.told;
    const names: Record<string, string> = { token: sessionToken, transaction: receipts[0]?.tx ?? "", id: sessionId };
    delete process.env.AGENT_WALLET_KEY;
    expect(await taken(names[by] ?? "")).toBe("it went well");
    expect(lease.told).toMatchObject({ sessionId, sessionToken, status: "active" });
    expect(shop.spent()).toBe("4.00");
  });

  test("a session is imported by one resource of a program", async () => {
    await lease.up(ARGS);
    const { sessionId } = lease.told;
    await lease.destroy();
    const provider = lease.process();
    const importedAs = (urn: string) => failed(provider.create({ ...ARGS, __urn: urn, __adopt: sessionId }));
    expect(await importedAs(`${lease.urn}-1`)).toBe("it went well");
    expect(await importedAs(`${lease.urn}-2`)).toMatch(/^session \w+ is imported by "[\w-]+-1" too, so it cannot be/);
  });

  test("what is none, has ended, or is something else is refused in one line", async () => {
    await lease.up(ARGS);
    const { sessionId, sessionToken = "" } = lease.told;
    expect(await taken("x402s_canaryToken")).toMatch(
      /^session of this token does not exist, so it cannot be imported\./,
    );
    expect(await failed(lease.up({ ...ARGS, country: "GB" }, { __adopt: sessionId }))).toMatch(
      /^session \w+ is not what the program declares: country is "DE"\./,
    );
    shop.control.clock.advance(25 * HOUR);
    const over = await failed(lease.up(ARGS, { __adopt: sessionToken }));
    expect(over).toMatch(/^session of this token has ended/);
    expect(over).not.toContain(sessionToken);
  });
});

describe("bad input is reported in one line, at the preview, and nothing is asked of the chain", () => {
  const told = async (args: object, config: Record<string, string> = {}): Promise<string[]> => {
    shop.world.calls();
    const { failures } = await lease.process(config).check({}, { ...args, __urn: lease.urn });
    expect(shop.world.calls().filter((call) => !call.startsWith("GET /v1/x402/countries"))).toEqual([]);
    expect(failures).toHaveLength(1);
    return failures.map(({ reason }) => reason);
  };

  test.each<[object, RegExp]>([
    [
      { maxPrice: undefined },
      /^maxPrice: is required: the most that one payment may cost, in USDC, such as "4\.50"\.$/,
    ],
    [{ maxPrice: -1 }, /^maxPrice: is no amount above 0 \(a whole number was given\)/],
    [{ maxPrice: 0 }, /^maxPrice: is no amount above 0/],
    [{ maxPrice: "1.0000001" }, /^maxPrice: is no amount above 0/],
    [{ maxTotal: 1 }, /^maxTotal: is less than maxPrice: one payment alone may cost that\.$/],
    [{ duration: 60 }, /^duration: is no length of time that is sold .* from 1 h to 30 d\.$/],
    [{ duration: "31d" }, /^duration: is no length of time that is sold/],
    [{ renewBefore: "24h" }, /^renewBefore: 1 d is not shorter than the lease \(duration is 1 d\)\.$/],
    [{ trafficGB: 0.05 }, /^trafficGB: is no amount of traffic that is sold .* from 0\.1 to 10000\.$/],
    [{ trafficGB: undefined }, /^trafficGB: is required\. Give GB, from 0\.1 to 10000\.$/],
    [{ country: "Germany" }, /^country: is no country's code \(a text was given\)\. Give the ISO code of two letters/],
    [{ country: "XX" }, /^country: the vendor has no free shared device in "XX"\. There are .*DE/],
    [{ tier: "gold" }, /^tier: is unknown .*shared, private\.$/],
    [{ network: "solana" }, /^network: is unknown .*base, base-sepolia\.$/],
    [
      { network: "base" },
      /^network: "base" \(chain 8453\) is real money, and the API is on this machine: use "base-sepolia"\.$/,
    ],
    [{ proof: "watch" }, /^proof: is unknown/],
    [{ onExpired: "wait" }, /^onExpired: is unknown .*replace, keep, fail\.$/],
    [{ trafficGb: 1 }, /^trafficGb: is not an input\. Did you mean "trafficGB"\?/],
  ])("%p", async (change, why) => {
    expect((await told({ ...ARGS, ...change }))[0]).toMatch(why);
  });

  test("no wallet key, and one in the stack's configuration", async () => {
    delete process.env.AGENT_WALLET_KEY;
    const preview = await lease.process().check({}, { ...ARGS, __urn: lease.urn });
    expect(preview.failures).toEqual([]); // it needs none
    expect(await failed(lease.up(ARGS))).toMatch(/^no wallet key is set: set AGENT_WALLET_KEY in the environment/);
    const inStack = await told(ARGS, { "proxies-sx:walletKey": KEY });
    expect(inStack[0]).toMatch(/^proxies-sx:walletKey: a wallet's key does not belong into the stack/);
    expect(inStack[0]).not.toContain(KEY);
  });

  test.each<[Record<string, string>, RegExp]>([
    [
      { "proxies-sx:rpcUrl": "http://node.example/canary" },
      /^proxies-sx:rpcUrl \(PROXIES_RPC_URL\): the RPC URL must start with https:\/\//,
    ],
    [
      { "proxies-sx:walletPayees": "0x12" },
      /^proxies-sx:walletPayees .*: give addresses of 0x and 40 hexadecimal digits/,
    ],
    [{ "proxies-sx:walletDailyBudget": "-5" }, /^proxies-sx:walletDailyBudget .*: is no amount of USDC/],
    [{ "proxies-sx:walletMainnet": "yes" }, /^proxies-sx:walletMainnet .*: give "true" or "false"\.$/],
    [{ "proxies-sx:apiUrl": "http://vendor.example" }, /^proxies-sx:apiUrl: /],
  ])("%p", async (config, why) => {
    expect((await told(ARGS, config))[0]).toMatch(why);
  });

  test("mainnet needs a setting of its own", async () => {
    const far = { "proxies-sx:apiUrl": "https://127.0.0.2.nip.invalid" };
    expect((await told({ ...ARGS, network: "base", country: "DE" }, far))[0]).toMatch(
      /^network: "base" is real money: allow it by `pulumi config set proxies-sx:walletMainnet true` or PROXIES_WALLET_MAINNET=true/,
    );
  });

  test("a key that is none, at the update: the line does not hold it", async () => {
    process.env.AGENT_WALLET_KEY = "canaryKey0123456789";
    const said = await failed(lease.up(ARGS));
    expect(said).toMatch(/^AGENT_WALLET_KEY: the wallet key must be 64 hexadecimal digits, with or without 0x; set/);
    expect(said).not.toContain("canary");
  });

  test("what needs a payment needs a key; what needs none does not", async () => {
    await lease.up(ARGS);
    delete process.env.AGENT_WALLET_KEY;
    expect(await failed(lease.up({ ...ARGS, trafficGB: 2 }))).toMatch(/^no wallet key is set/);
    expect(await lease.up({ ...ARGS, duration: "48h" })).toBe("update");
    expect(await lease.refresh()).toBe("same");
  });
});

test("a vendor that repeats the key or the payment in its error shows neither", async () => {
  shop.control.addFault({
    path: "/x402/proxy",
    paid: true,
    status: 500,
    body: { message: `no ${KEY} ${KEY.slice(2)}` },
  });
  const said = await failed(lease.up(ARGS));
  expect(said).toMatch(/^whether it is paid is not decided/);
  expect(said).not.toContain(KEY.slice(2));
});
