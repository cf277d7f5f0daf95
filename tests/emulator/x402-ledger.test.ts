import { shop, authorize, buy, nonceOf, OTHER, PAYER, PROXY, v1 } from "./x402-wallet";
import { NOON, type World } from "./harness";

let here: World;
beforeEach(() => (here = shop()));
const { address } = PAYER;
const view = () => here.control.x402.ledgerView();

test("blocks come with the clock, and one with each transaction", () => {
  const { head } = view();
  here.control.clock.advance("10s");
  expect(view().head).toBe(head + 5);
  here.control.x402.faucet(OTHER.address);
  expect(view().head).toBe(head + 6);
  expect(here.control.x402.mine(3)).toBe(head + 9);
  here.control.clock.advance("365d");
  expect(view().head).toBe(head + 9 + (365 * 86_400) / 2);
  here.control.clock.set(new Date(NOON)); // a clock that goes back takes no block back that holds something
  expect(view().head).toBe(head + 9);
});

test("the faucet gives, transfers move, and nobody has less than nothing", () => {
  here.control.x402.faucet({ address: OTHER.address, usdc: "0.000001", eth: 0 });
  expect(here.control.x402.balance(OTHER.address)).toBe("0.000001");
  here.control.x402.transfer({ from: address, to: OTHER.address, usdc: "99.5" });
  expect([here.control.x402.balance(address), here.control.x402.balance(OTHER.address)]).toEqual(["0.50", "99.500001"]);
  expect(() => here.control.x402.transfer({ from: address, to: OTHER.address, usdc: 1 })).toThrow("exceeds balance");
});

test("a world of the same seed has the same chain", async () => {
  const twin = shop();
  for (const each of [here, twin]) await buy(each);
  expect(twin.control.x402.ledgerView()).toEqual(view());
});

test("finality follows the head by so many blocks, and final blocks are never replaced", () => {
  here.control.x402.mine(100);
  const { head, safe, finalized } = view();
  expect([head - safe, head - finalized]).toEqual([6, 12]);
  expect(() => here.control.x402.reorganise({ blocks: 13 })).toThrow("the last 12 blocks can be replaced");
  expect(here.control.x402.reorganise({ blocks: 12 })).toEqual([]);
  expect(view().head).toBe(head + 1);
});

test("a reorganisation gives balance and authorization back", async () => {
  here.control.x402.mine(20);
  const { payment } = await buy(here);
  expect(here.control.x402.balance(address)).toBe("96.00");
  const replaced = here.control.x402.reorganise();
  expect(replaced.map(({ hash }) => hash)).toEqual([payment.transactionHash]);
  expect(here.control.x402.balance(address)).toBe("100.00");
  expect(view().transactions.map(({ hash }) => hash)).not.toContain(payment.transactionHash);
  expect(here.control.x402.receipts()).toMatchObject([{ delivered: true, mined: false }]);
});

test("a reorganisation can mine the same transactions again, in another block", async () => {
  here.control.x402.mine(20);
  const { payment } = await buy(here);
  const of = () => view().transactions.find(({ hash }) => hash === payment.transactionHash);
  const { block } = of() ?? {};
  here.control.x402.reorganise({ blocks: 2, transactions: "again" });
  expect(of()).toMatchObject({ status: "success", effect: { value: "4000000", nonce: nonceOf("one") } });
  expect(of()?.block).not.toBe(block);
  expect(here.control.x402.balance(address)).toBe("96.00");
});

test("mining by hand lets what is sent wait", async () => {
  here.control.x402.setMining("manual");
  const reply = await here.call(PROXY, { key: null, headers: await v1(here) });
  expect([reply.status, reply.body["error"]]).toEqual([402, "settlement timed out"]);
  here.control.clock.advance("1m");
  expect(here.control.x402.balance(address)).toBe("100.00");
  here.control.x402.mine();
  expect(here.control.x402.balance(address)).toBe("96.00");
});

test("what waits longer than it is valid is reverted", async () => {
  here.control.x402.setMining("manual");
  await here.call(PROXY, { key: null, headers: await v1(here) });
  here.control.clock.advance("10m");
  here.control.x402.mine();
  expect(view().transactions.at(-1)).toMatchObject({
    status: "reverted",
    reason: "FiatTokenV2: authorization is expired",
  });
  expect(here.control.x402.balance(address)).toBe("100.00");
});

test("amounts and requests of control are checked in one line", async () => {
  const { control } = here;
  const bad: [() => unknown, string][] = [
    [() => control.x402.faucet("0x12"), "address: is no address"],
    [() => control.x402.faucet({ address, usdc: "1e3" }), "six decimals"],
    [() => control.x402.faucet({ address, usdc: -1 }), "six decimals"],
    [() => control.x402.transfer({ from: address, to: "me", usdc: 1 }), "to: is no address"],
    [() => control.x402.reorganise({ blocks: 0 }), "blocks"],
    [() => control.x402.mine(0), "blocks"],
    [() => control.x402.setMining("never" as "auto"), "mining"],
    [() => control.x402.setNode({ behindBlocks: -1 }), "behindBlocks"],
    [() => control.x402.addFault({ kind: "flood" as "terms" }), "kind"],
    [() => control.x402.setUsed("nobody", 1), 'no session "nobody"'],
    [() => control.configure({ x402: { network: "base" } }), "x402.network is laid at reset"],
    [() => control.configure({ x402: { payTo: "me" } }), "x402.payTo"],
  ];
  for (const [call, why] of bad) expect(call).toThrow(why);
  expect((await authorize(here)).message.to).toBe(view().payTo);
});
