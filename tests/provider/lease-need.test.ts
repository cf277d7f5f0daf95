import { leaseNeed } from "../../provider/port/lease-need";
import { type PortState } from "../../provider/port/state";

const NOW = Date.parse("2026-03-29T01:00:00Z");
const PORT = { country: "DE", expiresIn: "30d" };
const state = (status: string, secondsLeft: number): PortState => ({
  ...PORT,
  slotType: "shared",
  portId: "p",
  status,
  expiresAt: new Date(NOW + secondsLeft * 1_000).toISOString(),
});

describe("a lease that is due", () => {
  const need = (hold?: number): string | undefined => leaseNeed(state("active", 3_600), PORT, NOW, hold);

  it("is renewed where nothing holds it back", () => expect(need()).toBe("lease ends in 1 h"));

  it("waits for another run where it does not end within the time that a fleet says, and not at its last moment", () => {
    expect([need(3_599), need(3_600)]).toEqual([undefined, "lease ends in 1 h"]);
  });
});

it("a lease that runs is not renewed", () =>
  expect(leaseNeed(state("active", 20 * 86_400), PORT, NOW)).toBeUndefined());

it("what an earlier run released is bought, whatever the program says of leases that are over", () => {
  for (const onExpired of ["keep", "fail"] as const) {
    expect(leaseNeed(state("renewing", 3_600), { ...PORT, onExpired }, NOW)).toMatch(/released the old port/);
  }
});

describe("a lease that is over", () => {
  const need = (status: string, onExpired?: "replace" | "keep" | "fail"): string | undefined =>
    leaseNeed(state(status, -60), { ...PORT, onExpired }, NOW, 0);

  it.each([
    ["expired", "port p expired at 2026-03-29T00:59:00.000Z"],
    ["deleted", "port p is gone"],
  ])("as one that is %s is replaced unless the program says otherwise", (status, why) => {
    expect([need(status), need(status, "replace"), need(status, "keep")]).toEqual([why, why, undefined]);
    expect(() => need(status, "fail")).toThrow(`${why} and onExpired is "fail"`);
  });
});
