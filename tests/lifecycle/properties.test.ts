import fc from "fast-check";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { rotationSettings } from "../../provider/rotation-settings";
import { type RotationSettingsArgs } from "../../provider/rotation-settings";
import { Life, World } from "./life";
import { runsOf } from "../cases";

let world: World;
beforeAll(async () => {
  world = await World.open({ config: { slots: { shared: 1_000, private: 1_000 } } });
});
afterAll(() => world.close());

const place = fc.oneof(
  fc.record({
    country: fc.constantFrom("DE", "de", "Germany"),
    carrier: fc.constantFrom(undefined, "Vodafone", "vodafone", "O2", "Telekom"),
  }),
  fc.record({ country: fc.constantFrom("GB", "United Kingdom", "PL", "US") }),
);
const portArgs: fc.Arbitrary<PortArgs> = fc
  .tuple(
    place,
    fc.record({
      slotType: fc.constantFrom("shared" as const, "private" as const),
      expiresIn: fc.constantFrom<string | number>("30d", "10d", 864_000, "365d"),
      renewBefore: fc.constantFrom<string | number | undefined>(undefined, "1d", 0, 3_600),
      onExpired: fc.constantFrom(undefined, "replace" as const, "keep" as const, "fail" as const),
      osFingerprint: fc.constantFrom(undefined, "", "windows:1", "ios:2"),
    }),
  )
  .map(([where, rest]) => JSON.parse(JSON.stringify({ ...where, ...rest })) as PortArgs);

const settingsArgs = fc
  .record({
    enabled: fc.constantFrom(undefined, true, false),
    intervalSeconds: fc.integer({ min: 300, max: 86_400 }),
    matchCarrier: fc.constantFrom(undefined, true, false),
    matchCity: fc.constantFrom(undefined, true, false),
    excludedDeviceIds: fc.constantFrom(undefined, [], ["a".repeat(24)], ["b".repeat(24), "a".repeat(24)]),
  })
  .map((args) => JSON.parse(JSON.stringify(args)) as Omit<RotationSettingsArgs, "port">);

/** Any change, and then what must hold: the second run finds nothing, a refresh finds nothing, nothing is lost. */
async function settles<Args extends object>(life: Life<Args>, from: Args, to: Args): Promise<void> {
  await life.up(from);
  await life.up(to);
  expect(await life.up(to)).toBe("same");
  expect(await life.refresh()).toBe("same");
  expect(await life.up(to)).toBe("same");
}

it("any two declarations of a port: the change settles in one run, with one port bought and none lost", async () => {
  await fc.assert(
    fc.asyncProperty(portArgs, portArgs, async (from, to) => {
      const life = new Life<PortArgs>(port as never, world);
      const before = world.emulator.control.ports().length;
      await settles(life, from, to);
      expect(world.emulator.control.ports()).toHaveLength(before + 1);
      expect(world.emulator.control.port(life.state.id as string)).toMatchObject({ slotType: to.slotType });
      await life.destroy();
      expect(world.emulator.control.ports()).toHaveLength(before);
    }),
    { numRuns: runsOf(15) },
  );
});

it("any two declarations of rotation settings: the change settles, and delete puts back what was there", async () => {
  await fc.assert(
    fc.asyncProperty(settingsArgs, settingsArgs, async (from, to) => {
      const { id } = world.emulator.control.buyPort({ country: "DE" });
      const found = world.emulator.control.port(id)?.rotationSettings;
      const life = new Life<RotationSettingsArgs>(rotationSettings as never, world);
      await settles(life, { ...from, port: id }, { ...to, port: id });
      await life.destroy();
      expect(world.emulator.control.port(id)?.rotationSettings).toEqual(found);
      world.emulator.control.removePort(id);
    }),
    { numRuns: runsOf(15) },
  );
});
