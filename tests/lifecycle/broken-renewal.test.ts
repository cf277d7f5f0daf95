import { chmodSync } from "node:fs";
import { join } from "node:path";
import { accountFolder } from "../../provider/run/account-folder";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { Life, World } from "./life";

const DAY = 86_400_000;
const ARGS: PortArgs = { country: "DE", slotType: "shared", expiresIn: "10d", renewBefore: "2d" };
const KEEP: PortArgs = { ...ARGS, onExpired: "keep" };

let world: World;
let life: Life<PortArgs>;

/** One slot, and a port in it whose lease is due. */
async function oneDue(args: PortArgs): Promise<void> {
  world = await World.open({ config: { slots: { shared: 1, private: 0 } } });
  life = new Life(port as never, world, "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a");
  await life.up(args);
  world.emulator.control.clock.advance(9 * DAY);
}

/** A run whose engine is killed: what its update comes to never reaches the state. */
async function killed(): Promise<void> {
  const { id = "", outs, inputs } = life.state;
  const process = life.process();
  await process.check(inputs, inputs);
  await process.diff(id, outs, inputs);
  await process.update(id, outs, inputs).catch(() => undefined);
}

/** Refuses every order of one run. */
const refuseOrders = (): void =>
  void world.emulator.control.addFault({ method: "POST", path: "/ports", status: 400, times: 7 });

afterEach(() => world.close());

const live = (): string[] => world.emulator.control.ports().map(({ id }) => id);
const expectOnePort = async (args: PortArgs): Promise<void> => {
  expect(live()).toEqual([life.state.outs.portId]);
  expect(life.state.outs.status).toBe("active");
  expect(await life.up(args)).toBe("same");
};

describe('killed between the release and the purchase, with onExpired that is not "replace"', () => {
  it.each(["keep", "fail"] as const)("%s: the run after a refresh buys", async (onExpired) => {
    const args: PortArgs = { ...ARGS, onExpired };
    await oneDue(args);
    refuseOrders();
    await killed();
    expect(live()).toEqual([]);
    await life.refresh();
    expect(await life.up(args)).toBe("update");
    await expectOnePort(args);
  });

  it("the next run buys, though the old lease has ended meanwhile", async () => {
    await oneDue(KEEP);
    refuseOrders();
    await killed();
    world.emulator.control.clock.advance(DAY + 60_000);
    expect(await life.up(KEEP)).toBe("update");
    await expectOnePort(KEEP);
  });

  it("a release whose answer is lost counts too", async () => {
    await oneDue(KEEP);
    world.emulator.control.addFault({ method: "DELETE", path: "/ports/*", status: 500, commit: true });
    await expect(life.up(KEEP)).rejects.toThrow(/500/);
    world.emulator.control.clearFaults();
    expect(live()).toEqual([]);
    await life.refresh();
    expect(await life.up(KEEP)).toBe("update");
    await expectOnePort(KEEP);
  });

  it("is told by the state's pending update on another machine, which has no journal", async () => {
    await oneDue(KEEP);
    refuseOrders();
    await killed();
    const folder = process.env.PROXIES_SX_JOURNAL_DIR ?? "";
    process.env.PROXIES_SX_JOURNAL_DIR = join(folder, "elsewhere");
    try {
      world.updating = [life.urn];
      // As `pulumi up --refresh` does: the state still has the operation when its update begins.
      await life.refresh();
      expect(await life.up(KEEP)).toBe("update");
      world.updating = [];
      await expectOnePort(KEEP);
    } finally {
      process.env.PROXIES_SX_JOURNAL_DIR = folder;
    }
  });

  it("says nothing of a port that goes later: it is kept", async () => {
    await oneDue(KEEP);
    refuseOrders();
    await killed();
    expect(await life.up(KEEP)).toBe("update");
    const [id = ""] = live();
    world.emulator.control.removePort(id);
    world.emulator.control.clock.advance(9 * DAY);
    await life.refresh();
    expect(await life.up(KEEP)).toBe("same");
    expect(live()).toEqual([]);
  });
});

it("a release that the vendor refuses is none: what onExpired says holds once the lease has ended", async () => {
  await oneDue(KEEP);
  world.emulator.control.addFault({ method: "DELETE", path: "/ports/*", status: 403, times: 1 });
  await expect(life.up(KEEP)).rejects.toThrow(/403/);
  world.emulator.control.clock.advance(DAY + 60_000);
  expect(await life.up(KEEP)).toBe("same");
  expect(world.emulator.control.purchases()).toHaveLength(1);
});

it("an engine that is gone gets no port released for it", async () => {
  await oneDue(ARGS);
  const [id] = live();
  world.hasEngine = () => false;
  await expect(life.up(ARGS)).rejects.toThrow(/nothing was released/);
  expect(live()).toEqual([id]);
  world.hasEngine = () => true;
  expect(await life.up(ARGS)).toBe("update");
  await expectOnePort(ARGS);
});

it("an engine that is gone by the time of the answer keeps the old port, by which clients go", async () => {
  const args: PortArgs = { ...ARGS, overlap: "0s" };
  await oneDue(args);
  world.emulator.control.configure({ slots: { shared: 2, private: 0 } });
  const [id] = live();
  world.hasEngine = () => live().length < 2;
  await killed();
  expect(live()).toContain(id);
  world.hasEngine = () => true;
  expect(await life.up(args)).toBe("update");
  await expectOnePort(args);
  expect(world.emulator.control.purchases()).toHaveLength(2);
});

it("a destroy releases what a killed renewal bought too", async () => {
  await oneDue(ARGS);
  world.emulator.control.configure({ slots: { shared: 2, private: 0 } });
  await killed();
  expect(live()).toHaveLength(2);
  await life.destroy();
  expect(live()).toEqual([]);
});

it("a destroy goes on where others may write to the journal: it buys nothing", async () => {
  await oneDue(ARGS);
  chmodSync(accountFolder({ apiKey: world.emulator.apiKey, apiUrl: world.emulator.url }), 0o777);
  await life.destroy();
  expect(live()).toEqual([]);
  expect(life.notices).toEqual([expect.stringMatching(/chmod go-w.*proxies-sx orphans/)]);
});
