import { OTHER_KEY } from "./x402-keys";
import { ARGS, LeaseLife, failed, Shop } from "./x402-life";

/** What one wallet paid for is not paid again by another: the other's key finds nothing of it on the chain. */
const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const IS_OTHERS =
  /^nothing was paid: an earlier run bought session \w+ for this lease with the wallet 0x7099\w+ on base-sepolia \(authorization 0x\w+\), and the state does not have it\. Go back to that wallet/;
const HOUR = 3_600_000;

let shop: Shop;
let lease: LeaseLife;
let ownKey: string | undefined;

beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());
beforeEach(() => {
  shop.reset();
  lease = new LeaseLife(shop);
  ownKey = process.env.AGENT_WALLET_KEY;
});

const x402 = () => shop.control.x402;
const useOther = (): void => {
  process.env.AGENT_WALLET_KEY = OTHER_KEY;
  x402().faucet(OTHER);
};
const useOwn = (): void => void (process.env.AGENT_WALLET_KEY = ownKey);
/** A run that is killed when all is done but the engine's own writing of the state. */
async function unsaved(work: () => Promise<unknown>): Promise<void> {
  const { id, outs, inputs } = lease.state;
  await work();
  lease.restore({ id, outs, inputs });
}
const spent = () => [shop.spent(), x402().balance(OTHER)];

test("a run that changes nothing, a refresh and what is free go on", async () => {
  await lease.up(ARGS);
  useOther();
  expect([await lease.up(ARGS), await lease.refresh()]).toEqual(["same", "same"]);
  expect(await lease.up({ ...ARGS, duration: "30h", country: "GB" })).toBe("update");
  expect(await failed(lease.up({ ...ARGS, duration: "30h", country: "GB", trafficGB: 2 }))).toMatch(
    /^nothing was paid: this lease was paid by the wallet 0x7099/,
  );
  expect(spent()).toEqual(["4.00", "100.00"]);
});

const ENDED = { ...ARGS, renewBefore: 0 };
const BROKEN_OFF: Record<string, () => Promise<void>> = {
  create: () => unsaved(() => lease.up(ENDED)),
  "create that took up what a destroyed lease had": async () => {
    await lease.up(ENDED);
    await lease.destroy();
    await unsaved(() => lease.up(ENDED));
  },
  "renewal of a lease that had ended": async () => {
    await lease.up(ENDED);
    shop.control.clock.advance(25 * HOUR);
    await unsaved(() => lease.up(ENDED));
  },
};
test.each(Object.entries(BROKEN_OFF))("what a killed %s paid for is not paid again", async (_, broken) => {
  await broken();
  const before = [shop.spent(), "100.00"];
  useOther();
  expect(await failed(lease.up(ENDED))).toMatch(IS_OTHERS);
  expect(spent()).toEqual(before);
  useOwn();
  await lease.up(ENDED);
  expect(spent()).toEqual(before);
  expect(lease.told.sessionId).toBe(x402().sessions().at(-1)?.id);
});

test("a forced replacement that did not end is said to be the other wallet's, and waits for it", async () => {
  await lease.up(ARGS);
  await unsaved(() => lease.replace(ARGS));
  useOther();
  expect(await lease.up(ARGS)).toBe("update");
  expect(lease.notices.at(-1)).toMatch(IS_OTHERS);
  expect(spent()).toEqual(["8.00", "100.00"]);
  useOwn();
  await lease.up(ARGS);
  expect(lease.told.sessionId).toBe(x402().sessions()[1]?.id);
});

test("what is paid and not delivered names a way out that there is", async () => {
  x402().addFault({ kind: "outOfStock" });
  expect(await failed(lease.up(ARGS))).toContain("does not deliver");
  x402().clearFaults();
  useOther();
  expect(await failed(lease.up(ARGS))).toMatch(/^nothing was paid: an earlier run bought a session for this lease/);
});

test("the session is imported without the key that paid for it", async () => {
  await unsaved(() => lease.up(ARGS));
  useOther();
  await lease.up(ARGS, { __adopt: x402().sessions()[0]?.id });
  expect(await lease.up(ARGS)).toBe("same");
  expect(spent()).toEqual(["4.00", "100.00"]);
});

const NO_LONGER: Record<string, () => Promise<unknown>> = {
  "a lease that was destroyed": async () => {
    await lease.destroy();
    return lease.up(ARGS);
  },
  "one that is replaced": () => lease.replace(ARGS),
  "one that has ended": async () => {
    lease.restore({ outs: {}, inputs: {} });
    shop.control.clock.advance(25 * HOUR);
    return lease.up(ARGS);
  },
  "one of another tier": async () => {
    lease.restore({ outs: {}, inputs: {} });
    return lease.up({ ...ARGS, tier: "private", maxPrice: 8 });
  },
};
test.each(Object.entries(NO_LONGER))("%s is bought by the wallet that there is", async (_, job) => {
  await lease.up(ARGS);
  useOther();
  await job();
  expect(shop.spent()).toBe("4.00");
  expect(lease.told.wallet).toBe(OTHER.toLowerCase());
});
