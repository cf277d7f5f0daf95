import { countryChoice, type CountryChoiceArgs } from "../../provider/country-choice/handler";
import { UNKNOWN } from "../../domain/unknown";
import { Life, World } from "./life";

/** Free shared devices by country: 3 per carrier. */
const STOCK = { DE: 9, PL: 9, US: 9, GB: 6, FR: 6, NL: 6 };

let world: World;
let life: Life<CountryChoiceArgs>;
beforeEach(async () => {
  world = await World.open({
    config: { devicesPerCarrier: { shared: 3, private: 2 }, slots: { shared: 99, private: 99 } },
  });
  life = new Life(countryChoice as never, world);
});
afterEach(() => world.close());

const by = "stock" as const;
const COUNTRIES = "GET /v1/countries/with-devices";
const choice = (): Record<string, unknown> => {
  const { __provider, ...outs } = life.state.outs;
  return outs;
};

/** Others take devices of a country. */
function buy(country: keyof typeof STOCK, count: number, more: { carrier?: string; slotType?: "private" } = {}): void {
  for (let i = 0; i < count; i += 1) world.emulator.control.buyPort({ country, ...more });
}
const sellOut = (country: keyof typeof STOCK): void => buy(country, STOCK[country]);

it("is the country with most free devices, among those that are named in any spelling", async () => {
  buy("DE", 1);
  expect(await life.up({ by, countries: ["Germany", "pol", "GB"] })).toBe("create");
  expect(choice()).toEqual({ by, countries: ["Germany", "pol", "GB"], country: "PL" });
  expect(world.calls()).toEqual([COUNTRIES]);
});

it.each([
  [["US", "PL", "DE"], "US"],
  [undefined, "DE"],
])("of several of %j with as many, is the one that comes first", async (countries, first) => {
  await life.up({ by, countries });
  expect(choice().country).toBe(first);
});

it("by price is no other: all countries cost the same", async () => {
  buy("DE", 1);
  await life.up({ by: "price", countries: ["DE", "PL"] });
  expect(choice().country).toBe("PL");
});

it("counts the devices of the slot type", async () => {
  buy("DE", 5, { slotType: "private" });
  await life.up({ by, countries: ["DE", "NL"], slotType: "private" });
  expect(choice().country).toBe("NL");
});

it("stays when the stock changes or is gone, and costs no call", async () => {
  await life.up({ by, countries: ["DE", "PL"] });
  sellOut("DE");
  world.calls();
  expect(await life.up({ by, countries: ["DE", "PL"] })).toBe("same");
  expect(await life.refresh()).toBe("same");
  expect(await life.up({ by, countries: ["PL", "DE", "GB"] })).toBe("update");
  expect(await life.up({ by })).toBe("update");
  expect(choice()).toEqual({ by, country: "DE" });
  expect(world.calls()).toEqual([]);
});

it("stays in another spelling", async () => {
  await life.up({ by, countries: ["DE", "PL"] });
  buy("DE", 3);
  expect(await life.up({ by, countries: ["Poland", "Germany"] })).toBe("update");
  expect(choice().country).toBe("DE");
});

it("is decided again, by the present stock, where the inputs allow it no longer or a trigger changes", async () => {
  await life.up({ by, countries: ["DE", "PL"], triggers: ["v1"] });
  sellOut("DE");
  expect(await life.up({ by, countries: ["DE", "PL"], triggers: ["v2"] })).toBe("update");
  expect(choice()).toMatchObject({ country: "PL", triggers: ["v2"] });
  expect(await life.up({ by, countries: ["GB", "FR"], triggers: ["v2"] })).toBe("update");
  expect(choice().country).toBe("GB");
  expect(await life.up({ by, countries: ["GB", "DE"], slotType: "private", triggers: ["v2"] })).toBe("update");
  expect(choice().country).toBe("DE");
});

it("what the preview chose is what the update does, unless it is gone", async () => {
  const wire = { by, countries: ["DE", "PL"], __urn: "dev::best" };
  const check = async (): Promise<unknown> => (await life.process().check({}, wire)).inputs.country;
  expect(await check()).toBe("DE");
  buy("DE", 2);
  expect(await check()).toBe("DE");
  buy("DE", 7);
  expect(await check()).toBe("PL");
});

describe("with a carrier", () => {
  it("is that with most free devices in the country, and stays", async () => {
    buy("DE", 1, { carrier: "Telekom" });
    await life.up({ by, countries: ["DE"], withCarrier: true });
    expect(choice()).toMatchObject({ country: "DE", carrier: "Telefónica Germany GmbH & Co. oHG" });
    buy("DE", 2, { carrier: "O2" });
    world.calls();
    expect(await life.up({ by, countries: ["DE"], withCarrier: true })).toBe("same");
    expect(world.calls()).toEqual([]);
  });

  it.each([
    [undefined, "Telefónica Germany GmbH & Co. oHG"],
    ["private" as const, "Telekom Deutschland GmbH"],
  ])("counts the devices of slot type %s", async (slotType, carrier) => {
    buy("DE", 2, { carrier: "O2", slotType: "private" });
    await life.up({ by, countries: ["DE"], withCarrier: true, slotType });
    expect(choice()).toMatchObject({ country: "DE", carrier });
  });

  it("that is asked for later is chosen then, in the same country; asked for no longer, it goes", async () => {
    await life.up({ by, countries: ["DE", "PL"] });
    buy("DE", 1);
    expect(await life.up({ by, countries: ["DE", "PL"], withCarrier: true })).toBe("update");
    expect(choice()).toMatchObject({ country: "DE", carrier: expect.any(String) as string });
    expect(await life.up({ by, countries: ["DE", "PL"] })).toBe("update");
    expect(choice()).toEqual({ by, countries: ["DE", "PL"], country: "DE" });
  });
});

describe("what is not known yet", () => {
  it.each([
    [{ countries: UNKNOWN }],
    [{ countries: ["DE", UNKNOWN] }],
    [{ slotType: UNKNOWN }],
    [{ triggers: [{ a: UNKNOWN }] }],
  ])("%j leaves the choice unknown", async (unknown) => {
    const { inputs, failures } = await life.process().check({}, { by, withCarrier: true, ...unknown });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ country: UNKNOWN, carrier: UNKNOWN });
    expect(world.calls()).toEqual([]);
  });

  it("an account leaves it open", async () => {
    const process = life.process({ "proxies-sx:apiKey": UNKNOWN });
    expect(await process.check({}, { by })).toEqual({ inputs: { by }, failures: [] });
  });
});

describe("is refused in one line", () => {
  it("where nothing is free", async () => {
    for (const country of ["DE", "GB"] as const) sellOut(country);
    expect(await life.check({ by, countries: ["DE", "GB"] })).toEqual([
      "countries: none of DE, GB has a free device for a shared port now. There are some in PL, US, FR, NL.",
    ]);
    world.emulator.control.reset({ devicesPerCarrier: { private: 0 } });
    expect(await life.check({ by, slotType: "private" })).toEqual([
      "countries: no country has a free device for a private port now.",
    ]);
  });

  it.each([
    [{ by: "luck" }, /^by: is unknown \(a text was given\)\. Give one of: stock, price\.$/],
    [{ by, slotType: "owned" }, /^slotType: is unknown \(a text was given\)\. Give one of: shared, private\.$/],
    [{ by, withCarrier: "yes" }, /^withCarrier: is unknown \(a text was given\)/],
    [{ by, countries: [] }, /^countries: give a list/],
    [{ by, countries: "DE" }, /^countries: give a list/],
    [{ by, contries: ["DE"] }, /^contries: .*Did you mean "countries"/],
  ])("%j", async (args, message) => {
    const failures = await life.check(args as unknown as CountryChoiceArgs);
    expect(failures).toEqual([expect.stringMatching(message)]);
    expect(failures.join()).not.toMatch(/\n/);
  });
});

it("says which names are passed over", async () => {
  sellOut("GB");
  await life.up({ by, countries: ["Germny", "GB", "DE"] });
  expect(choice().country).toBe("DE");
  expect(life.notices).toEqual([
    "countries: Germny has no free device now, or is no country.",
    "countries: GB has no free device now, or is no country.",
  ]);
});

it("is named by its country where no state holds it, and stays", async () => {
  const read = (name: string) => life.process().read(name, {});
  expect((await read("germany")).props).toEqual({ by, country: "DE" });
  expect(await read("choice")).toEqual({});
  life.restore({ id: "choice", outs: { by, country: "DE", __provider: "text" }, inputs: { by, country: "DE" } });
  sellOut("DE");
  expect(await life.up({ by })).toBe("same");
});

it("does nothing when it is deleted", async () => {
  await life.up({ by });
  world.calls();
  await life.destroy();
  expect(world.calls()).toEqual([]);
});
