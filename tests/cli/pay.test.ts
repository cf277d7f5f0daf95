import { payCommand } from "../../cli/commands/pay";
import { payCreateCommand } from "../../cli/commands/pay-create";
import { payWatchCommand, type Waiting } from "../../cli/commands/pay-watch";
import { Bench, type Given, json, last, lines } from "./on-emulator";

const bench = new Bench();
const pay = (argv: string[], given?: Given) => bench.run((terminal) => payCommand(argv, terminal), given);

interface Order {
  id: string;
  [field: string]: unknown;
}
const create = async (amount = 50): Promise<Order> => json((await pay(["create", `--amount=${amount}`, "--yes"])).out);
const pending = async (): Promise<Order[]> => json((await pay(["pending"])).out);
const balance = (): unknown => bench.control.state().accounts[0]?.deposited;

/** Waits by a clock of its own; `onWait` gets the number of the wait. */
function waiting(
  onWait: (wait: number, ms: number) => void = () => undefined,
): Waiting & { waits: number[]; stop: () => void } {
  const stopping = new AbortController();
  const waits: number[] = [];
  let at = 0;
  return {
    stopped: stopping.signal,
    stop: () => stopping.abort(),
    waits,
    now: () => at,
    wait: async (ms) => {
      at += ms;
      waits.push(ms);
      onWait(waits.length, ms);
    },
  };
}

describe("create", () => {
  it("opens an order and shows where it is paid", async () => {
    const { code, out, err } = await pay(["create", "--amount", "49.50", "--currency", "usd", "--yes"]);
    expect([code, err]).toEqual([0, ""]);
    const order = json<Order>(out);
    expect(order).toEqual({
      id: expect.stringMatching(/^topup_/) as string,
      coingateOrderId: 1_000,
      status: "new",
      amount: 49.5,
      currency: "USD",
      paymentUrl: `${bench.emulator.url}/pay/${order.id}`,
      balanceCredited: false,
      createdAt: expect.stringMatching(/Z$/) as string,
    });
    expect(await pending()).toEqual([order]);
  });

  it("asks first, and opens nothing where the answer is no", async () => {
    const { code, err, questions } = await pay(["create", "--amount=50"], { columns: 80, answer: "n" });
    expect([code, err, questions]).toEqual([1, "No order is opened.\n", ["Open an order over 50 USD? [y/N] "]]);
    expect(bench.control.requests()).toEqual([]);
    const { out } = await pay(["create", "--amount=50"], { columns: 80, answer: "y" });
    expect(lines(out)).toEqual([
      expect.stringMatching(/^Order topup_/),
      "  status    new",
      "  amount    50 USD",
      expect.stringMatching(/^ {2}pay at {4}http:\/\/127\.0\.0\.1:\d+\/pay\/topup_/),
      expect.stringMatching(/^ {2}created {3}\d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
    ]);
  });

  it.each(["cut", "truncate"] as const)("finds the order whose answer was lost: %s", async (how) => {
    await create(60);
    bench.control.addFault({
      path: "/coingate/create-order",
      ...(how === "cut" ? { cut: "after" } : { truncate: true }),
    });
    const order = await create(50);
    expect(order).toMatchObject({ amount: 50, status: "new" });
    expect(await pending()).toHaveLength(2);
  });

  it.each<[string, () => void, RegExp]>([
    [
      "that was not opened",
      () => bench.control.addFault({ path: "/coingate/create-order", cut: "before" }),
      /the order is not there now: see `proxies-sx pay pending` before/,
    ],
    [
      "that cannot be looked for",
      () => {
        bench.control.addFault({ path: "/coingate/create-order", cut: "after" });
        bench.control.addFault({ path: "/coingate/pending", after: 1, status: 400 });
      },
      /whether the order was made is not known: see/,
    ],
  ])("reports a lost answer to an order %s, and does not repeat it", async (_what, spoil, why) => {
    spoil();
    const { code, out, err } = await pay(["create", "--amount=50", "--yes"]);
    expect([code, out, last(err)]).toEqual([3, "", expect.stringMatching(why)]);
    expect(bench.writes()).toHaveLength(1);
  });

  it("does not take an order of another amount for its own", async () => {
    bench.control.addFault({ path: "/coingate/create-order", times: 1, cut: "before" });
    bench.control.addFault({
      path: "/coingate/pending",
      after: 1,
      times: 1,
      body: [{ orderId: "topup_other", amount: 70, status: "new" }],
    });
    expect((await pay(["create", "--amount=50", "--yes"])).code).toBe(3);
  });

  it("--watch waits until it is paid, and writes one JSON", async () => {
    const before = Number(balance());
    const clock = waiting((wait) => {
      const [id = ""] = bench.control.state().orders.map((order) => order.id);
      if (wait < 4) bench.control.setOrder(id, (["pending", "confirming", "paid"] as const)[wait - 1]!);
    });
    const argv = ["--amount=50", "--watch", "--yes", "--interval=20s"];
    const { code, out, err } = await bench.run((terminal) => payCreateCommand(argv, terminal, clock));
    expect([code, json<Order>(out).status, balance()]).toEqual([0, "paid", before + 50]);
    expect(err).toMatch(/^Order topup_[^]*pay at +http[^]*status: pending\nstatus: confirming\nstatus: paid\n$/);
    expect(clock.waits).toEqual([20_000, 20_000, 20_000]);
  });

  it.each<[string, string[], RegExp]>([
    ["no amount", [], /--amount is a sum from 10 to 1000, with two decimals at most: --amount 50$/],
    ["too little", ["--amount=9.99"], /--amount is a sum/],
    ["too much", ["--amount=1000.01"], /--amount is a sum/],
    ["no number", ["--amount=1e2"], /--amount is a sum/],
    ["a currency", ["--amount=50", "--currency=U$"], /--currency is the code of a currency/],
    ["a time without --watch", ["--amount=50", "--for=1h"], /--for and --interval go with --watch only/],
    ["a time", ["--amount=50", "--watch", "--for=1s"], /--for is a time from 90s to 7d/],
    ["an interval", ["--amount=50", "--watch", "--interval=1s"], /--interval is a time from 5s to 1h/],
    ["nobody to ask", ["--amount=50"], /this asks on a terminal first: without one add --yes/],
  ])("refuses %s, and opens nothing", async (what, argv, why) => {
    const { code, out, err } = await pay(["create", ...argv, ...(what === "nobody to ask" ? [] : ["--yes"])]);
    expect([code, out, err.trimEnd()]).toEqual([2, "", expect.stringMatching(why)]);
    expect(bench.control.requests()).toEqual([]);
  });
});

describe("watch", () => {
  const watch = (argv: string[], clock: Waiting, given?: Given) =>
    bench.run((terminal) => payWatchCommand(argv, terminal, clock), given);

  it.each(["expired", "canceled", "invalid"] as const)("ends with 1 where the order is %s", async (status) => {
    const { id } = await create();
    const clock = waiting(() => bench.control.setOrder(id, status));
    const { code, out, err } = await watch([id], clock);
    expect([code, json<Order>(out).status, err]).toEqual([1, status, `status: new\nstatus: ${status}\n`]);
  });

  it("ends with 1 at its deadline, to the second, and says what to do", async () => {
    const { id } = await create();
    const clock = waiting();
    const { code, out, err } = await watch([id, "--for=100s", "--interval=40s"], clock);
    expect([code, json<Order>(out).status, clock.waits]).toEqual([1, "new", [40_000, 40_000, 20_000]]);
    expect(last(err)).toBe("Not paid within 100 s. The order stays as it is: `proxies-sx pay watch` waits on.");
  });

  it("a payment counts once the balance has it", async () => {
    const { id } = await create();
    bench.control.setOrder(id, "paid");
    const { createdAt, ...order } = json<Order>((await pay(["status", id])).out);
    const waits = { path: "/coingate/order/*", times: 1, body: { ...order, orderId: id, balanceCredited: false } };
    bench.control.addFault(waits);
    const { code, err } = await watch([id], waiting());
    expect([code, err]).toEqual([0, "status: paid, not in the balance yet\nstatus: paid\n"]);
    bench.control.addFault({ ...waits, times: 1_000 });
    expect((await watch([id, "--for=90s"], waiting())).code).toBe(1);
    expect(createdAt).toBeDefined();
  });

  it("goes on after a poll that fails, and reports it once", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/coingate/order/*", after: 1, times: 3, status: 401 });
    const { code, err } = await watch(
      [id],
      waiting((wait) => wait === 5 && bench.control.setOrder(id, "paid")),
    );
    expect(code).toBe(0);
    expect(lines(err)).toEqual([
      "status: new",
      expect.stringMatching(/^no answer at the moment: .*401/),
      "status: paid",
    ]);
  });

  it("exits 3 where the first poll fails", async () => {
    expect(await watch(["topup_000000_1"], waiting())).toMatchObject({ code: 3, out: "" });
  });

  it("a word that no source knows is waited on", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/coingate/order/*", times: 1, body: { orderId: id, status: "underpaid" } });
    const { code, err } = await watch(
      [id],
      waiting((wait) => wait === 1 && bench.control.setOrder(id, "paid")),
    );
    expect([code, err]).toEqual([0, "status: underpaid\nstatus: paid\n"]);
  });

  it("Ctrl-C ends it with 1", async () => {
    const { id } = await create();
    const clock = waiting(() => clock.stop());
    const { code, err } = await watch([id], clock);
    expect([code, last(err)]).toEqual([1, "Stopped. The order stays as it is: `proxies-sx pay watch` waits on."]);
    const before = waiting();
    before.stop();
    expect(await watch([id], before)).toMatchObject({ code: 1, out: "" });
  });
});

describe("pending", () => {
  it("is a table on a terminal, with whole ids", async () => {
    const { id } = await create();
    const { code, out } = await pay(["pending"], { columns: 70 });
    expect([code, lines(out)]).toEqual([
      0,
      [expect.stringMatching(/^ORDER/), expect.stringMatching(new RegExp(`^${id}  new +50 USD `))],
    ]);
    expect(Math.max(...lines(out).map(({ length }) => length))).toBeLessThanOrEqual(70);
  });

  it("exits 1 where there is none", async () => {
    expect(await pay(["pending"])).toMatchObject({ code: 1, out: "[]\n" });
    expect(await pay(["pending"], { columns: 80 })).toMatchObject({ code: 1, out: "No order is pending.\n" });
  });
});

describe("status", () => {
  it("of an order exits 0 once it is paid", async () => {
    const { id } = await create();
    expect((await pay(["status", id])).code).toBe(1);
    bench.control.setOrder(id, "paid");
    const { code, out } = await pay(["status", id], { columns: 80 });
    expect([code, lines(out).slice(1)]).toEqual([
      0,
      [
        "  status    paid",
        "  amount    50 USD",
        "  paid with 50 USDC",
        expect.stringMatching(/^ {2}created {3}/),
        expect.stringMatching(/^ {2}paid {6}/),
      ],
    ]);
  });

  it("without an order it says whether payments can be made", async () => {
    expect(await pay(["status"], { columns: 80 })).toMatchObject({
      code: 0,
      out: "Payments can be made now, in BTC, ETH, USDC.\n",
    });
    bench.control.addFault({ path: "/coingate/status", body: { available: false } });
    expect(await pay(["status"])).toMatchObject({ code: 1, out: '{\n  "available": false\n}\n' });
  });

  it("of an order that is not there exits 3", async () => {
    expect(await pay(["status", "topup_000000_1"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("404") as string,
    });
  });
});

describe("cancel", () => {
  it("asks, and cancels a new order", async () => {
    const { id } = await create();
    const no = await pay(["cancel", id], { columns: 80, answer: "" });
    expect([no.code, last(no.err), (await pending()).length]).toEqual([1, "Nothing is cancelled.", 1]);
    const { code, out, err } = await pay(["cancel", id], { columns: 80, answer: "yes" });
    expect([code, out, err]).toEqual([0, "The order is cancelled.\n", expect.stringContaining(`Order ${id}`)]);
    expect(await pay(["cancel", id, "--yes"])).toMatchObject({ code: 0 });
  });

  it("leaves one alone that somebody has begun to pay", async () => {
    const { id } = await create();
    bench.control.setOrder(id, "pending");
    bench.control.clearRequests();
    const { code, out, questions } = await pay(["cancel", id], { columns: 80, answer: "y" });
    expect([code, out, questions, bench.writes()]).toEqual([1, "The order is not cancelled: it is pending.\n", [], []]);
  });

  it("a lost answer is settled by the order, also where the repeated call is refused", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/coingate/cancel/*", times: 1, cut: "after" });
    expect(await pay(["cancel", id, "--yes"])).toMatchObject({ code: 0 });
  });

  it("exits 3 where it is refused and the order is as new as before", async () => {
    const { id } = await create();
    bench.control.addFault({ path: "/coingate/cancel/*", status: 400 });
    expect(await pay(["cancel", id, "--yes"])).toMatchObject({ code: 3, out: "" });
  });
});

it.each(["watch", "cancel", "status"])("%s: what is no id of an order is not repeated", async (name) => {
  for (const argv of [["psx_slipped_in"], ["a/../b"], ["a", "b"]]) {
    const { code, out, err } = await pay([name, ...argv, ...(name === "cancel" ? ["--yes"] : [])]);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(/^proxies-sx pay \w+: [^\n]+\n$/)]);
    expect(err).not.toMatch(/slipped|\.\./);
  }
});

it("--help lists the commands, and a mistyped command gets a suggestion", async () => {
  expect(await pay([])).toMatchObject({ code: 0, out: expect.stringContaining("Commands:\n  create ") as string });
  expect(await pay(["wacth"])).toMatchObject({
    code: 2,
    err: 'proxies-sx pay: unknown command "wacth": did you mean watch?\n',
  });
});
