import fc from "fast-check";
import {
  type FleetMember,
  type FleetPlace,
  type FleetWish,
  placeKey,
  planFleet,
  type PlannedMember,
  shares,
} from "../../../domain/fleet/plan";

const at = (country: string, weight = 1, carrier?: string): FleetWish["locations"][number] => ({
  country,
  weight,
  ...(carrier && { carrier }),
});
const wish = (size: number, locations: FleetWish["locations"], more: Partial<FleetWish> = {}): FleetWish => ({
  size,
  locations,
  fallback: [],
  rebalance: false,
  ...more,
});
const asState = (planned: readonly PlannedMember[], idle: readonly number[] = []): FleetMember[] =>
  planned.map(({ number, place }) => ({ number, place, serves: !idle.includes(number) }));
const named = (planned: readonly { number: number; place: FleetPlace }[]): string[] =>
  planned.map(({ number, place }) => `${number} ${place.country}`);
const count = (planned: readonly { place: FleetPlace }[], location: FleetPlace): number =>
  planned.filter(({ place }) => placeKey(place) === placeKey(location)).length;

const COUNTRIES = ["DE", "PL", "GB", "FR", "US"];
const locations = fc.uniqueArray(fc.constantFrom(...COUNTRIES), { minLength: 1 }).chain((countries) =>
  fc
    .array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0.1, max: 10, noNaN: true })), {
      minLength: countries.length,
      maxLength: countries.length,
    })
    .map((weights) => countries.map((country, index) => at(country, weights[index]))),
);
const size = fc.integer({ min: 0, max: 60 });

describe("shares", () => {
  it("meets each weight within one port, and gives out as many as there are", () => {
    fc.assert(
      fc.property(size, locations, (n, all) => {
        const counts = shares(n, all);
        const whole = all.reduce((sum, { weight }) => sum + weight, 0);
        expect(counts.reduce((sum, one) => sum + one, 0)).toBe(n);
        for (const [index, { weight }] of all.entries()) {
          expect(Math.abs(counts[index]! - (weight * n) / whole)).toBeLessThan(1 + 1e-9);
        }
      }),
    );
  });

  it("takes none from a location when the fleet grows", () => {
    fc.assert(
      fc.property(size, locations, (n, all) => {
        const [small, large] = [shares(n, all), shares(n + 1, all)];
        for (const index of all.keys()) expect(large[index]!).toBeGreaterThanOrEqual(small[index]!);
      }),
    );
  });

  it("does not depend on the order of locations", () => {
    fc.assert(
      fc.property(size, locations, (n, all) => {
        expect(shares(n, [...all].reverse())).toEqual([...shares(n, all)].reverse());
      }),
    );
  });

  it.each([
    [40, [at("DE", 3), at("PL", 1)], [30, 10]],
    [3, [at("DE", 1), at("PL", 1)], [2, 1]],
    [10, [at("DE", 6), at("PL", 6), at("GB", 2)], [5, 4, 1]],
    [5, [at("DE", 1), at("PL", 0)], [5, 0]],
    [10, [at("DE", 90), at("PL", 5), at("US", 5)], [9, 1, 0]],
  ])("%j of %j", (n, all, counts) => {
    expect(shares(n, all)).toEqual(counts);
  });
});

describe("planFleet", () => {
  it("is a fixed point: the same wish changes nothing", () => {
    fc.assert(
      fc.property(size, locations, (n, all) => {
        const first = planFleet([], wish(n, all));
        expect(first.map(({ number }) => number)).toEqual(first.map((_, index) => index + 1));
        const second = planFleet(asState(first), wish(n, all));
        expect(named(second)).toEqual(named(first));
        expect(second.some(({ isNew }) => isNew)).toBe(false);
      }),
    );
  });

  it("a size, weights and an order that change move nobody; the size is met", () => {
    fc.assert(
      fc.property(size, size, locations, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5 }), (n, m, all, w) => {
        const before = planFleet([], wish(n, all));
        const changed = [...all].reverse().map((location, index) => ({ ...location, weight: w[index]! }));
        const after = planFleet(asState(before), wish(m, changed));
        expect(after).toHaveLength(m);
        for (const { number, place, isNew } of after) {
          const old = before.find((member) => member.number === number);
          expect(isNew).toBe(old === undefined);
          if (old) expect(place).toEqual(old.place);
        }
      }),
    );
  });

  it("growing by one adds one, shrinking by one takes that one away again", () => {
    fc.assert(
      fc.property(size, locations, (n, all) => {
        const before = planFleet([], wish(n, all));
        const grown = planFleet(asState(before), wish(n + 1, all));
        expect(grown.filter(({ isNew }) => isNew)).toHaveLength(1);
        expect(named(grown)).toEqual(expect.arrayContaining(named(before)));
        expect(named(planFleet(asState(grown), wish(n, all)))).toEqual(named(before));
      }),
    );
  });

  it("grows and shrinks in any steps with each weight met within one port", () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 6 }), locations, (sizes, all) => {
        const whole = all.reduce((sum, { weight }) => sum + weight, 0);
        let planned: PlannedMember[] = [];
        for (const n of sizes) {
          planned = planFleet(asState(planned), wish(n, all));
          for (const location of all) {
            expect(Math.abs(count(planned, location) - (location.weight * n) / whole)).toBeLessThan(1 + 1e-9);
          }
        }
      }),
    );
  });

  it("shrinking takes what serves no more first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), locations, fc.nat(), (n, all, pick) => {
        const before = planFleet([], wish(n, all));
        const idle = (pick % n) + 1;
        const after = planFleet(asState(before, [idle]), wish(n - 1, all));
        expect(named(after)).toEqual(named(before.filter(({ number }) => number !== idle)));
      }),
    );
  });

  it("a number that is free is used again", () => {
    const before = planFleet([], wish(4, [at("DE")]));
    const three = planFleet(asState(before, [2]), wish(3, [at("DE")]));
    expect(named(three)).toEqual(["1 DE", "3 DE", "4 DE"]);
    expect(named(planFleet(asState(three), wish(4, [at("DE")])))).toEqual(["1 DE", "2 DE", "3 DE", "4 DE"]);
  });

  it("weights that change are met by members to come, or at once by rebalancing, with as few moves as can be", () => {
    fc.assert(
      fc.property(size, locations, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5 }), (n, all, w) => {
        const before = planFleet([], wish(n, all));
        const changed = all.map((location, index) => ({ ...location, weight: w[index]! }));
        const after = planFleet(asState(before), wish(n, changed, { rebalance: true }));
        const targets = shares(n, changed);
        expect(changed.map((location) => count(after, location))).toEqual(targets);
        const tooMany = all.map((location, index) => Math.max(0, count(before, location) - targets[index]!));
        expect(after.filter(({ isNew }) => isNew)).toHaveLength(tooMany.reduce((sum, one) => sum + one, 0));
      }),
    );
  });

  it("does not depend on the order of the state", () => {
    fc.assert(
      fc.property(size, size, locations, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5 }), (n, m, all, w) => {
        const before = asState(planFleet([], wish(n, all)));
        const changed = all.map((location, index) => ({ ...location, weight: w[index]! }));
        for (const rebalance of [false, true]) {
          const wanted = wish(m, changed, { rebalance });
          expect(planFleet([...before].reverse(), wanted)).toEqual(planFleet(before, wanted));
        }
      }),
    );
  });

  it("a fleet that shrinks releases members of locations that are named no more before it moves them", () => {
    const before = asState(planFleet([], wish(3, [at("DE", 1), at("PL", 2)])));
    expect(named(before)).toEqual(["1 PL", "2 DE", "3 PL"]);
    const after = planFleet(before, wish(1, [at("DE")]));
    expect(after).toEqual([{ number: 2, place: { country: "DE" }, isNew: false }]);
  });

  it("a member that moves keeps its number, whatever numbers are free: another one would be another port", () => {
    const before = [1, 4].map((number) => ({ number, place: { country: number === 1 ? "DE" : "PL" }, serves: true }));
    expect(named(planFleet(before, wish(2, [at("DE")])))).toEqual(["1 DE", "4 DE"]);
  });

  it("a location that is named no more is left, in place of nobody else", () => {
    const before = planFleet([], wish(4, [at("DE"), at("PL")]));
    const after = planFleet(asState(before), wish(4, [at("DE"), at("FR")]));
    expect(named(after)).toEqual(["1 DE", "2 FR", "3 DE", "4 FR"]);
    expect(after.map(({ isNew }) => isNew)).toEqual([false, true, false, true]);
  });

  it("a spelling that changes is the same place", () => {
    const before = planFleet([], wish(2, [at("DE", 1, "Vodafone")]));
    const after = planFleet(asState(before), wish(2, [at("de", 1, " vodafone ")]));
    expect(after.map(({ isNew }) => isNew)).toEqual([false, false]);
  });

  describe("without stock", () => {
    const stock = (of: Record<string, number>) => (place: FleetPlace) => of[place.country];

    it("takes the fallback, in its order, and says instead of what", () => {
      const planned = planFleet([], wish(5, [at("DE")], { fallback: ["GB", "FR"] }), stock({ DE: 2, GB: 1 }));
      expect(named(planned)).toEqual(["1 DE", "2 DE", "3 GB", "4 FR", "5 FR"]);
      expect(planned[2]?.insteadOf).toEqual({ country: "DE" });
    });

    it("a member at a fallback keeps it when there is stock again", () => {
      const all = wish(3, [at("DE")], { fallback: ["GB"] });
      const before = planFleet([], all, stock({ DE: 1 }));
      expect(named(planFleet(asState(before), all))).toEqual(named(before));
      expect(named(planFleet(asState(before), { ...all, size: 4 }))).toEqual([...named(before), "4 DE"]);
    });

    it("stays where it was wanted if no fallback has stock either", () => {
      const planned = planFleet([], wish(1, [at("DE")], { fallback: ["GB"] }), stock({ DE: 0, GB: 0 }));
      expect(planned).toEqual([{ number: 1, place: { country: "DE" }, isNew: true }]);
    });

    it("asks about new members only", () => {
      const before = planFleet([], wish(3, [at("DE")]));
      const asked: string[] = [];
      planFleet(asState(before), wish(3, [at("DE")]), ({ country }) => (asked.push(country), 0));
      expect(asked).toEqual([]);
    });
  });

  it("plans 2,000 members, and none", () => {
    const all = [at("DE", 3), at("PL", 1), at("GB", 2)];
    const planned = planFleet([], wish(2_000, all));
    expect(planned).toHaveLength(2_000);
    expect(planFleet(asState(planned), wish(0, all))).toEqual([]);
  });
});
