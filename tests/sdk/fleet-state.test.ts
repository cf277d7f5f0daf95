import { heldBack } from "../../domain/fleet/renewals";
import { settleFleet } from "../../sdk/fleet/args";
import { type KnownMember, type PortInState } from "../../domain/fleet/members";
import { fleetInState } from "../../sdk/fleet/state";
import { portsInState } from "../../sdk/engine/program-state";

jest.mock("../../sdk/engine/program-state", () => ({ portsInState: jest.fn() }));

const NOW = Date.parse("2026-11-25T12:00:00Z");
const DAY = 86_400_000;
const iso = (days: number): string => new Date(NOW + days * DAY).toISOString();

const FLEET = "urn:pulumi:dev::test::proxies-sx:index:ProxyFleet::scraper";
const portUrn = (fleet: string, name: string): string => {
  const parts = fleet.split("::");
  return `${parts.slice(0, 3).join("::")}$pulumi-nodejs:dynamic/proxies-sx:Port::${name}`;
};
type Outputs = PortInState["outputs"];
const holds = (...ports: [urn: string, outputs?: Outputs][]): void => {
  const state = ports.map(([urn, outputs = { country: "DE" }]) => ({ urn, outputs }));
  jest.mocked(portsInState).mockResolvedValue(state);
};
const membersInState = async (fleets: string[], now: number): Promise<KnownMember[]> =>
  (await fleetInState(fleets, now)).members;
const numbers = async (...fleets: string[]): Promise<number[]> =>
  (await membersInState(fleets, NOW)).map(({ number }) => number);

describe("members", () => {
  it("are the ports below the fleet that have its name and a number", async () => {
    holds(
      [portUrn(FLEET, "scraper-1")],
      [portUrn(FLEET, "scraper-12")],
      [portUrn(FLEET, "scraper-3-2")],
      [portUrn(FLEET, "scraper-01")],
      [portUrn(FLEET, "scraper-0")],
      [portUrn(FLEET, "crawler-3")],
      ["urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::scraper-4"],
      [portUrn(FLEET.replace("test::", "test::app:Team$"), "scraper-5")],
    );
    expect(await numbers(FLEET)).toEqual([1, 12]);
  });

  it("of a fleet in a component, whose name has colons", async () => {
    const fleet = "urn:pulumi:dev::test::app:Team$proxies-sx:index:ProxyFleet::eu::scraper";
    holds([portUrn(fleet, "eu::scraper-7")], [portUrn(fleet, "scraper-8")]);
    expect(await numbers(fleet)).toEqual([7]);
  });

  it("of a fleet below a resource of this package, whichever host carries it out", async () => {
    const [dynamic, plugin] = ["pulumi-nodejs:dynamic/proxies-sx:Port", "proxies-sx:index:Port"].map((above) =>
      FLEET.replace("test::", `test::${above}$`),
    ) as [string, string];
    const member = `${plugin.replace("::scraper", "$proxies-sx:index:Port::scraper")}-2`;
    holds([portUrn(dynamic, "scraper-1")], [member]);
    expect([await numbers(dynamic), await numbers(plugin)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it("that a run which renamed the fleet has not come to are known by its name of before", async () => {
    const old = FLEET.replace(/scraper$/, "crawler");
    holds([portUrn(FLEET, "scraper-1")], [portUrn(old, "crawler-1")], [portUrn(old, "crawler-2")]);
    const { members, formerly } = await fleetInState([FLEET, old], NOW);
    expect([members.map(({ number }) => number), formerly]).toEqual([[1, 2], ["crawler"]]);
    // Its settings may be under it when all members have been renamed.
    holds([FLEET], [portUrn(FLEET, "scraper-1")]);
    expect((await fleetInState([FLEET, old, FLEET.replace("test::", "test::app:Team$")], NOW)).formerly).toEqual([
      "crawler",
    ]);
  });

  it("of another fleet that has got the earlier name are none", async () => {
    const old = FLEET.replace(/scraper$/, "crawler");
    holds([FLEET], [old], [portUrn(FLEET, "scraper-1")], [portUrn(old, "crawler-2")]);
    expect(await numbers(FLEET, old)).toEqual([1]);
    expect((await fleetInState([FLEET, old], NOW)).formerly).toEqual([]);
    holds([old], [portUrn(old, "crawler-2")]);
    expect(await numbers(FLEET, old)).toEqual([2]);
  });

  it("are found under the fleet's earlier names, a broken-off renaming included", async () => {
    const old = FLEET.replace(/scraper$/, "crawler");
    holds([portUrn(old, "crawler-1")], [portUrn(old, "crawler-2")], [portUrn(FLEET, "scraper-2"), { country: "GB" }]);
    const members = await membersInState([FLEET, old], NOW);
    expect(members.map(({ number, place }) => [number, place.country])).toEqual([
      [2, "GB"],
      [1, "DE"],
    ]);
  });

  it("have the place that the state has", async () => {
    holds([portUrn(FLEET, "scraper-1"), { country: "DE", carrier: "Vodafone", slotType: "private", renewAt: iso(2) }]);
    expect(await membersInState([FLEET], NOW)).toMatchObject([
      { place: { country: "DE", carrier: "Vodafone" }, slotType: "private", renewAt: iso(2), serves: true },
    ]);
    holds([portUrn(FLEET, "scraper-1"), { country: 7, cityId: "c", regionId: 8 }]);
    const [{ place } = {}] = await membersInState([FLEET], NOW);
    expect(place).toStrictEqual({ country: "", cityId: "c" });
  });
});

it.each<[Outputs, Pick<KnownMember, "serves" | "lease" | "slots">]>([
  [
    { status: "active", expiresAt: iso(1) },
    { serves: true, lease: "running", slots: { own: 1, retiring: [] } },
  ],
  [{}, { serves: true, lease: "running", slots: { own: 1, retiring: [] } }],
  [
    { status: "suspended", expiresAt: iso(1) },
    { serves: false, lease: "running", slots: { own: 1, retiring: [] } },
  ],
  [
    { status: "active", expiresAt: iso(0) },
    { serves: false, lease: "over", slots: { own: 1, retiring: [] } },
  ],
  [{ status: "expired" }, { serves: false, lease: "over", slots: { own: 1, retiring: [] } }],
  [
    { status: "deleted", expiresAt: iso(9) },
    { serves: false, lease: "over", slots: { own: 0, retiring: [] } },
  ],
  [
    { status: "renewing", retiring: [{ portId: "b" }] },
    { serves: false, lease: "renewing", slots: { own: 0, retiring: ["b"] } },
  ],
])("%j is %j", async (outputs, expected) => {
  holds([portUrn(FLEET, "scraper-1"), outputs]);
  expect(await membersInState([FLEET], NOW)).toMatchObject([expected]);
});

it("a state that cannot be read stops the fleet in one line", async () => {
  jest.mocked(portsInState).mockRejectedValue(new Error("the state of stack dev cannot be read (EOF)."));
  await expect(membersInState([FLEET], NOW)).rejects.toThrow(
    /^the state of stack dev cannot be read \(EOF\)\. The state says which members a ProxyFleet has: [^\n]+\.$/,
  );
});

describe("renewals that wait", () => {
  const member = (number: number, changes: Partial<KnownMember> = {}): KnownMember => ({
    number,
    place: { country: "DE" },
    serves: true,
    renewAt: iso(number),
    ...changes,
  });
  const waiting = (before: KnownMember[], lease: object = {}): number[] => {
    const args = { size: 4, locations: [{ country: "DE" }], lease: { expiresIn: "30d", ...lease } };
    return [...heldBack(before, settleFleet("f", args))].sort();
  };
  const most = { maxRenewalsPerUpdate: 2 };

  it("are all but the most urgent", () => {
    expect(
      waiting(
        [4, 3, 2, 1].map((n) => member(n)),
        most,
      ),
    ).toEqual([3, 4]);
    expect(
      waiting(
        [4, 3, 2, 1].map((n) => member(n, { renewAt: iso(1) })),
        most,
      ),
    ).toEqual([3, 4]);
  });

  it("are none of members that serve no more, which count", () => {
    const gone = member(3, { lease: "over", serves: false });
    const broken = member(4, { lease: "renewing", serves: false });
    expect(waiting([member(1), member(2), gone, broken], most)).toEqual([1, 2]);
    expect(waiting([member(1), gone, broken], { maxRenewalsPerUpdate: 1 })).toEqual([1]);
  });

  it.each(["keep", "fail"])(
    "what is over and under onExpired %s stands before none, what is being renewed does",
    (onExpired) => {
      const gone = member(3, { lease: "over", serves: false });
      const broken = member(4, { lease: "renewing", serves: false });
      expect(waiting([member(1), member(2), gone], { ...most, onExpired })).toEqual([]);
      expect(waiting([member(1), member(2), broken], { ...most, onExpired })).toEqual([2]);
    },
  );

  it("count a suspended one by its lease, and one that was never read not at all", () => {
    expect(waiting([member(1), member(2, { serves: false }), member(3)], { ...most, onExpired: "keep" })).toEqual([3]);
    expect(waiting([member(1), member(2), member(3, { renewAt: undefined })], most)).toEqual([]);
  });
});
