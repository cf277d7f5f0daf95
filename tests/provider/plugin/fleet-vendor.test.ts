import { vendorOf } from "../../../provider/hosts/plugin/fleet-vendor";
import { type Session } from "../../../provider/run/session";

const asked: unknown[] = [];
const summary = {
  shared: { slots: { total: 5, used: 2, available: 3 }, traffic: { available: 0.5 } },
  private: { slots: { total: 1, used: 1, available: 0 } },
};
const session = {
  reference: { askAgain: async (isPrivate: boolean) => (asked.push(isPrivate), []) },
  ports: { all: async () => new Map([["a", {}]]) },
  api: {
    reference: { carriers: async (...all: unknown[]) => (asked.push(...all), []) },
    account: { summary: async () => summary },
  },
} as unknown as Session;

it.each(["shared", "private"] as const)("what is free is asked for %s ports, anew", async (slotType) => {
  asked.length = 0;
  const vendor = vendorOf(session, slotType);
  await vendor.countries();
  await vendor.carriers("c1");
  expect(asked).toEqual([slotType === "private", "c1", { isPrivate: slotType === "private" }]);
});

it("slots and traffic are those of the slot type, as far as the account shows them", async () => {
  expect(await vendorOf(session, "shared").account()).toEqual({ slots: 3, trafficGB: 0.5 });
  expect(await vendorOf(session, "private").account()).toEqual({ slots: 0, trafficGB: undefined });
});

it("live ports are known by their ids", async () => {
  expect(await vendorOf(session, "shared").livePorts()).toEqual(["a"]);
});
