import { rotation } from "../../provider/rotation";
import { type RotationArgs } from "../../provider/rotation";
import { Life, World } from "./life";

let world: World;
let life: Life<RotationArgs>;
let port: string;
beforeEach(async () => {
  world = await World.open();
  life = new Life(rotation as never, world);
  port = world.emulator.control.buyPort({ country: "DE" }).id;
});
afterEach(() => world.close());

const rotations = (): number => world.writes().filter((call) => call.endsWith("/rotate")).length;

it("rotates when it is made and when a trigger changes, and not in between", async () => {
  expect(await life.up({ port, triggers: ["v1"] })).toBe("create");
  expect(rotations()).toBe(1);
  expect(life.state.outs).toMatchObject({ rotationCount: 1, newIp: expect.stringMatching(/^[\d.]+$/) as string });
  expect(Date.parse(life.state.outs.lastRotatedAt as string)).not.toBeNaN();

  expect(await life.up({ port, triggers: ["v1"] })).toBe("same");
  expect(await life.refresh()).toBe("same");
  expect(rotations()).toBe(0);

  world.emulator.control.clock.advance("5m");
  expect(await life.up({ port, triggers: ["v2"] })).toBe("update");
  expect(rotations()).toBe(1);
  expect(life.state.outs).toMatchObject({ rotationCount: 2 });
});

it("waits for the cooldown, says how long, and rotates then", async () => {
  await life.up({ port, triggers: [1] });
  world.calls();
  expect(await life.up({ port, triggers: [2] })).toBe("update");
  expect(rotations()).toBe(1);
  expect(life.progress[0]).toMatch(/^waiting for the cooldown, (300|299) s left$/);
});

it("waits for the new address of a private port", async () => {
  const own = world.emulator.control.buyPort({ country: "DE", slotType: "private" });
  await life.up({ port: own.id });
  expect(life.state.outs.newIp).toEqual(expect.any(String));
  expect(life.progress.join()).toMatch(/waiting for the new address/);
});

it("is done where a run that is interrupted no longer waits for the address: the next one does not rotate again", async () => {
  const own = world.emulator.control.buyPort({ country: "DE", slotType: "private" });
  world.emulator.control.addFault({ path: "/ports/*/ip", status: 200, body: {} });
  world.isInterrupted = () => world.emulator.control.requests().some(({ path }) => path.endsWith("/rotate"));
  expect(await life.up({ port: own.id, triggers: ["v1"] })).toBe("create");
  expect(life.notices.join()).toContain("rotated, but its new address was not waited for.");
  expect(rotations()).toBe(1);
  world.isInterrupted = () => false;
  expect(await life.up({ port: own.id, triggers: ["v1"] })).toBe("same");
});

it("is done where the port cannot be read after it", async () => {
  world.emulator.control.addFault({ path: "/ports/*", method: "GET", status: 400 });
  expect(await life.up({ port, triggers: ["v1"] })).toBe("create");
});

it("gives up at its deadline and says why, and the next run tries again", async () => {
  world.emulator.control.addFault({
    path: "/ports/*/can-rotate",
    status: 200,
    body: { canRotate: false, reason: "No device is free." },
  });
  await expect(life.up({ port })).rejects.toThrow(
    /was not rotated: No device is free\. Waited 10 min; the next run tries again/,
  );
  expect(rotations()).toBe(0);
  world.emulator.control.clearFaults();
  expect(await life.up({ port })).toBe("create");
});

it("is not repeated where the answer was lost and the port had rotated", async () => {
  world.emulator.control.addFault({ method: "POST", path: "/ports/*/rotate", cut: "after", times: 1 });
  expect(await life.up({ port })).toBe("create");
  expect(rotations()).toBe(1);
  expect(life.state.outs).toMatchObject({ rotationCount: 1 });
});

it("does not rotate for the order of keys in a trigger", async () => {
  await life.up({ port, triggers: [{ a: 1, b: 2 }] });
  expect(await life.up({ port, triggers: [{ b: 2, a: 1 }] })).toBe("same");
});

it("does nothing when it is deleted", async () => {
  await life.up({ port });
  world.calls();
  await life.destroy();
  expect(world.calls()).toEqual([]);
});
