import { settleFleet } from "../../../sdk/fleet/args";
import {
  countEach,
  earliest,
  makeFleet,
  memberNames,
  portInputs,
  sharedPasswordName,
} from "../../../domain/fleet/make";
import { type KnownMember } from "../../../domain/fleet/members";
import { type FleetPlace } from "../../../domain/fleet/plan";

type Args = Parameters<typeof settleFleet>[1];
const settled = (args: Partial<Args> = {}) =>
  settleFleet("f", { size: 2, locations: [{ country: "DE" }], lease: { expiresIn: "30d" }, ...args });
const members = (...numbers: number[]): KnownMember[] =>
  numbers.map((number) => ({
    ...{ number, place: { country: "DE" }, serves: true },
    renewAt: `2026-12-0${number}T00:00:00Z`,
  }));

/** A fleet as a run makes it, and how often the vendor was asked for its stock. */
async function made(args: Partial<Args>, before: KnownMember[], isPreview: boolean, stock?: Record<string, number>) {
  let asked = 0;
  const stockOf = stock && (({ country }: FleetPlace) => stock[country]);
  const fleet = await makeFleet({ members: before, formerly: ["old"] }, settled(args), {
    isPreview,
    stock: async () => ((asked += 1), stockOf),
  });
  return { ...fleet, asked, stockOf: fleet.stockOf !== undefined };
}
const countries = (planned: readonly { place: FleetPlace }[]): string[] => planned.map(({ place }) => place.country);

describe("the vendor's stock", () => {
  it.each<[string, Partial<Args>, KnownMember[], boolean, number]>([
    ["a preview in which ports are bought", {}, [], true, 1],
    ["an update in which one may go to a fallback", { fallback: ["GB"] }, members(1), false, 1],
    ["an update without a fallback, whatever stock there is", {}, [], false, 0],
    ["a preview in which no member is new", { fallback: ["GB"] }, members(1, 2), true, 0],
    ["an update in which no member is new", { fallback: ["GB"] }, members(1, 2), false, 0],
  ])("%s", async (_what, args, before, isPreview, asked) => {
    expect(await made(args, before, isPreview, { DE: 9 })).toMatchObject({ asked, stockOf: asked > 0 });
  });

  it("decides where new members go; where it cannot be read they go where they are wanted", async () => {
    const args = { size: 3, fallback: ["GB"] };
    const stock = { DE: 1, GB: 9 };
    expect(countries((await made(args, members(1), false, stock)).planned)).toEqual(["DE", "DE", "GB"]);
    expect(countries((await made(args, members(1), false)).planned)).toEqual(["DE", "DE", "DE"]);
  });
});

it("says which renewals wait, and the names that the fleet had", async () => {
  const lease = { expiresIn: "30d", maxRenewalsPerUpdate: 1 };
  const { waiting, formerly } = await made({ lease }, members(1, 2), false);
  expect([[...waiting], formerly]).toEqual([[2], ["old"]]);
});

it.each<[Partial<Args["lease"]>, object]>([
  [{}, {}],
  [{ onExpired: "keep" }, { onExpired: "keep" }],
  [{ overlap: 0 }, { overlap: 0 }],
  [{ overlap: "6h" }, { overlap: "6h" }],
])("a lease with %j gives its members' ports %j beside what each has", (lease, more) => {
  const fleet = settled({ slotType: "private", lease: { expiresIn: "30d", renewBefore: "3d", ...lease } });
  const place = { country: "DE", carrier: "Vodafone" };
  expect(portInputs({ number: 1, place, isNew: true }, fleet)).toStrictEqual({
    ...{ country: "DE", carrier: "Vodafone", slotType: "private", expiresIn: "30d", renewBefore: 259_200 },
    ...more,
  });
});

it("names of resources are those that states have, under each name of the fleet", () => {
  expect(memberNames("eu", 7, { formerly: ["old", "older"] })).toEqual({
    port: { is: "eu-7", was: ["old-7", "older-7"] },
    rotation: { is: "eu-7-rotation", was: ["old-7-rotation", "older-7-rotation"] },
    login: { is: "eu-7-login", was: ["old-7-login", "older-7-login"] },
    password: { is: "eu-7-password", was: ["old-7-password", "older-7-password"] },
  });
  expect(sharedPasswordName("eu", { formerly: ["old"] })).toEqual({ is: "eu-password", was: ["old-password"] });
});

it("counts members by country, in one order, and none of which the country is not known", () => {
  const counts = countEach(["PL", "DE", undefined, "PL"]);
  expect(counts).toEqual({ DE: 1, PL: 2 });
  expect(Object.keys(counts)).toEqual(["DE", "PL"]);
});

it("the earliest time is that of the known ones", () => {
  expect(earliest(["2026-12-02", "", "2026-12-01"])).toBe("2026-12-01");
  expect(earliest([])).toBeUndefined();
});
