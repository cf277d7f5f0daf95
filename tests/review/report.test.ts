import { type CostPlan } from "../../review/cost";
import { headline, warnings } from "../../review/headline";
import { type LeaseChange } from "../../review/leases";
import { marker, planMarkdown } from "../../review/markdown";
import { type Plan } from "../../review/plan";
import { type PortChange } from "../../review/ports";
import { Cells, counted, countedThat, listed, number, signed, timeText } from "../../review/section";
import { sectionsOf } from "../../review/sections";
import { type SlotPlan } from "../../review/slots";
import { type TrafficPurchaseChange } from "../../review/traffic-purchases";
import { plain } from "../../review/word";

/** What a person reads of a plan, by plans made by hand. */
const NOW = Date.parse("2026-03-01T00:00:00Z");
const HOUR = 3_600_000;
const WHY = { unknown: "the key lacks account:read" };
const NONE = { known: 0, unknown: 0, parts: 0 };
const NO_COST: CostPlan = {
  ...{ currency: "USD", slots: [], traffic: [], before: NONE, after: NONE, change: NONE, known: { value: 0 } },
};

const planWith = (more: Partial<Plan>): Plan => ({
  ...{ project: "shop", stack: "dev", errors: [], now: NOW, places: [], ports: [], settings: [], leases: [] },
  ...{ purchases: [], balance: WHY, dependents: [], renewals: [], slots: [], stock: [], traffic: [], cost: NO_COST },
  ...{ breaches: [] },
  ...more,
});

const DE = { country: "DE", slotType: "shared", protect: false };
const port = (does: PortChange["does"], more: Partial<PortChange> = {}): PortChange => ({
  ...{ urn: `urn:${does}`, name: does, does, why: [], inputs: [], isLive: true, serves: true },
  ...{ retiring: [], releases: [], after: DE },
  ...more,
});
const lease = (does: LeaseChange["does"], more: Partial<LeaseChange> = {}): LeaseChange => ({
  ...{ urn: "urn:l", name: "l", country: "US", does, mostNow: { value: "4.50" }, paidLately: "1.00" },
  ...more,
});
const bought = (more: Partial<TrafficPurchaseChange> = {}): TrafficPurchaseChange => ({
  ...{ urn: "urn:t", name: "t", slotType: "shared", does: "buy", amountGB: { value: 50 } },
  ...{ price: { value: 160 }, mostNow: { value: 160 } },
  ...more,
});
const slotPlan = (more: Partial<SlotPlan> = {}): SlotPlan =>
  ({
    ...{ slotType: "shared", total: { value: 8 }, used: { value: 5 }, free: { value: 3 }, needed: 2, renewals: 1 },
    ...{ retiring: { before: 1, after: 0 }, freeAfter: { value: 2 }, lacking: { value: 0 }, change: 1 },
    ...{ renewsWithGap: false, releasedEarly: 0 },
    ...more,
  }) as SlotPlan;

describe("the headline", () => {
  const of = (...ports: PortChange[]): string => headline(planWith({ ports }));

  it.each<[string, PortChange[]]>([
    ["no ports", []],
    ["no change; 1 port stays", [port("keep")]],
    ["no change; 2 ports stay", [port("keep"), port("keep")]],
    ["1 port to buy, 1 stays", [port("buy"), port("keep")]],
    ["2 ports to adopt, 2 stay", [port("adopt"), port("keep"), port("adopt"), port("keep")]],
    ["1 port to rename", [port("keep", { formerName: "old" })]],
    [
      "1 port to buy, 1 to adopt, 1 to renew, 1 to replace, 1 to move, 1 to change, 1 to release, 1 to leave, 1 to rid of old ports",
      (["finish", "leave", "release", "change", "move", "replace", "renew", "adopt", "buy"] as const).map((does) =>
        port(does),
      ),
    ],
    [
      "2 ports to renew (1 lease due, 1 expired), 1 to replace (1 slot type)",
      [
        port("renew", { why: ["expired"] }),
        port("renew", { why: ["lease due", "1 old port to release"] }),
        port("replace", { why: ["slot type", "lease due", "the user's words"] }),
      ],
    ],
  ])("is %j", (text, ports) => expect(of(...ports)).toBe(text));

  const paid = (more: Partial<Plan>): string => headline(planWith(more));
  const half = [lease("pay"), lease("renew", { mostNow: WHY })];
  it.each<[string, Partial<Plan>]>([
    ["1 lease to pay, at most 4.50 USDC", { leases: [lease("pay"), lease("keep", { mostNow: { value: "0.00" } })] }],
    ["2 leases to pay, of an unknown price", { leases: half }],
    ["50 GB of traffic to buy for 160.00 USD", { purchases: [bought()] }],
    [
      "60 GB of traffic to buy for at most 180.00 USD",
      { purchases: [bought(), bought({ amountGB: { value: 10 }, price: WHY, mostNow: { value: 20 } })] },
    ],
    [
      "traffic to buy at an unknown price",
      { purchases: [bought(), bought({ amountGB: WHY, price: WHY, mostNow: WHY })] },
    ],
    ["no ports", { purchases: [bought({ does: "keep", amountGB: { value: 0 } })] }],
    [
      "no change; 1 port stays; 1 lease to pay, at most 4.50 USDC; 50 GB of traffic to buy for 160.00 USD",
      { ports: [port("keep")], leases: [lease("pay")], purchases: [bought()] },
    ],
  ])("has what is paid: %j", (text, more) => expect(paid(more)).toBe(text));
});

describe("warnings", () => {
  const of = (more: Partial<Plan>): string[] => warnings(planWith(more)).map(({ text }) => text);
  const balance = { value: 100 };
  const stock = (needed: number, more = {}) => [{ ...DE, needed, renewed: 0, free: { value: 3 }, ...more }];

  it.each<[string, Partial<Plan>, string[]]>([
    ["none of nothing", {}, []],
    ["what is incomplete", { incomplete: "the preview leaves out 1 resource" }, ["the preview leaves out 1 resource"]],
    [
      "a balance that is too small",
      { balance, purchases: [bought()] },
      ["balance: traffic costs 160.00 USD, there are 100.00: a purchase will fail"],
    ],
    ["none of a balance that suffices", { balance: { value: 160 }, purchases: [bought()] }, []],
    ["none of another account's purchase", { balance, purchases: [bought({ account: "second" })] }, []],
    ["none of a price that is not known", { balance, purchases: [bought({ price: WHY })] }, []],
    [
      "stock that is too small",
      { stock: stock(5, { carrier: "O2" }) },
      ["stock: DE O2 shared needs 5 devices, 3 free: 2 will fail"],
    ],
    ["stock of any carrier", { stock: stock(4) }, ["stock: DE shared needs 4 devices, 3 free: 1 will fail"]],
    ["none of stock that suffices", { stock: stock(3) }, []],
    ["none of stock that is not known", { stock: stock(9, { free: WHY }) }, []],
    [
      "slots that lack",
      { slots: [slotPlan({ lacking: { value: 1 }, retiring: { before: 0, after: 0 } })] },
      ["slots: needs 2 shared, 3 free: 1 purchase will fail"],
    ],
    [
      "none of slots that are not known",
      { slots: [slotPlan({ free: WHY, lacking: { value: 1 }, renewsWithGap: true })] },
      [],
    ],
  ])("%s", (_what, more, lines) => expect(of(more)).toEqual(lines));
});

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
        "unknown: the key lacks account:read",
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

describe("words", () => {
  it("numbers, and how much they change", () => {
    expect([number(2), number(2.499), number(0.001)]).toEqual(["2", "2.5", "0"]);
    expect([signed(0), signed(2), signed(-2.5)]).toEqual(["0", "+2", "−2.5"]);
  });
  it("one and several", () => {
    expect([counted(1, "port"), counted(0, "port"), counted(2, "port")]).toEqual(["1 port", "0 ports", "2 ports"]);
    expect([countedThat(1, "port", "stay"), countedThat(2, "port", "stay")]).toEqual(["1 port stays", "2 ports stay"]);
  });
  it("lists, to a length", () => {
    expect([listed(["a", "b"], 2), listed(["a", "b", "c"], 2)]).toEqual(["a, b", "a, b and 1 more"]);
  });
  it("times", () => expect(timeText(NOW + 61_000)).toBe("2026-03-01 00:01 UTC"));
  it("cells tell once why a value is not known", () => {
    const cells = new Cells();
    expect([cells.show(WHY, String), cells.show(WHY, String), cells.show({ value: 0 }, String)]).toEqual([
      "unknown",
      "unknown",
      "0",
    ]);
    expect(cells.notes().map(({ text, words }) => [text, words?.text])).toEqual([["unknown:", WHY.unknown]]);
    const made = { title: "t", heads: [], rows: [["a"]], notes: [{ text: "first" }] };
    expect(cells.section(made)).toMatchObject({ rows: [["a"]], notes: [{ text: "first" }, { text: "unknown:" }] });
    expect(new Cells().section(made)).toEqual(made);
  });
});

describe("the comment", () => {
  const breach = { limit: "maxPorts" as const, resource: "stack dev", value: "v", advice: "a" };

  it("begins with its mark and what matters, and folds the rest", () => {
    const text = planMarkdown(
      planWith({
        ...{ project: "my shop", errors: ["it failed"], incomplete: "not all" },
        ...{
          breaches: [
            { ...breach, unchecked: false },
            { ...breach, resource: "b", unchecked: true },
          ],
        },
        places: [{ country: "D|E`", slotType: "shared", before: 0, after: 1 }],
        ports: [port("buy"), port("release")],
      }),
    );
    expect(text.split("\n\n")).toEqual(
      [
        "<!-- proxies-sx plan my-shop/dev -->",
        "### proxies.sx `my shop/dev`: 1 port to buy, 1 to release",
        "**The preview failed**\n\n- `it failed`".split("\n\n"),
        "**Limits that do not hold**\n\n- `stack dev: maxPorts: v. a`".split("\n\n"),
        "**Limits that could not be checked**\n\n- `b: maxPorts: v. a`".split("\n\n"),
        "**Warnings**\n\n- `not all`".split("\n\n"),
        "**Ports by country**",
        "| country | slot type | before | after | change |\n| --- | --- | --- | --- | --- |\n| `D¦Eˋ` | `shared` | 0 | 1 | +1 |",
        "<details><summary>Ports that change (2)</summary>",
        [
          "| port | will be | where | why |",
          "| --- | --- | --- | --- |",
          "| `buy` | bought | `DE shared` |  |",
          "| `release` | released | `DE shared` |  |",
        ].join("\n"),
        "</details>",
      ].flat(),
    );
  });

  it("is marked for its stack, whatever its name has", () => {
    expect(marker({ project: "a-->b", stack: "x y/z.1_2" })).toBe("<!-- proxies-sx plan a-b/x-y/z.1_2 -->");
  });

  it("fits where a comment is refused for its length: what is cut is counted", () => {
    const ports = Array.from({ length: 3_000 }, (_, at) => port("buy", { name: `port-${at}` }));
    const text = planMarkdown(
      planWith({ ports, places: [{ country: "DE", slotType: "shared", before: 0, after: 3_000 }] }),
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    const shown = text.split("\n").filter((line) => line.startsWith("| `port-")).length;
    expect(shown).toBeGreaterThan(400);
    expect(text.includes(`… and ${3_000 - shown} more: see the whole plan in the log.`)).toBe(true);
    expect(text.includes("Ports that change (3000)")).toBe(true);
  });
});
