import * as pulumi from "@pulumi/pulumi";
import { settleFleet } from "../../sdk/fleet/args";
import { stockFor, tellShortages } from "../../sdk/fleet/market";
import { planFleet } from "../../domain/fleet/plan";
import { type FleetChange } from "../../domain/fleet/shortages";
import { type KnownMember } from "../../domain/fleet/members";
import * as lookups from "../../sdk/lookups";

jest.mock("../../sdk/lookups");
const account = jest.mocked(lookups.getAccountSummary);
const ports = jest.mocked(lookups.getPorts);

let told: string[];
let run: object;
beforeEach(async () => {
  await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
  [told, run] = [[], {}];
  jest.spyOn(pulumi.runtime, "getStackResource").mockImplementation(() => run as never);
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (text) => void told.push(text));
  jest.spyOn(pulumi.log, "info").mockImplementation(async (text) => void told.push(text));
  ports.mockRejectedValue(new Error("needs ports:read"));
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.clearAllMocks();
});

const fleetOf = (size: number, slotType?: "private") =>
  settleFleet("f", { size, slotType, locations: [{ country: "DE" }], lease: { expiresIn: "30d" } });
const change = (size: number, slotType?: "private", before: KnownMember[] = []): FleetChange => {
  const fleet = fleetOf(size, slotType);
  return { fleet, before, planned: planFleet(before, fleet, undefined), waiting: new Set(), now: 0 };
};
const component = (provider?: pulumi.ProviderResource): pulumi.Resource =>
  ({ getProvider: () => provider }) as unknown as pulumi.Resource;
const free = (available: number): void =>
  void account.mockResolvedValue({ shared: { slots: { available } }, private: { slots: { available } } } as never);
const lacking = (needs: number, left: number, type = "shared"): string =>
  `slots: needs ${needs} ${type}, ${left} free: ${needs - left} purchase${needs - left === 1 ? "" : "s"} will fail.`;

describe("free slots", () => {
  it("of one account count for one fleet of a run only", async () => {
    free(3);
    await tellShortages(component(), change(2), undefined);
    expect(told).toEqual([]);
    await tellShortages(component(), change(2), undefined);
    expect(told).toEqual([lacking(2, 1)]);
  });

  it("are those of its own slot type, account and run", async () => {
    free(2);
    await tellShortages(component(), change(2), undefined);
    await tellShortages(component(), change(2, "private"), undefined);
    await tellShortages(component({} as pulumi.ProviderResource), change(2), undefined);
    run = {};
    await tellShortages(component(), change(2), undefined);
    expect(told).toEqual([]);
  });

  it("are fewer than none where more are used than there are: an old port fills what is over first", async () => {
    const slots = { total: 1, used: 2, available: 0 };
    account.mockResolvedValue({ shared: { slots } } as never);
    ports.mockResolvedValue([{ id: "old" }]);
    const member: KnownMember = {
      ...{ number: 1, place: { country: "DE" }, serves: true, slotType: "shared" },
      slots: { own: 1, retiring: ["old"] },
    };
    await tellShortages(component(), change(2, undefined, [member]), undefined);
    expect(told).toEqual([lacking(1, 0)]);
  });

  it("are not reported, and nothing fails, where the key may not read the account", async () => {
    account.mockRejectedValue(new Error("needs account:read"));
    await tellShortages(component(), change(2), undefined);
    expect(told).toEqual([]);
  });
});

describe("old ports of renewals", () => {
  const member: KnownMember = {
    number: 1,
    place: { country: "DE" },
    serves: true,
    slotType: "shared",
    slots: { own: 1, retiring: ["old"] },
  };

  it("make room where they live, or where the key may not read them", async () => {
    free(0);
    await tellShortages(component(), change(2, undefined, [member]), undefined);
    expect(told).toEqual([]);
    run = {};
    ports.mockResolvedValue([{ id: "old" }] as never);
    await tellShortages(component(), change(2, undefined, [member]), undefined);
    expect(told).toEqual([]);
  });

  it("are asked for where the state names any", async () => {
    free(9);
    const young: KnownMember = { ...member, number: 2, slots: undefined };
    await tellShortages(component(), change(2, undefined, [young]), undefined);
    expect(ports).not.toHaveBeenCalled();
    await tellShortages(component(), change(2, undefined, [young, member]), undefined);
    expect(ports).toHaveBeenCalledTimes(1);
  });

  it("make none where they are gone", async () => {
    free(0);
    ports.mockResolvedValue([{ id: "another" }] as never);
    await tellShortages(component(), change(2, undefined, [member]), undefined);
    expect(told).toEqual([lacking(1, 0)]);
  });
});

describe("free devices of a place", () => {
  const GERMANY = { id: "c1", code: "DE", name: "Germany", freeDeviceCount: 9 };
  const stock = async (args: object): Promise<Awaited<ReturnType<typeof stockFor>>> =>
    stockFor(component(), settleFleet("f", { size: 1, locations: [], lease: { expiresIn: "30d" }, ...args }));
  beforeEach(() => {
    jest
      .mocked(lookups.getCountries)
      .mockResolvedValue([GERMANY, { ...GERMANY, id: "c2", code: "FR", name: "France" }] as never);
    jest
      .mocked(lookups.getCarriers)
      .mockImplementation(async ({ country }) =>
        country === "c1" ? [{ id: "v1", name: "Vodafone DE", brand: "Vodafone", freeDeviceCount: 2 }] : [],
      );
  });

  it.each(["Vodafone", "vodafone de", "v1"])("are those of the carrier where it names one, as %p", async (carrier) => {
    const place = { country: "germany", carrier };
    expect((await stock({ locations: [place] }))(place)).toBe(2);
  });

  it("are those of the country where it names none, of places to fall back to as well", async () => {
    const of = await stock({ locations: [{ country: "DE" }], fallback: ["FR"] });
    expect([of({ country: "DE" }), of({ country: "FR" })]).toEqual([9, 9]);
    expect(lookups.getCarriers).not.toHaveBeenCalled();
  });

  it("are not known of a place that the vendor does not list", async () => {
    const locations = [
      { country: "Atlantis" },
      { country: "Atlantis", carrier: "O2" },
      { country: "DE", carrier: "O2" },
    ];
    const of = await stock({ locations });
    expect(locations.map(of)).toEqual([undefined, undefined, undefined]);
  });
});
