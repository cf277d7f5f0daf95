import { headline, warnings } from "../../review/headline";
import { type Plan } from "../../review/plan";
import { type PortChange } from "../../review/ports";
import { bought, DE, lease, planWith, port, slotPlan, WHY } from "./made-plans";

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
  it.each<[string, Partial<Plan>]>([
    ["the preview failed", {}],
    ["the preview failed; as far as it came: 1 port to buy", { ports: [port("buy")] }],
    ["the preview failed; as far as it came: 1 lease to pay, at most 4.50 USDC", { leases: [lease("pay")] }],
  ])("of a preview that failed is %j", (text, more) => expect(paid({ errors: ["no key"], ...more })).toBe(text));

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
      "more slots in use than there are",
      { slots: [slotPlan({ renewals: 2, renewsWithGap: true, renewsNone: true })] },
      ["slots: more shared slots are used than there are: 2 renewals will fail, and their old ports stay"],
    ],
    [
      "ports that stay as they are and do not serve",
      {
        ports: [
          port("keep", { name: "a", serves: false }),
          port("change", { name: "b", serves: false }),
          port("keep", { name: "c" }),
          port("renew", { name: "d", serves: false }),
        ],
      },
      ["ports: a, b stay and do not serve: suspended, or their leases are over; `proxies-sx check` shows which"],
    ],
    [
      "a port that stays as it is and does not serve",
      { ports: [port("keep", { name: "a", serves: false })] },
      ["ports: a stays and does not serve: suspended, or its lease is over; `proxies-sx check` shows which"],
    ],
    [
      "none of slots that are not known",
      { slots: [slotPlan({ free: WHY, lacking: { value: 1 }, renewsWithGap: true })] },
      [],
    ],
  ])("%s", (_what, more, lines) => expect(of(more)).toEqual(lines));
});
