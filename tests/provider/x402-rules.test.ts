import { ApiError } from "../../api";
import { UNKNOWN } from "../../domain/unknown";
import { type WalletSettings } from "../../provider/run/wallet-settings";
import { type WalletSession } from "../../provider/run/wallet-session";
import { checkLeaseArgs, networkFor, type X402LeaseArgs } from "../../provider/x402-lease/args";
import { inItsPlace, moved } from "../../provider/x402-lease/move";
import { isMoved, isSame, lacksTraffic, needOf, stateOf } from "../../provider/x402-lease/need";
import {
  credentialsIn,
  type Receipt,
  toState,
  withReceipt,
  type X402LeaseState,
} from "../../provider/x402-lease/state";

const NOW = Date.parse("2026-03-29T12:00:00Z");
const HOUR = 3_600_000;
const ARGS: X402LeaseArgs = { country: "DE", trafficGB: 1, duration: "24h", maxPrice: "4.00" };
const iso = (ms: number): string => new Date(ms).toISOString();
const STATE: X402LeaseState = {
  ...{ ...ARGS, tier: "shared", network: "base", sessionId: "s", sessionToken: "t", wallet: "0x1" },
  ...{ host: "h", httpPort: 1, socksPort: 2, username: "u", password: "p", rotationUrl: "https://r.example" },
  ...{ status: "active", createdAt: iso(NOW - HOUR), expiresAt: iso(NOW + 23 * HOUR), countryCode: "DE" },
  ...{ renewAt: iso(NOW + 23 * HOUR - 2.4 * HOUR), trafficAllocatedGB: 1, receipts: [], __serial: 0 },
};

describe("what a run does about a lease", () => {
  const need = (leftMs: number, news: Partial<X402LeaseArgs> = {}, status = "active") =>
    needOf({ ...STATE, status, expiresAt: iso(NOW + leftMs) }, { ...ARGS, ...news }, NOW);
  const nothing = { does: "nothing" };

  it.each<[string, number, Partial<X402LeaseArgs>, object]>([
    ["runs, by a tenth of its length", 2.4 * HOUR + 1, {}, nothing],
    ["is due", 2.4 * HOUR, {}, { does: "extend", why: "lease ends in 2 h 24 min" }],
    ["runs, by the program's own renewBefore", HOUR + 1, { renewBefore: "1h" }, nothing],
    ["is due by it", HOUR, { renewBefore: "1h" }, { does: "extend", why: "lease ends in 1 h" }],
    ["has ended", 0, {}, { does: "buy", why: `session s ended at ${iso(NOW)}` }],
    ["has ended, and is kept", 0, { onExpired: "keep" }, nothing],
  ])("that %s", (_what, left, news, does) => expect(need(left, news)).toEqual(does));

  it("that is gone, before its end", () => {
    expect(need(HOUR, {}, "deleted")).toEqual({ does: "buy", why: "session s is gone" });
    expect(() => need(HOUR, { onExpired: "fail" }, "deleted")).toThrow(/^session s is gone and onExpired is "fail"/);
  });

  it("of which only one of word and end is known", () => {
    expect(stateOf({ status: "active" }, ARGS, NOW)).toBe("running");
    expect(stateOf({ expiresAt: iso(NOW) }, ARGS, NOW)).toBe("over");
    expect(stateOf({}, ARGS, NOW)).toBe("running");
  });
});

it.each<[unknown, unknown, boolean]>([
  [1, 2, true],
  [1, 1.002, true],
  [1.5, 1.501, false],
  [1, 1, false],
  [2, 1, false],
  [undefined, 1, false],
  [1, undefined, false],
  ["1", 20, false],
  [1, "2", false],
])("of %p GB, %p lack: %p", (has, wants, lacks) => expect(lacksTraffic(has, wants)).toBe(lacks));

it.each<[unknown, unknown, boolean]>([
  ["DE", "de", true],
  ["Telefónica", "telefonica", true],
  ["DE", "GB", false],
  ["DE", undefined, false],
  [undefined, "DE", false],
  [undefined, undefined, true],
  ["", "", true],
  ["", " ", false],
  [" ", "", false],
  [1, "1", false],
  ["1", 1, false],
])("%p and %p name one place: %p", (a, b, same) => expect(isSame(a, b)).toBe(same));

it("a lease is moved for a part of a place that the program asks for, not for one that it leaves out", () => {
  expect(isMoved({ country: "DE", carrier: "O2" }, { country: "DE" })).toBe(false);
  expect(isMoved({ country: "DE" }, { country: "DE", carrier: "O2" })).toBe(true);
  expect(isMoved({ country: "DE", city: "Bonn" }, { country: "DE", city: "Ulm" })).toBe(true);
  expect(isMoved({ country: "DE" }, { country: "GB" })).toBe(true);
});

describe("a state", () => {
  it("keeps what an answer does not report", () => expect(toState({}, ARGS, STATE)).toEqual(STATE));

  it("takes over what one reports", () => {
    const proxy = { host: "i", httpPort: 3, socksPort: 4, username: "v", password: "q" };
    const found = {
      ...{ id: "s2", token: "t2", wallet: "0x2", status: "suspended", proxy, rotationUrl: "https://q.example" },
      ...{ expiresAt: NOW + 48 * HOUR, createdAt: NOW, location: { countryCode: "GB" }, allocatedGB: 2 },
    };
    expect(toState(found, ARGS, STATE, { __serial: 1 })).toEqual({
      ...{ ...STATE, sessionId: "s2", sessionToken: "t2", wallet: "0x2", status: "suspended", ...proxy },
      ...{ rotationUrl: "https://q.example", expiresAt: iso(NOW + 48 * HOUR), createdAt: iso(NOW) },
      ...{ renewAt: iso(NOW + 45.6 * HOUR), countryCode: "GB", trafficAllocatedGB: 2, __serial: 1 },
    });
  });

  it("of a first answer that reports nothing is active, and has no number where it was imported", () => {
    const first = toState({}, { ...ARGS, renewBefore: "1h" }, {});
    expect(JSON.parse(JSON.stringify(first))).toEqual({
      ...{ ...ARGS, renewBefore: "1h", tier: "shared", network: "base" },
      ...{ sessionId: "", status: "active", receipts: [] },
    });
    expect("__serial" in first).toBe(false);
  });

  it("has the time of renewal by the program's renewBefore, and none without a length", () => {
    expect(toState({}, { ...ARGS, renewBefore: "1h" }, STATE).renewAt).toBe(iso(NOW + 22 * HOUR));
    const { duration: _, ...read } = ARGS;
    expect(toState({}, read as X402LeaseArgs, {})).not.toHaveProperty("renewAt");
  });

  it("is expired where the answer says only that the session does not serve", () => {
    expect(toState({ isActive: false }, ARGS, STATE).status).toBe("expired");
    expect(toState({ isActive: true }, ARGS, STATE).status).toBe("active");
    expect(toState({ isActive: false, status: "suspended" }, ARGS, STATE).status).toBe("suspended");
  });

  it("has the end, credentials and link of a session's port where the session has none of its own", () => {
    const proxy = { host: "i", expiresAt: NOW + 2 * HOUR };
    expect(toState({ proxy }, ARGS, STATE)).toMatchObject({ host: "i", httpPort: 1, expiresAt: iso(NOW + 2 * HOUR) });
    const ports = [{ http: "http://v:q@i.example:3", rotationUrl: "https://q.example" }];
    expect(toState({ ports } as object, ARGS, STATE)).toMatchObject({
      ...{ host: "i.example", httpPort: 3, socksPort: 2, username: "v", password: "q" },
      rotationUrl: "https://q.example",
    });
  });

  it("keeps its link where the session has no port", () =>
    expect(toState({ ports: [] }, ARGS, STATE).rotationUrl).toBe("https://r.example"));

  it.each([
    [999, 0],
    [-999, 0],
    [1_000, 1_000],
    [-1_000, -1_000],
  ])("changes for a time that is reported %p ms off by %p ms", (off, change) => {
    const told = toState({ expiresAt: NOW + 23 * HOUR + off }, ARGS, STATE).expiresAt;
    expect(Date.parse(told ?? "")).toBe(NOW + 23 * HOUR + change);
  });

  it("has one receipt of each payment, the newest as it is known now", () => {
    const [one, two] = ["1", "2"].map((nonce) => ({ nonce, amount: "4.00" })) as [Receipt, Receipt];
    expect(withReceipt([one, two], { ...one, amount: "3.00" })).toEqual([two, { ...one, amount: "3.00" }]);
    expect(withReceipt([one], undefined)).toEqual([one]);
  });
});

it.each<[object, object | undefined]>([
  [{}, undefined],
  [{ http: "http://u%40:p%3A@h.example:1" }, { host: "h.example", httpPort: 1, username: "u@", password: "p:" }],
  [
    { http: "http://u:p@[2001:db8::1]:1", socks5: "socks5://u:p@[2001:db8::1]:2" },
    { host: "2001:db8::1", httpPort: 1, socksPort: 2, username: "u", password: "p" },
  ],
  [{ socks5: "socks5://u:p@h:2" }, { host: "h", socksPort: 2, username: "u", password: "p" }],
])("the credentials of %j", (urls, told) => expect(credentialsIn(urls)).toEqual(told));

describe("inputs", () => {
  const settings = { apiUrl: "https://vendor.invalid", mainnet: true } as WalletSettings;
  const fault = (more: object): string | undefined => {
    try {
      checkLeaseArgs({ ...ARGS, ...more }, settings);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each<object>([
    { trafficGB: 0.1 },
    { trafficGB: 10_000 },
    { duration: 3_600 },
    { duration: 2_592_000 },
    { country: "de" },
    { maxTotal: "4.00" },
    { maxPrice: 0.000_001 },
    { renewBefore: "23h" },
    { renewBefore: 86_399 },
    ...["country", "carrier", "city", "tier", "trafficGB", "duration", "maxPrice", "maxTotal", "network"].map(
      (name) => ({ [name]: UNKNOWN }),
    ),
    { duration: UNKNOWN, renewBefore: "60d" },
    { maxPrice: UNKNOWN, maxTotal: "0.01" },
  ])("%j are as they may be", (more) => expect(fault(more)).toBeUndefined());

  it.each<[object, RegExp]>([
    [{ trafficGB: 0.099 }, /^trafficGB: is no amount/],
    [{ trafficGB: 10_001 }, /^trafficGB: is no amount/],
    [{ trafficGB: "1" }, /^trafficGB: is no amount of traffic that is sold \(a text was given\)/],
    [{ duration: 3_599 }, /^duration: is no length/],
    [{ duration: 2_592_001 }, /^duration: is no length/],
    [{ duration: "soon" }, /^duration: is no length/],
    [{ duration: UNKNOWN, renewBefore: "soon" }, /^renewBefore: is not a length/],
    [{ renewBefore: 86_400 }, /^renewBefore: 1 d is not shorter/],
    [{ country: "DEU" }, /^country: is no country's code/],
    [{ country: "1DE" }, /^country: is no country's code/],
    [{ country: 49 }, /^country: is no country's code/],
    [{ country: ["DE"] }, /^country: is no country's code/],
    [{ country: undefined }, /^country: is required\./],
    [{ carrier: "" }, /^carrier: /],
    [{ tier: "gold" }, /^tier: is unknown/],
    [{ network: "solana" }, /^network: is unknown/],
    [{ proof: "watch" }, /^proof: is unknown/],
    [{ onExpired: "wait" }, /^onExpired: is unknown/],
    [{ trafficGB: undefined }, /^trafficGB: is required\./],
    [{ maxPrice: undefined }, /^maxPrice: is required:/],
    [{ city: " " }, /^city: /],
    [{ maxPrice: UNKNOWN, maxTotal: 0 }, /^maxTotal: is no amount above 0/],
    [{ maxTotal: "3.999999" }, /^maxTotal: is less than maxPrice/],
  ])("%j are refused", (more, why) => expect(fault(more)).toMatch(why));

  it("that name real money are refused where its setting is not on", () => {
    const without = (args: X402LeaseArgs) => () => checkLeaseArgs(args, { ...settings, mainnet: false });
    expect(without(ARGS)).toThrow(/^network: "base" is real money: .* or use "base-sepolia"\.$/);
    expect(without({ ...ARGS, network: "base-sepolia" })).not.toThrow();
    expect(without({ ...ARGS, network: UNKNOWN as "base" })).not.toThrow();
  });

  it("name no network: it is the vendor's own chain, and a test network where the API is on this machine", () => {
    expect(networkFor({}, settings)).toBe("base");
    expect(networkFor({}, { apiUrl: "http://127.0.0.1:1" })).toBe("base-sepolia");
    expect(networkFor({ network: "base" }, { apiUrl: "http://127.0.0.1:1" })).toBe("base");
  });
});

describe("a move", () => {
  const given = { http: "http://v:q@i.example:3", socks5: "socks5://v:q@i.example:4", location: { countryCode: "GB" } };
  function start(answer: object | Error = given) {
    const notices: string[] = [];
    const replacePort = jest.fn(async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
    const session = { api: { manage: { replacePort } }, notice: (text: string) => notices.push(text) };
    return { session: session as unknown as WalletSession, replacePort, notices };
  }
  const refused = (maybeDone = false, code: "rejected" | "network" = "rejected") =>
    new ApiError({ code, maybeDone, reason: "no" });
  const here = { status: "active", location: { countryCode: "DE", carrier: "O2", city: "Bonn" } };

  it.each<[object, object | undefined]>([
    [{ country: "DE" }, undefined],
    [{ country: "de", carrier: "o2", city: "bonn" }, undefined],
    [{ country: "gb" }, { country: "GB" }],
    [
      { country: "DE", carrier: "Vodafone" },
      { country: "DE", carrier: "Vodafone" },
    ],
    [
      { country: "DE", city: "Ulm" },
      { country: "DE", city: "Ulm" },
    ],
  ])("to %j orders %j: what is there already is left", async (place, order) => {
    const { session, replacePort } = start();
    const there = await moved(STATE, { ...ARGS, ...place }, here, session);
    expect(replacePort.mock.calls).toEqual(order ? [["t", order]] : []);
    expect(there === here).toBe(order === undefined);
  });

  it("is made where it is not known where the session is", async () => {
    const { session, replacePort } = start({});
    const there = await moved(STATE, ARGS, { status: "active", ports: [{ id: "p", http: "http://old" }] }, session);
    expect(replacePort).toHaveBeenCalledTimes(1);
    expect(there).toEqual({ status: "active", location: { countryCode: "DE" } });
  });

  it("gives what the vendor reports of the new port, and leaves the rest", async () => {
    const { session } = start({ ...given, rotationUrl: "https://q.example", expiresAt: 5 });
    expect(await moved(STATE, { ...ARGS, country: "GB" }, { ...here, usedGB: 1 }, session)).toEqual({
      ...{ status: "active", usedGB: 1, location: { countryCode: "GB" }, rotationUrl: "https://q.example" },
      ...{ expiresAt: 5, proxy: { host: "i.example", httpPort: 3, socksPort: 4, username: "v", password: "q" } },
    });
  });

  it("that the vendor refuses is none; one whose answer is lost may have been made", async () => {
    const to = { ...ARGS, country: "GB" };
    expect(await moved(STATE, to, here, start(refused()).session)).toBeUndefined();
    for (const error of [refused(true), refused(false, "network"), new Error("odd")])
      await expect(moved(STATE, to, here, start(error).session)).rejects.toBe(error);
  });

  const elsewhere = { ...STATE, countryCode: "US" };
  const found = { id: "s", location: { countryCode: "US" } };
  const placed = (
    run: ReturnType<typeof start>,
    state: X402LeaseState = elsewhere,
    ordered: string | undefined = "DE",
  ) => inItsPlace("id", state, { found, ...(ordered && { ordered }) }, ARGS, run.session);

  it("brings what was claimed to the country of the program", async () => {
    const run = start({ ...given, location: { countryCode: "DE" } });
    expect(await placed(run)).toMatchObject({ countryCode: "DE", host: "i.example" });
    expect(run.notices).toEqual([]);
  });

  it("is not asked for where the session is there, or nobody knows where it is", async () => {
    const { countryCode: _, ...unknown } = STATE;
    for (const state of [STATE, unknown as X402LeaseState]) {
      const run = start();
      expect(await placed(run, state)).toBe(state);
      expect(run.replacePort).not.toHaveBeenCalled();
    }
  });

  it("that is refused leaves what was ordered as it is, and says so; what was not is unfinished", async () => {
    const run = start(refused());
    expect(await placed(run)).toBe(elsewhere);
    expect(run.notices).toEqual([expect.stringMatching(/^session s is in US, and DE was ordered and paid for\./)]);
    for (const ordered of ["GB", ""]) {
      const error = await placed(start(refused()), elsewhere, ordered).catch((one: unknown) => one);
      expect(error).toMatchObject({ id: "id", properties: { ...elsewhere, country: "US" } });
      expect((error as Error).message).toBe("session s is in US, and the vendor does not move it.");
    }
  });
});
