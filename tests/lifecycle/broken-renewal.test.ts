import { chmodSync } from "node:fs";
import { join } from "node:path";
import { disownCommand } from "../../cli/commands/disown";
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

/** As on another machine: the journal of the run before is not there. */
async function elsewhere(run: () => Promise<void>): Promise<void> {
  const folder = process.env.PROXIES_SX_JOURNAL_DIR ?? "";
  process.env.PROXIES_SX_JOURNAL_DIR = join(folder, "elsewhere");
  try {
    await run();
  } finally {
    process.env.PROXIES_SX_JOURNAL_DIR = folder;
  }
}

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

  // As `pulumi up --refresh` does, which still has the operation when its update begins; or a refresh came before.
  it.each([
    ["the state's pending update", 1],
    ["the mark that an earlier refresh left, after which the engine no longer has the operation", 2],
  ])("is known on another machine, which has no journal, by %s", async (_what, refreshes) => {
    await oneDue(KEEP);
    refuseOrders();
    await killed();
    await elsewhere(async () => {
      world.updating = [life.urn];
      await life.refresh();
      if (refreshes > 1) {
        world.updating = [];
        await life.refresh();
      }
      expect(await life.up(KEEP)).toBe("update");
      world.updating = [];
      await expectOnePort(KEEP);
    });
  });

  it("the bound of a fleet does not hold it back", async () => {
    await oneDue(ARGS);
    refuseOrders();
    await killed();
    expect(live()).toEqual([]);
    expect(await life.up(ARGS, { __hold: 60 })).toBe("update");
    await expectOnePort(ARGS);
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

/** A vendor may carry out an order after its answer was lost, and after the run looked for it. */
it.each([1, 2])(
  "an order that was lost and is carried out late is taken up on another machine (slots: %p)",
  async (slots) => {
    await oneDue(ARGS);
    world.emulator.control.configure({ slots: { shared: slots, private: 0 } });
    world.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, cut: "before" });
    await expect(life.up(ARGS)).rejects.toThrow(/the answer to the purchase was lost .* no new port that fits/);
    const late = world.emulator.control.buyPort({ country: "DE", slotType: "shared", expiresIn: 10 * 86_400 });
    world.emulator.control.clock.advance(6 * 3_600_000);
    await elsewhere(async () => {
      expect(await life.up(ARGS)).toBe("update");
      expect(life.state.outs.portId).toBe(late.id);
      if (slots > 1) expect(await life.up(ARGS)).toBe("update"); // the old port goes
      expect(life.state.outs.__brokeOff).toBeUndefined();
      await expectOnePort(ARGS);
    });
  },
);

it.each(["here", "elsewhere"])("and so it is by a run that gives the Port a new name, %s", async (where) => {
  await oneDue(ARGS);
  world.emulator.control.configure({ slots: { shared: 2, private: 0 } });
  world.emulator.control.addFault({ method: "POST", path: "/ports", times: 1, cut: "before" });
  await expect(life.up(ARGS)).rejects.toThrow(/the answer to the purchase was lost/);
  const late = world.emulator.control.buyPort({ country: "DE", slotType: "shared", expiresIn: 10 * 86_400 });
  const state = world.exported();
  world.exported = () => state;
  const next = async (): Promise<void> => {
    Object.assign(life, { urn: `${life.urn}-new` });
    expect(await life.up(ARGS)).toBe("update");
    expect(life.state.outs.portId).toBe(late.id);
  };
  await (where === "here" ? next() : elsewhere(next));
});

it("what is bought minutes after a lost order may be another stack's: it is not taken on another machine", async () => {
  await oneDue(ARGS);
  const { control } = world.emulator;
  control.configure({ slots: { shared: 3, private: 0 } });
  control.addFault({ method: "POST", path: "/ports", times: 1, cut: "before" });
  await expect(life.up(ARGS)).rejects.toThrow(/the answer to the purchase was lost/);
  control.clock.advance(120_000);
  const { id: theirs } = control.buyPort({ country: "DE", slotType: "shared", expiresIn: 10 * 86_400 });
  await elsewhere(async () => {
    expect(await life.up(ARGS)).toBe("update");
    expect(await life.up(ARGS)).toBe("update"); // the old port goes
    expect(live().sort()).toEqual([theirs, life.state.outs.portId].sort());
  });
});

describe("killed after the purchase, and run on another machine, where there is no journal", () => {
  async function killedAfterPurchase(): Promise<string> {
    world = await World.open({ config: { slots: { shared: 2, private: 0 } } });
    life = new Life(port as never, world, "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::a");
    await life.up(ARGS);
    world.emulator.control.clock.advance(8 * DAY + 60_000);
    await killed();
    expect(live()).toHaveLength(2);
    return live().find((id) => id !== life.state.outs.portId) as string;
  }

  it.each([
    ["a plain run", 0],
    ["a refresh and a run", 1],
    ["two refreshes and a run", 2],
  ])("%s: the port is taken up", async (_what, refreshes) => {
    const fresh = await killedAfterPurchase();
    await elsewhere(async () => {
      world.updating = [life.urn];
      for (let at = 0; at < refreshes; at += 1) {
        await life.refresh();
        world.updating = [];
      }
      expect(await life.up(ARGS)).toBe("update");
      world.updating = [];
      expect(life.state.outs.portId).toBe(fresh);
      expect(life.state.outs.__brokeOff).toBeUndefined();
      expect(await life.up(ARGS)).toBe("update");
      expect(live()).toEqual([fresh]);
      expect(await life.up(ARGS)).toBe("same");
      expect(await life.refresh()).toBe("same");
      expect(world.emulator.control.purchases()).toHaveLength(2);
    });
  });

  it.each(["there", "elsewhere"])("the Port has a new name since: it is taken up all the same (%s)", async (where) => {
    const fresh = await killedAfterPurchase();
    world.updating = [life.urn];
    const renamed = new Life<PortArgs>(port as never, world, `${life.urn}-renamed`);
    renamed.restore(life.state);
    const goOn = async (): Promise<void> => void (await renamed.up(ARGS));
    await (where === "there" ? goOn() : elsewhere(goOn));
    expect([renamed.state.outs.portId, world.emulator.control.purchases().length]).toEqual([fresh, 2]);
  });

  it("the run that takes it up is killed too: the next one there does, however much later", async () => {
    const fresh = await killedAfterPurchase();
    await elsewhere(async () => {
      world.updating = [life.urn];
      await killed();
      world.updating = [];
      world.emulator.control.clock.advance(DAY);
      expect(await life.up(ARGS)).toBe("update");
      expect(life.state.outs.portId).toBe(fresh);
      expect(world.emulator.control.purchases()).toHaveLength(2);
    });
  });

  it("the state was saved long after, by another run that was killed: what may have been bought is named", async () => {
    const fresh = await killedAfterPurchase();
    world.emulator.control.configure({ slots: { shared: 3, private: 0 } });
    world.emulator.control.clock.advance(3_600_000);
    await elsewhere(async () => {
      world.updating = [life.urn];
      world.savedAt = Date.now() - 60_000;
      expect(await life.up(ARGS)).toBe("update");
      expect(life.state.outs.portId).not.toBe(fresh);
      expect(life.notices.join()).toContain(`may have bought one of the older or disowned ports ${fresh},`);
    });
  });

  it("a port that somebody else bought then and that nearly fits is named; disowned as the error says, it stops no run", async () => {
    await killedAfterPurchase();
    const { control, apiKey, url } = world.emulator;
    control.removePort(live().find((id) => id !== life.state.outs.portId) as string);
    const other = control.buyPort({ country: "DE", slotType: "shared", expiresIn: 10 * 86_400 + 1_800 });
    control.configure({ slots: { shared: 3, private: 0 } });
    await elsewhere(async () => {
      world.updating = [life.urn];
      await expect(life.up(ARGS)).rejects.toThrow(`npx proxies-sx disown ${other.id}\``);
      const env = { ...process.env, PROXIES_API_KEY: apiKey, PROXIES_API_URL: url };
      const quiet = { out: () => undefined, err: () => undefined, hide: () => undefined, input: async () => "" };
      expect(await disownCommand([other.id], { env, ...quiet })).toBe(0);
      expect(await life.up(ARGS)).toBe("update");
      world.updating = [];
      expect(life.state.outs.portId).not.toBe(other.id);
      expect(await life.up(ARGS)).toBe("update");
      expect(live().sort()).toEqual([other.id, life.state.outs.portId].sort());
      expect(await life.up(ARGS)).toBe("same");
    });
  });

  it("the run that takes it up is killed too: a destroy there releases it, and leaves no port", async () => {
    await killedAfterPurchase();
    await elsewhere(async () => {
      world.updating = [life.urn];
      await killed();
      world.updating = [];
      await life.destroy();
      expect(live()).toEqual([]);
    });
  });

  it("a destroy after a refresh says where to look for what may have been bought", async () => {
    await killedAfterPurchase();
    await elsewhere(async () => {
      world.updating = [life.urn];
      await life.refresh();
      world.updating = [];
      await life.destroy();
      expect(life.notices.join()).toMatch(/did not end may have bought another in its place: `npx proxies-sx orphans`/);
    });
  });
});

it("an update that was killed before the lease was due was no renewal", async () => {
  await oneDue(KEEP);
  world.savedAt = Date.now() - 4 * DAY;
  world.emulator.control.clock.advance(DAY + 60_000);
  await elsewhere(async () => {
    world.updating = [life.urn];
    await life.refresh();
    expect(await life.up(KEEP)).toBe("same");
    expect(world.emulator.control.purchases()).toHaveLength(1);
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

it("a destroy releases what a killed run bought to replace a port that was tainted: no comparison had shown it", async () => {
  await oneDue(ARGS);
  world.emulator.control.configure({ slots: { shared: 2, private: 0 } });
  const process = life.process();
  await process.check({}, life.state.inputs);
  await process.create(life.state.inputs);
  expect(live()).toHaveLength(2);
  await life.destroy();
  expect(live()).toEqual([]);
});

it("a destroy names what a renewal may have bought whose answer was lost, and does not release it", async () => {
  await oneDue(ARGS);
  const { control } = world.emulator;
  control.configure({ slots: { shared: 2, private: 0 } });
  control.addFault({ method: "POST", path: "/ports", times: 1, cut: "after" });
  world.isInterrupted = () => control.purchases().length === 2;
  await killed();
  world.isInterrupted = () => false;
  const serving = life.state.outs.portId as string;
  const [lost] = live().filter((id) => id !== serving);
  await life.destroy();
  expect(live()).toEqual([lost]);
  expect(life.notices).toEqual([
    `port ${serving}: a run that did not end may have bought ${lost} in its place: \`npx proxies-sx orphans\` finds it.`,
  ]);
});

it("a destroy goes on where others may write to the journal: it buys nothing", async () => {
  await oneDue(ARGS);
  chmodSync(accountFolder({ apiKey: world.emulator.apiKey, apiUrl: world.emulator.url }), 0o777);
  await life.destroy();
  expect(live()).toEqual([]);
  expect(life.notices).toEqual([expect.stringMatching(/chmod go-w.*proxies-sx orphans/)]);
});

describe("a run that is interrupted", () => {
  const has = (method: string): boolean => world.emulator.control.requests().some((one) => one.method === method);

  it.each([
    ["still buys the one in its place: clients have none", {}],
    ["looks for it where the answer to its order is lost", { path: "/ports", status: 500, commit: true }],
  ])("once the old port is released %s", async (_what, fault) => {
    await oneDue(KEEP);
    if ("status" in fault) world.emulator.control.addFault({ method: "POST", ...fault });
    world.calls();
    world.isInterrupted = () => has("DELETE");
    expect(await life.up(KEEP)).toBe("update");
    world.isInterrupted = () => false;
    await expectOnePort(KEEP);
  });

  it("buys what an earlier run released and did not buy", async () => {
    await oneDue(KEEP);
    refuseOrders();
    await expect(life.up(KEEP)).rejects.toThrow();
    world.emulator.control.clearFaults();
    world.isInterrupted = () => true;
    expect(await life.up(KEEP)).toBe("update");
    world.isInterrupted = () => false;
    await expectOnePort(KEEP);
  });

  it("before it, as while the slot is refused, releases nothing", async () => {
    await oneDue(KEEP);
    const before = live();
    world.calls();
    world.isInterrupted = () => true;
    await expect(life.up(KEEP)).rejects.toThrow("interrupted; nothing was released");
    world.isInterrupted = () => false;
    expect(live()).toEqual(before);
    expect(await life.up(KEEP)).toBe("update");
    await expectOnePort(KEEP);
  });

  it("by an engine that is gone buys none for a port that was released: the next run does", async () => {
    await oneDue(KEEP);
    world.calls();
    world.hasEngine = () => !has("DELETE");
    const before = life.state;
    await expect(life.up(KEEP)).rejects.toThrow();
    life.restore(before);
    world.hasEngine = () => true;
    expect(live()).toEqual([]);
    expect(await life.up(KEEP)).toBe("update");
    await expectOnePort(KEEP);
  });
});
