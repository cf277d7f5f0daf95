import { type CostPlan } from "../../review/cost";
import { type Plan } from "../../review/plan";
import { sectionsOf } from "../../review/sections";
import { plain } from "../../review/word";
import { bought, DE, HOUR, lease, NO_COST, NOW, planWith, port, slotPlan, WHY } from "./made-plans";

/** The one section of a title: its heads and rows as text, and its notes. */
function section(more: Partial<Plan>, title: string) {
  const found = sectionsOf(planWith(more)).find((one) => one.title === title);
  return (
    found && {
      rows: [found.heads, ...found.rows.map((row) => row.map(plain))],
      notes: found.notes.map(({ text, words }) => [text, words && plain(words)].filter(Boolean).join(" ")),
    }
  );
}

describe("the parts of a report", () => {
  it("are none where there is nothing to say", () => expect(sectionsOf(planWith({}))).toEqual([]));

  it("ports by country", () => {
    const places = [
      { country: "DE", slotType: "shared", before: 3, after: 1 },
      { country: "GB", slotType: "private", before: 0, after: 2 },
      { country: "PL", slotType: "shared", before: 1, after: 1 },
    ];
    expect(section({ places }, "Ports by country")).toEqual({
      rows: [
        ["country", "slot type", "before", "after", "change"],
        ["DE", "shared", "3", "1", "−2"],
        ["GB", "private", "0", "2", "+2"],
        ["PL", "shared", "1", "1", "0"],
      ],
      notes: [],
    });
  });

  it("ports that change, where they are and why", () => {
    const O2 = { ...DE, carrier: "O2" };
    const ports = [
      port("buy", { after: O2 }),
      port("release", { before: DE, after: undefined }),
      port("keep"),
      port("keep", { name: "new", formerName: "old", before: DE }),
      port("move", { before: DE, after: { ...DE, country: "PL" }, formerName: "old", account: "second" }),
      port("change", { before: DE, after: O2, inputs: ["carrier none → O2"], why: ["1 old port to release"] }),
      port("replace", { before: DE, after: { ...DE, slotType: "private" } }),
    ];
    expect(section({ ports }, "Ports that change")).toEqual({
      rows: [
        ["port", "will be", "where", "why"],
        ["buy", "bought", "DE O2 shared", ""],
        ["release", "released", "DE shared", ""],
        ["new", "renamed, same id", "DE shared", "was old"],
        ["move", "moved, same id; renamed, same id", "DE shared → PL shared", "was old, account second"],
        ["change", "changed", "DE O2 shared", "1 old port to release, carrier none → O2"],
        ["replace", "replaced", "DE shared → DE private", ""],
      ],
      notes: [],
    });
  });

  it("old ports of renewals, and how long they serve", () => {
    const old = (portId: string, releaseAt: number) => ({ portId, releaseAt });
    const ports = [
      port("finish", { retiring: [old("o1", NOW - 1), old("o2", NOW), old("o3", NOW + HOUR)], releases: ["o1"] }),
      port("renew", { retires: old("o4", NOW + 2 * HOUR) }),
    ];
    expect(section({ ports }, "Old ports of renewals")?.rows).toEqual([
      ["of", "old port", "serves"],
      ["finish", "o1", "until this run"],
      ["finish", "o2", "until the next run"],
      ["finish", "o3", "until the first run after 2026-03-01 01:00 UTC"],
      ["renew", "o4", "until the first run after 2026-03-01 02:00 UTC"],
    ]);
  });

  it("settings, and what is unknown until the run", () => {
    const setting = { kind: "OsFingerprint" as const, name: "s", port: "a", does: "set" as const, what: ["x", "y"] };
    expect(section({ settings: [setting] }, "Settings that change")?.rows).toEqual([
      ["port", "setting", "will be", "what"],
      ["a", "OsFingerprint", "set", "x, y"],
    ]);
    const dependent = { name: "d", type: "k:Secret", op: "update" as const, on: ["a", "b"] };
    expect(section({ dependents: [dependent] }, "Unknown until the run")).toEqual({
      rows: [
        ["resource", "type", "shown as", "depends on"],
        ["d", "k:Secret", "update", "a, b"],
      ],
      notes: [expect.stringMatching(/^The preview does not know the portId and the URLs/)],
    });
  });

  it("leases, with their sum where there are several", () => {
    const leases = [lease("pay"), lease("keep", { mostNow: { value: "0.00" } }), lease("raise", { mostNow: WHY })];
    expect(section({ leases }, "Leases that a wallet pays for")).toEqual({
      rows: [
        ["lease", "country", "will be", "at most, USDC", "paid in 30 days, USDC"],
        ["l", "US", "paid", "4.50", "1.00"],
        ["l", "US", "", "0.00", "1.00"],
        ["l", "US", "given more traffic", "unknown", "1.00"],
        ["together", "", "", "4.50", "3.00"],
      ],
      notes: ["unknown: the key lacks account:read"],
    });
    expect(section({ leases: [lease("pay")] }, "Leases that a wallet pays for")?.rows).toHaveLength(2);
  });

  it("traffic that is bought, from which balance", () => {
    const purchases = [bought({ account: "second" }), bought({ does: "keep" }), bought({ does: "buy more" })];
    const title = "Traffic bought from the balance";
    const heads = ["purchase", "slot type", "will be", "GB", "price, USD", "at most, USD"];
    expect(section({ purchases, balance: { value: 7.5 } }, title)).toEqual({
      rows: [
        heads,
        ["t", "shared, account second", "bought", "50", "160.00", "160.00"],
        ["t", "shared", "bought, in addition", "50", "160.00", "160.00"],
        ["together", "", "", "", "", "480.00"],
      ],
      notes: ["Once, from the balance: $7.50."],
    });
    const others = [bought({ account: "second" }), bought({ does: "keep" })];
    expect(section({ purchases: others, balance: { value: 7.5 } }, title)?.notes).toEqual([]);
    expect(section({ purchases: [bought()] }, title)).toEqual({
      rows: [heads, ["t", "shared", "bought", "50", "160.00", "160.00"]],
      notes: [],
    });
    expect(section({ purchases: [bought({ does: "keep" })], balance: { value: 7.5 } }, title)).toBeUndefined();
  });

  const slotCost = { before: { slots: 3, cost: { value: 30 } }, after: { slots: 4, cost: { value: 40 } } };
  const shared = { slotType: "shared" as const, ...slotCost, change: { value: 10 }, retiring: { before: 0, after: 0 } };
  const use = {
    ...{ slotType: "shared" as const, gbPerMonth: { value: 2.499 }, pricePerGB: { value: 4 }, newPorts: 1 },
    ...{ before: { value: 10 }, after: WHY, change: WHY, leastCost: { value: 10 } },
  };
  const summed = {
    before: { known: 40, unknown: 0, parts: 2 },
    after: { known: 40, unknown: 1, parts: 2 },
    change: { known: 0, unknown: 2, parts: 2 },
  };

  it("what 30 days cost, with what is not known", () => {
    const cost: CostPlan = { ...NO_COST, slots: [shared], traffic: [use], ...summed };
    expect(section({ cost }, "Cost of 30 days")).toEqual({
      rows: [
        ["of", "before", "after", "change"],
        ["shared slots (3 → 4)", "30.00", "40.00", "+10.00"],
        ["shared traffic (2.5 GB, 4 for a GB)", "10.00", "unknown", "unknown"],
        ["together", "40.00", "40.00 and 1 unknown", "unknown"],
      ],
      notes: [
        "Slots that the stack's ports take, paid for already or not; traffic as the ports that there are now use it.",
        "Currency: USD",
        "unknown after: the key lacks account:read",
      ],
    });
  });

  it("slots of old ports in the cost, where there are any", () => {
    const slots = [
      { ...shared, retiring: { before: 2, after: 0 } },
      { ...shared, slotType: "private" as const, retiring: { before: 0, after: 1 } },
      { ...shared, slotType: "private" as const },
    ];
    const unused = {
      ...use,
      gbPerMonth: WHY,
      pricePerGB: WHY,
      before: { value: 0 },
      after: { value: 0 },
      change: { value: 0 },
    };
    const told = section({ cost: { ...NO_COST, slots, traffic: [unused] } }, "Cost of 30 days");
    expect(told?.notes.slice(1, -1)).toEqual([
      "Slots of old ports of renewals among them: 2 → 0 shared, 0 → 1 private. They count until a run releases them.",
      "Traffic of old ports is not counted: their clients move to the new ones.",
    ]);
    expect(told?.rows.at(-2)?.[0]).toBe("shared traffic");
  });

  it("the account: slots, stock and traffic", () => {
    const slots = [slotPlan(), slotPlan({ slotType: "private", retiring: { before: 1, after: 1 }, freeAfter: WHY })];
    expect(section({ slots }, "Slots")).toEqual({
      rows: [
        ["slot type", "total", "used", "free", "needed", "for renewals", "old ports", "free after"],
        ["shared", "8", "5", "3", "2", "1", "1 → 0", "2"],
        ["private", "8", "5", "3", "2", "1", "1", "unknown"],
      ],
      notes: ["unknown: the key lacks account:read"],
    });
    const stock = [{ ...DE, carrier: "O2", needed: 2, renewed: 1, free: { value: 3 } }];
    expect(section({ stock }, "Stock")?.rows).toEqual([
      ["where", "slot type", "needed", "for renewals", "free devices"],
      ["DE O2", "shared", "2", "1", "3"],
    ]);
    const of = (endsAt: { value: number | undefined }) => ({
      ...{ slotType: "shared" as const, leftGB: { value: 60 }, perDayGB: { value: 1.5 }, endsAt },
    });
    expect(
      section({ traffic: [of({ value: NOW }), of({ value: undefined })] }, "Traffic of the account")?.rows,
    ).toEqual([
      ["slot type", "GB left", "GB a day", "ends"],
      ["shared", "60", "1.5", "2026-03-01"],
      ["shared", "60", "1.5", "not expected"],
    ]);
  });

  it("renewals that are due", () => {
    const due = (port: string, at: number, isNew: boolean) => ({ port, at, isNew });
    const renewals = [due("a", NOW, false), due("b", NOW + HOUR, false), due("c", NOW + HOUR, true)];
    expect(section({ renewals }, "Renewals due in 7 days")?.rows).toEqual([
      ["port", "due"],
      ["a", "now, by another run"],
      ["b", "2026-03-01 01:00 UTC"],
      ["c", "2026-03-01 01:00 UTC, with the lease of this run"],
    ]);
  });

  it("what is not known at all, once for each reason", () => {
    const slots = [slotPlan({ total: WHY, used: WHY, free: WHY, freeAfter: WHY })];
    const traffic = [{ slotType: "shared" as const, leftGB: WHY, perDayGB: WHY, endsAt: { unknown: "another" } }];
    const more = { slots, traffic };
    expect(section(more, "Not known")).toEqual({
      rows: [[]],
      notes: ["Slots, Traffic of the account: the key lacks account:read", "Traffic of the account: another"],
    });
    expect(section(more, "Slots")).toBeUndefined();
  });
});
