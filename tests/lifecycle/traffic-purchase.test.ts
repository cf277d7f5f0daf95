import { join } from "node:path";
import { typeOf } from "../../domain/kinds";
import { trafficPurchase, type TrafficPurchaseArgs } from "../../provider/traffic-purchase";
import { Life, World } from "./life";

let world: World;
let life: Life<TrafficPurchaseArgs>;
beforeEach(async () => {
  world = await World.open({ now: () => Date.parse("2026-01-15T12:00:00Z") });
  life = new Life(trafficPurchase as never, world);
});
afterEach(() => world.close());

const FIVE = { amountGB: 5, maxPrice: 30 };
const PRICED = "GET /v1/billing/calculate-price";
/** What was ordered since this was last called, as ["purchase-traffic 5"]. */
function orders(): string[] {
  const calls = world.emulator.control.requests().filter(({ path }) => path.includes("/purchase-"));
  world.emulator.control.clearRequests();
  return calls.map(
    ({ path, body }) => `${path.replace(/.*\//, "")} ${(body as { amount: number } | undefined)?.amount}`,
  );
}
const lose = (when: "before" | "after"): void =>
  world.emulator.control.addFault({ method: "POST", path: "/billing/purchase-*", cut: when, times: 1 });

it("buys once, then what is missing, and nothing for less; delete gives nothing back", async () => {
  expect(await life.up(FIVE)).toBe("create");
  expect(orders()).toEqual(["purchase-traffic 5"]);
  expect(life.state.outs).toMatchObject({ slotType: "shared", amountGB: 5, boughtGB: 5, pricePaid: 20, pricePerGB: 4 });
  expect(life.state.outs).toMatchObject({
    purchaseId: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
    purchasedAt: "2026-01-15T12:00:00.000Z",
  });
  expect(life.infos).toEqual(["buys 5 GB of shared traffic for $20.00 ($4.00 for a GB)."]);
  const { id } = life.state;
  expect(life.state.outs.__purchases).toEqual([id]);

  expect(await life.up(FIVE)).toBe("same");
  expect(await life.up({ ...FIVE, maxPrice: 1 })).toBe("same");
  expect(await life.refresh()).toBe("same");

  expect(await life.up({ ...FIVE, amountGB: 8 })).toBe("update");
  expect(orders()).toEqual(["purchase-traffic 3"]);
  expect(life.state.outs).toMatchObject({ amountGB: 8, boughtGB: 8, pricePaid: 12 });

  world.calls();
  expect(await life.up({ ...FIVE, amountGB: 2 })).toBe("update");
  expect(world.calls()).toEqual([]);
  expect(life.state.outs).toMatchObject({ amountGB: 2, boughtGB: 8, pricePaid: 12 });
  expect(await life.up({ ...FIVE, amountGB: 8 })).toBe("update");
  expect(orders()).toEqual([]);
  expect(await life.up({ ...FIVE, amountGB: 9 })).toBe("update");
  expect(orders()).toEqual(["purchase-traffic 1"]);

  expect(life.state.id).toBe(id);
  world.calls();
  await life.destroy();
  expect(world.calls()).toEqual([]);
});

it("buys all anew when a trigger changes, by the same resource, and more counts from there", async () => {
  await life.up({ ...FIVE, triggers: ["2026-01"] });
  const { id } = life.state;
  expect(await life.up({ ...FIVE, triggers: ["2026-01"] })).toBe("same");
  expect(await life.up({ ...FIVE, triggers: ["2026-02"] })).toBe("update");
  expect(await life.up({ ...FIVE, amountGB: 6, triggers: ["2026-02"] })).toBe("update");
  expect(await life.up({ ...FIVE, amountGB: 7, triggers: ["2026-03"] })).toBe("update");
  expect(orders()).toEqual([5, 5, 1, 7].map((amount) => `purchase-traffic ${amount}`));
  expect(life.state).toMatchObject({ id, outs: { boughtGB: 18, triggers: ["2026-03"], pricePaid: 28 } });
});

it("another slot type is another resource, which buys all", async () => {
  await life.up(FIVE);
  expect(await life.up({ ...FIVE, slotType: "private", maxPrice: 40 })).toBe("replace");
  expect(orders()).toEqual(["purchase-traffic 5", "purchase-traffic-private 5"]);
  expect(life.state.outs).toMatchObject({ slotType: "private", boughtGB: 5, pricePaid: 40 });
  expect(await life.up({ ...FIVE, slotType: "private" })).toBe("same");
});

describe("above maxPrice", () => {
  it("a new one stops at the preview, and nothing is bought", async () => {
    expect(await life.check({ amountGB: 5, maxPrice: 19.99 })).toEqual([
      "maxPrice: 5 GB of shared traffic cost $20.00, more than $19.99. Nothing is bought: raise it, or buy less.",
    ]);
    expect(await life.check({ amountGB: 5, maxPrice: 20 })).toEqual([]);
    expect(world.writes()).toEqual([]);
  });

  it("more stops at the comparison, by the price of what is missing", async () => {
    await life.up(FIVE);
    orders();
    await expect(life.up({ amountGB: 20, maxPrice: 59 })).rejects.toThrow(
      /^maxPrice: 15 GB .* cost \$60\.00, more than \$59/,
    );
    expect(orders()).toEqual([]);
    expect(await life.up({ amountGB: 20, maxPrice: 60 })).toBe("update");
  });

  it("a price that rose since the preview stops the update", async () => {
    const provider = life.process();
    const given = { ...FIVE, __urn: life.urn, __provider: "text" };
    expect((await provider.check({}, given)).failures).toEqual([]);
    world.emulator.control.addFault({ path: "/billing/calculate-price", status: 200, body: { totalPrice: 31 } });
    await expect(provider.create(given)).rejects.toThrow(/cost \$31\.00, more than \$30\.00/);
    expect(orders()).toEqual([]);
  });

  it("a purchase that cost more than the price given before is reported", async () => {
    world.emulator.control.addFault({ path: "/billing/calculate-price", status: 200, body: { totalPrice: 19 } });
    await life.up({ amountGB: 5, maxPrice: 19 });
    expect(life.notices).toEqual(["5 GB of shared traffic cost $20.00, more than the $19.00 of maxPrice."]);
  });

  it("a price that is not given stops it too", async () => {
    world.emulator.control.addFault({ path: "/billing/calculate-price", status: 200, body: {} });
    expect(await life.check(FIVE)).toEqual([
      "maxPrice: the vendor gives no price for 5 GB of shared traffic, so nothing is bought.",
    ]);
  });
});

it.each<[string, object]>([
  ["amountGB: is required. Give whole GB, from 1 on.", { maxPrice: 1 }],
  [
    "amountGB: cannot be used (a number that is not whole was given). Give whole GB, from 1 on.",
    { ...FIVE, amountGB: 1.5 },
  ],
  ["amountGB: cannot be used (a whole number was given). Give whole GB, from 1 on.", { ...FIVE, amountGB: 0 }],
  ["amountGB: cannot be used (a text was given). Give whole GB, from 1 on.", { ...FIVE, amountGB: "5" }],
  ["maxPrice: is required. Give the US dollars that one purchase may cost, above 0.", { amountGB: 5 }],
  [
    "maxPrice: cannot be used (a text was given). Give the US dollars that one purchase may cost, above 0.",
    { amountGB: 5, maxPrice: "$20" },
  ],
  ["slotType: is unknown (a text was given). Give one of: shared, private.", { ...FIVE, slotType: "vip" }],
  [
    'amount: is not an input. Did you mean "amountGB"? There are slotType, amountGB, maxPrice, triggers.',
    { ...FIVE, amount: 1 },
  ],
])("%s", async (message, args) => {
  expect(await life.check(args)).toEqual([message]);
  expect(world.calls()).toEqual([]);
});

it("what is known only at the run is not priced at the preview", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9" as never;
  expect(await life.check({ amountGB: unknown, maxPrice: 5 })).toEqual([]);
  expect(await life.check({ ...FIVE, slotType: unknown })).toEqual([]);
  expect(world.calls()).toEqual([]);
  expect(await life.check({ ...FIVE, maxPrice: unknown })).toEqual([]);
  expect(world.calls()).toEqual([PRICED]);
  await life.up({ ...FIVE, triggers: ["a"] });
  const diff = (news: object) => life.process().diff("id", life.state.outs, { ...life.state.inputs, ...news });
  expect(await diff({ triggers: [unknown] })).toEqual({ changes: true });
  expect(await diff({ amountGB: unknown })).toEqual({ changes: true });
});

describe("a lost answer", () => {
  it("is settled by the account, and the price is the vendor's calculation", async () => {
    lose("after");
    expect(await life.up(FIVE)).toBe("create");
    expect(orders()).toEqual(["purchase-traffic 5"]);
    // When it was found out: the vendor's clock goes on meanwhile.
    const purchasedAt = expect.stringMatching(/^2026-01-15T12:\d\d:/) as unknown;
    expect(life.state.outs).toMatchObject({ boughtGB: 5, pricePaid: 20, purchasedAt });
    expect(life.state.outs).not.toHaveProperty("purchaseId");
    expect(await life.up(FIVE)).toBe("same");
  });

  it("that bought nothing fails in one line, and the next run buys", async () => {
    lose("before");
    await expect(life.up(FIVE)).rejects.toThrow(
      /^the answer to the purchase of 5 GB .* nothing was bought: .* Try again\.$/,
    );
    expect(await life.up(FIVE)).toBe("create");
    expect(orders()).toHaveLength(2);
  });
});

describe("a lost answer, and an account that cannot be asked", () => {
  const folder = process.env.PROXIES_SX_JOURNAL_DIR ?? "";
  let machine = 0;
  beforeEach(() => elsewhere());
  afterEach(() => (process.env.PROXIES_SX_JOURNAL_DIR = folder));

  /** The next run is on a machine that knows nothing of earlier ones. */
  const elsewhere = (): void => {
    process.env.PROXIES_SX_JOURNAL_DIR = join(folder, `machine-${(machine += 1)}`);
  };
  /** An order whose answer is lost, while the account answers no more than what is asked before it. */
  async function loseAll(when: "before" | "after", args = FIVE): Promise<void> {
    lose(when);
    world.emulator.control.addFault({ path: "/account/summary", after: 1, status: 403 });
    await expect(life.up(args)).rejects.toThrow(
      /could not be asked .* The next run asks again before anything is bought/,
    );
    world.emulator.control.clearFaults();
  }

  it.each(["here", "elsewhere"])("that was bought is taken up %s, and not bought again", async (where) => {
    await loseAll("after");
    expect(life.state.outs).toMatchObject({ boughtGB: 0, amountGB: 5 });
    if (where === "elsewhere") elsewhere();
    expect(await life.up({ ...FIVE, maxPrice: 1 })).toBe("update");
    expect(life.infos.at(-1)).toMatch(
      /^5 GB .* did not end well\. What it bought is taken up, and only the rest is bought\.$/,
    );
    expect(orders()).toEqual(["purchase-traffic 5"]);
    expect(life.state.outs).toMatchObject({ boughtGB: 5, pricePaid: 20 });
    expect(life.state.outs.__open).toBeUndefined();
    elsewhere();
    expect(await life.up(FIVE)).toBe("same");
  });

  it("that was not is bought elsewhere, also after a refresh", async () => {
    await loseAll("before");
    elsewhere();
    expect(await life.refresh()).toBe("same");
    expect(await life.up(FIVE)).toBe("update");
    expect(orders()).toHaveLength(2);
    expect(life.state.outs).toMatchObject({ boughtGB: 5 });
  });

  it("of more: what there was counts, and so does what the order bought", async () => {
    await life.up(FIVE);
    await loseAll("after", { ...FIVE, amountGB: 8 });
    elsewhere();
    expect(await life.up({ ...FIVE, amountGB: 9 })).toBe("update");
    expect(orders()).toEqual(["purchase-traffic 5", "purchase-traffic 3", "purchase-traffic 1"]);
    expect(life.state.outs).toMatchObject({ amountGB: 9, boughtGB: 9 });
  });

  it("is no other resource's, which it stops: nothing of that one is in the state", async () => {
    await loseAll("before");
    world.emulator.control.configure({ trafficGB: { shared: 1 } });
    const other = new Life<TrafficPurchaseArgs>(trafficPurchase as never, world, `${life.urn}-other`);
    await expect(other.up(FIVE)).rejects.toThrow(/does not show whether it was carried out/);
    expect(other.state.id).toBeUndefined();
  });

  it("is forgotten with the resource: nobody wants it any more", async () => {
    await loseAll("before");
    world.emulator.control.configure({ trafficGB: { shared: 1 } });
    await expect(life.up(FIVE)).rejects.toThrow(/Z: a purchase of 5 GB .* broke off, and the account does not show/);
    await life.destroy();
    expect(await life.up(FIVE)).toBe("create");
    expect(orders()).toHaveLength(2);
  });

  it.each(["repeated", "given up"])("that nobody can decide: the change is taken back, and %s", async (then) => {
    await life.up(FIVE);
    await loseAll("before", { ...FIVE, amountGB: 8 });
    // Somebody buys something else: neither what the account had, nor 3 GB more.
    world.emulator.control.configure({ trafficGB: { shared: 1 } });
    elsewhere();
    const undecided = (): Promise<void> =>
      expect(life.up({ ...FIVE, amountGB: 8 })).rejects.toThrow(
        /until that is decided: see what it bought\. If this was, add "bought":true in \S+\.json, or take the change back\. If not, take it back, run `pulumi up`, and make it again\.$/,
      );
    await undecided();
    elsewhere();
    await undecided();
    expect(await life.up(FIVE)).toBe("update");
    expect(orders()).toHaveLength(2);
    if (then === "given up") return expect(await life.up(FIVE)).toBe("same");
    expect(await life.up({ ...FIVE, amountGB: 8 })).toBe("update");
    expect(orders()).toEqual(["purchase-traffic 3"]);
  });
});

describe("a killed run", () => {
  const given = (args: object): Record<string, unknown> => ({ ...args, __urn: life.urn, __provider: "text" });

  it("that bought, and whose answer no state has: the next run takes it up, and its price is no matter", async () => {
    const provider = life.process();
    await provider.check({}, given(FIVE));
    const made = await provider.create(given(FIVE));
    expect(orders()).toEqual(["purchase-traffic 5"]);
    expect(await life.up({ amountGB: 5, maxPrice: 1 })).toBe("create");
    expect(orders()).toEqual([]);
    expect(life.state).toMatchObject({ id: made.id, outs: { boughtGB: 5, purchaseId: made.outs.purchaseId } });
    expect(life.infos.at(-1)).toBe(
      "5 GB of shared traffic: an earlier run did not end well. What it bought is taken up, and only the rest is bought.",
    );
    await life.destroy();
    expect(await life.up(FIVE)).toBe("create");
    expect(orders()).toEqual(["purchase-traffic 5"]);
  });

  it("of which another program wants more: the rest is bought", async () => {
    await life.process().create(given(FIVE));
    expect(await life.up({ ...FIVE, amountGB: 7 })).toBe("create");
    expect(orders()).toEqual(["purchase-traffic 5", "purchase-traffic 2"]);
    expect(life.state.outs).toMatchObject({ boughtGB: 7, pricePaid: 28 });
  });

  it("of which another program wants the other slot type: its price is checked against maxPrice", async () => {
    await life.process().create(given(FIVE));
    expect(await life.check({ ...FIVE, slotType: "private", maxPrice: 1 })).toEqual([
      expect.stringMatching(/^maxPrice: 5 GB of private traffic cost \$[\d.]+, more than \$1\.00\./),
    ]);
    expect(await life.up({ ...FIVE, slotType: "private", maxPrice: 99 })).toBe("create");
    expect(orders()).toEqual(["purchase-traffic 5", "purchase-traffic-private 5"]);
  });

  it("that updated: the same, and what was in the state counts once", async () => {
    await life.up(FIVE);
    const before = life.state;
    await life.up({ ...FIVE, amountGB: 8 }, {}, killed());
    life.restore(before);
    orders();
    expect(await life.up({ ...FIVE, amountGB: 8 })).toBe("update");
    expect(orders()).toEqual([]);
    expect(life.state.outs).toMatchObject({ boughtGB: 8, pricePaid: 12 });
    expect(await life.up({ ...FIVE, amountGB: 9 })).toBe("update");
    expect(orders()).toEqual(["purchase-traffic 1"]);
  });

  it.each([1, 2])("that updated, and new names of the resource (%d): the same", async (names) => {
    await life.up(FIVE);
    for (let name = 1; name < names; name += 1) {
      Object.assign(life, { urn: `${life.urn}-new` });
      expect(await life.up(FIVE)).toBe("same");
    }
    const before = life.state;
    await life.up({ ...FIVE, amountGB: 8 }, {}, killed());
    life.restore(before);
    orders();
    Object.assign(life, { urn: `${life.urn}-new` });
    expect(await life.up({ ...FIVE, amountGB: 8 })).toBe("update");
    expect(orders()).toEqual([]);
    expect(life.state.outs).toMatchObject({ boughtGB: 8 });
  });

  /** A process whose run does not end: what it gave the engine is not known to be in the state. */
  function killed() {
    const provider = life.process();
    return {
      ...provider,
      update: async (...call: Parameters<typeof provider.update>) => {
        const answer = await provider.update(...call);
        return { outs: { ...answer.outs, __purchases: undefined } };
      },
    };
  }

  it("a run that ended well leaves nothing to take up: a forced replacement buys again", async () => {
    await life.up(FIVE);
    await life.replace(FIVE);
    expect(orders()).toEqual(["purchase-traffic 5", "purchase-traffic 5"]);
  });
});

describe("a run that was killed on another machine", () => {
  const pendingOf = (type: string): string =>
    JSON.stringify({
      deployment: {
        resources: world.resources(),
        pending_operations: [{ type, resource: { urn: life.urn, type: typeOf("TrafficPurchase") } }],
      },
    });

  it("may have bought: a person looks before it is made, and clears the state", async () => {
    world.exported = () => pendingOf("creating");
    const message =
      "5 GB of shared traffic: a run that did not end well, on another machine, may have bought it, and nothing here " +
      "shows it. See what the account bought. If it did, take the change back; if not, run " +
      "`pulumi refresh --clear-pending-creates`, then this again.";
    expect(await life.check(FIVE)).toEqual([message]);
    await expect(life.up(FIVE)).rejects.toThrow(message);
    expect(orders()).toEqual([]);
    world.exported = () => "{}";
    expect(await life.up(FIVE)).toBe("create");
    world.exported = () => pendingOf("creating"); // it stays in the state
    expect(await life.up({ ...FIVE, amountGB: 6 })).toBe("update");
  });

  it("may have bought more", async () => {
    await life.up(FIVE);
    world.exported = () => pendingOf("updating");
    expect(await life.up(FIVE)).toBe("same");
    await expect(life.up({ ...FIVE, amountGB: 6 })).rejects.toThrow(
      /^1 GB of .* run `pulumi refresh`, then this again\.$/,
    );
    expect(await life.up({ ...FIVE, amountGB: 4 })).toBe("update");
    expect(orders()).toEqual(["purchase-traffic 5"]);
  });

  it("may have bought more, under an earlier name", async () => {
    await life.up(FIVE);
    const state = pendingOf("updating");
    world.exported = () => state;
    Object.assign(life, { urn: `${life.urn}-new` });
    await expect(life.up({ ...FIVE, amountGB: 6 })).rejects.toThrow(
      /^1 GB of .* run `pulumi refresh`, then this again\.$/,
    );
    expect(orders()).toEqual(["purchase-traffic 5"]);
  });

  it("on this machine the journal knows better", async () => {
    await life.process().create({ ...FIVE, __urn: life.urn, __provider: "text" });
    world.exported = () => pendingOf("creating");
    expect(await life.up(FIVE)).toBe("create");
    expect(orders()).toEqual(["purchase-traffic 5"]);
  });
});

it("another resource of the stack takes up nothing of it", async () => {
  await life.process().create({ ...FIVE, __urn: life.urn, __provider: "text" });
  const other = new Life<TrafficPurchaseArgs>(trafficPurchase as never, world, `${life.urn}-other`);
  await other.up(FIVE);
  expect(orders()).toEqual(["purchase-traffic 5", "purchase-traffic 5"]);
});

it("what the vendor refuses is one line, with its words", async () => {
  world.emulator.control.configure({ balance: 3 });
  await expect(life.up(FIVE)).rejects.toThrow(
    "5 GB of shared traffic: nothing was bought: Insufficient balance: 20 USD needed, 3 USD available (400 rejected).",
  );
  world.emulator.control.configure({ balance: 1_000 });
  expect(await life.up(FIVE)).toBe("create");
});
