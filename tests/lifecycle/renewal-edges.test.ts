import { credentials, type CredentialsArgs } from "../../provider/credentials";
import { osFingerprint, type OsFingerprintArgs } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { rotationSettings, type RotationSettingsArgs } from "../../provider/rotation-settings";
import { Life, World } from "./life";

const DAY = 86_400_000;
const ARGS: PortArgs = {
  country: "DE",
  carrier: "Vodafone",
  slotType: "shared",
  expiresIn: "10d",
  renewBefore: "2d",
};
const URN = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx";

let world: World;
let life: Life<PortArgs>;

async function open(options: Parameters<typeof World.open>[0] = {}): Promise<void> {
  world = await World.open(options);
  life = another("a");
}
const another = (name: string): Life<PortArgs> => new Life(port as never, world, `${URN}:Port::${name}`);

afterEach(() => world.close());

const live = (): string[] => world.emulator.control.ports().map(({ id }) => id);
const portId = (of = life): string => of.state.outs.portId as string;
const retiring = (of = life): string[] =>
  ((of.state.outs.retiring ?? []) as { portId: string }[]).map((one) => one.portId);
const rented = (id: string) => world.emulator.control.port(id);

describe("an old port of another resource that still serves", () => {
  const OVERLAP: PortArgs = { ...ARGS, overlap: "1d" };
  let other: Life<PortArgs>;

  /** Two ports on three slots: `life` has an old port that serves on, `other` one that serves no more. */
  async function oneDead(status: string): Promise<string> {
    await open({ config: { slots: { shared: 3, private: 0 } } });
    other = another("b");
    await life.up(OVERLAP);
    await other.up(OVERLAP);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(OVERLAP);
    expect(retiring()).toEqual([first]);
    world.emulator.control.editPort(portId(other), { status });
    return first;
  }

  it.each(["expired", "suspended"])("stays where the own port is %s and holds a slot", async (status) => {
    const first = await oneDead(status);
    await other.refresh();
    world.calls();
    const dead = portId(other);
    expect(await other.up(OVERLAP)).toBe("update");
    expect(world.writes()).toEqual([`DELETE /v1/ports/${dead}`, "POST /v1/ports"]);
    expect(live().sort()).toEqual([first, portId(), portId(other)].sort());
  });

  it("stays where it alone serves for its resource: the other makes room itself", async () => {
    const first = await oneDead("active");
    world.emulator.control.editPort(portId(), { status: "expired" });
    await life.refresh();
    const old = portId(other);
    expect(await other.up(OVERLAP)).toBe("update");
    expect(live()).toContain(first);
    expect(live()).not.toContain(old);
  });

  it("stays also where the state does not show yet that the port after it is gone", async () => {
    const first = await oneDead("active");
    world.emulator.control.editPort(portId(), { status: "expired" });
    const old = portId(other);
    expect(await other.up(OVERLAP)).toBe("update");
    expect(live()).toContain(first);
    expect(live()).not.toContain(old);
  });

  it("goes last where its resource's settings are not on the port after it", async () => {
    await open({ config: { slots: { shared: 4, private: 0 } } });
    other = another("b");
    const login = new Life<CredentialsArgs>(credentials as never, world, `${URN}:Credentials::login`);
    const third = another("c");
    await life.up(OVERLAP);
    await other.up(OVERLAP);
    const [first, second] = [portId(), portId(other)];
    await login.up({ port: first, proxyLogin: "team", proxyPassword: "pass-word-1" });
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(OVERLAP);
    world.emulator.control.clock.advance(60_000);
    await other.up(OVERLAP);
    expect(await third.up(OVERLAP)).toBe("create");
    expect(live()).toContain(first);
    expect(live()).not.toContain(second);
  });

  it("is dropped by the next run of its resource once it was released early, without a warning", async () => {
    await open({ config: { slots: { shared: 3, private: 0 } } });
    other = another("b");
    await life.up(ARGS);
    await other.up(ARGS);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    const [first = ""] = retiring();
    await other.up(ARGS);
    expect([live().includes(first), retiring()]).toEqual([false, [first]]);
    expect(await life.up(ARGS)).toBe("update");
    expect([retiring(), life.notices]).toEqual([[], []]);
    expect(await life.up(ARGS)).toBe("same");
  });

  it("leaves the state with an update of its resource in the run that released it early", async () => {
    await open({ config: { slots: { shared: 2, private: 0 } } });
    other = another("b");
    await life.up(OVERLAP);
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(OVERLAP);
    const { id = "", outs, inputs } = life.state;
    const { port: run } = life.processOf({ port });
    const changed = { ...inputs, osFingerprint: "windows:1" };
    await run.check(inputs, changed);
    await run.diff(id, outs, changed);
    await run.check({}, { ...OVERLAP, __urn: other.urn });
    await run.create({ ...OVERLAP, __urn: other.urn });
    expect((await run.update(id, outs, changed)).outs.retiring).toBeUndefined();
  });

  it("stays where a purchase is refused for another reason than a slot", async () => {
    await open();
    other = another("b");
    await life.up(OVERLAP);
    await other.up(OVERLAP);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(OVERLAP);
    world.emulator.control.removePort(portId(other));
    world.emulator.control.addFault({ method: "POST", path: "/ports", status: 403, body: { message: "No funds" } });
    await expect(other.up(OVERLAP)).rejects.toThrow(/403/);
    expect(live()).toContain(first);
  });
});

it("an old port whose lease has ended leaves the state, though settings are behind", async () => {
  await open();
  const login = new Life<CredentialsArgs>(credentials as never, world, `${URN}:Credentials::login`);
  await life.up(ARGS);
  const first = portId();
  // Their port is given as text, so they do not see the renewal.
  await login.up({ port: first, proxyLogin: "team", proxyPassword: "pass-word-1" });
  world.emulator.control.clock.advance(9 * DAY);
  await life.up(ARGS);
  expect(await life.up(ARGS)).toBe("same");
  expect(life.infos.at(-1)).toContain(`an old port is kept until Credentials "login" is on port ${portId()}`);
  world.emulator.control.clock.advance(DAY + 60_000);
  expect(await life.up(ARGS)).toBe("update");
  expect([retiring(), live()]).toEqual([[], [portId()]]);
});

it("an old port is not released while the one after it is suspended", async () => {
  await open();
  await life.up(ARGS);
  const first = portId();
  world.emulator.control.clock.advance(9 * DAY);
  await life.up(ARGS);
  world.emulator.control.editPort(portId(), { status: "suspended" });
  await life.refresh();
  expect(await life.up(ARGS)).toBe("same");
  expect(live()).toContain(first);
  world.emulator.control.editPort(portId(), { status: "active" });
  await life.refresh();
  expect(await life.up(ARGS)).toBe("update");
  expect(live()).toEqual([portId()]);
});

it.each(["gone", "expired", "suspended"])(
  "an old port is not released while the one after it is %s, though no refresh has put that into the state",
  async (how) => {
    await open();
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    const second = portId();
    if (how === "gone") world.emulator.control.removePort(second);
    else world.emulator.control.editPort(second, { status: how });
    expect(await life.up(ARGS)).toBe("same");
    expect(life.infos.at(-1)).toBe(
      `an old port is kept: port ${second} does not serve. \`pulumi up --refresh\` takes that into the state.`,
    );
    expect(live()).toContain(first);
  },
);

it("a dead port that goes after a refusal is reported with the vendor's reason", async () => {
  await open();
  await life.up(ARGS);
  const dead = portId();
  world.emulator.control.editPort(dead, { status: "expired" });
  await life.refresh();
  const body = { message: "Too many orders" };
  world.emulator.control.addFault({ method: "POST", path: "/ports", status: 403, body, times: 1 });
  expect(await life.up(ARGS)).toBe("update");
  expect(life.infos.at(-1)).toBe(
    `the purchase was refused (Too many orders): port ${dead}, which serves no more, was released, and the purchase is tried again.`,
  );
});

/** A renewed Port. Gives the old one, which serves on. */
async function renewedOnce(): Promise<string> {
  await open();
  await life.up(ARGS);
  const first = portId();
  world.emulator.control.clock.advance(9 * DAY);
  await life.up(ARGS);
  return first;
}

describe("an import of an old port that still serves", () => {
  it("is refused: the resource that renewed it releases it", async () => {
    const first = await renewedOnce();
    const other = another("b");
    await expect(other.up(ARGS, { __adopt: first })).rejects.toThrow(
      `port ${first} is an old port of "a", which port ${portId()} has taken the place of`,
    );
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
  });
});

it("a port that a killed replacement bought keeps its own slot type when a renewal takes it up", async () => {
  await open();
  await life.up(ARGS);
  const { id, outs, inputs } = life.state;
  const killed = life.process();
  const private_ = { ...inputs, slotType: "private" };
  await killed.check(inputs, private_);
  await killed.diff(id as string, outs, private_);
  await killed.check({}, private_);
  const { id: bought } = await killed.create(private_); // its answer never reaches the state
  world.emulator.control.clock.advance(8 * DAY + 60_000);
  expect(await life.up(ARGS)).toBe("update");
  expect(portId()).toBe(bought);
  expect(life.state.outs.slotType).toBe("private");
  expect(life.notices.join()).toContain("is not what the program declares");
});

describe("a replacement that was asked for and killed, `up --replace`", () => {
  /** Buys as the create of a replacement does. What it comes to never reaches the state. */
  async function killedReplacement(): Promise<void> {
    await open();
    await life.up(ARGS);
    const { inputs } = life.state;
    const killed = life.process();
    await killed.check({}, inputs);
    await killed.create(inputs).catch(() => undefined);
    expect(live()).toHaveLength(2);
  }

  it("is finished by the next run, which nobody asks for it again", async () => {
    await killedReplacement();
    const first = portId();
    expect(await life.up(ARGS)).toBe("update");
    expect(life.infos.join("\n")).toContain("a run that did not end bought another port for it: renewed");
    expect(portId()).not.toBe(first);
    expect(await life.up(ARGS)).toBe("update"); // the old one is released
    expect(await life.up(ARGS)).toBe("same");
    expect([live(), world.emulator.control.purchases().length]).toEqual([[portId()], 2]);
  });

  it("is finished where the answer was lost too, after a refresh", async () => {
    await open();
    await life.up(ARGS);
    const first = portId();
    const { inputs } = life.state;
    const killed = life.process();
    await killed.check({}, inputs);
    // The list fails after it, so that nothing is found out before the process is gone.
    world.emulator.control.addFault({ method: "POST", path: "/ports", status: 502, commit: true });
    world.emulator.control.addFault({ method: "GET", path: "/ports", status: 400, after: 1, times: 99 });
    await expect(killed.create(inputs)).rejects.toThrow();
    expect(live()).toHaveLength(2);
    world.emulator.control.clearFaults();
    expect(await life.refresh()).toBe("same");
    expect(await life.up(ARGS)).toBe("update");
    expect(portId()).not.toBe(first);
    await life.up(ARGS);
    expect([live(), world.emulator.control.purchases().length]).toEqual([[portId()], 2]);
  });

  it("is none where somebody has imported what an unclear order may have bought: the other candidate is not taken", async () => {
    await open();
    const buying = life.process();
    const inputs = { ...ARGS, __provider: "text", __urn: life.urn };
    await buying.check({}, inputs);
    const { id: others } = await buying.create({ ...inputs, __urn: another("b").urn });
    // Somebody else buys the same after this process has seen the list.
    const { id: foreign } = world.emulator.control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: 864_000 });
    world.emulator.control.addFault({ method: "POST", path: "/ports", status: 502, commit: true, times: 1 });
    await expect(buying.create(inputs)).rejects.toThrow(/2 new ports fit/);
    const [mine = ""] = live().filter((id) => id !== others && id !== foreign);
    expect(await life.up(ARGS, { __adopt: mine })).toBe("create");
    expect(await life.up(ARGS, { __adopt: mine })).toBe("same");
    expect(await life.up(ARGS)).toBe("same");
    expect(portId()).toBe(mine);
  });

  describe("of another slot type", () => {
    let bought: string;
    beforeEach(async () => {
      await open();
      await life.up(ARGS);
      const killed = life.process();
      const { id, outs, inputs } = life.state;
      const wanted = { ...inputs, slotType: "private" };
      await killed.check(inputs, wanted);
      await killed.diff(id as string, outs, wanted);
      await killed.check({}, wanted);
      ({ id: bought } = await killed.create(wanted));
    });

    it("is left to the list of orphans where the program takes the change back: each run says so", async () => {
      for (const run of [1, 2]) {
        expect(await life.up(ARGS)).toBe("same");
        expect(life.notices).toHaveLength(run);
        expect(life.notices.at(-1)).toMatch(
          new RegExp(`^port ${bought}, .* has the slot type "private", and is not taken up now\\. .*orphans`),
        );
      }
      expect(world.emulator.control.purchases()).toHaveLength(2);
    });

    it("is taken up where it does not, and the old one released", async () => {
      expect(await life.up({ ...ARGS, slotType: "private" })).toBe("replace");
      expect([live(), portId()]).toEqual([[bought], bought]);
      expect(world.emulator.control.purchases()).toHaveLength(2);
    });

    it("goes with a destroy", async () => {
      await life.destroy();
      expect(live()).toEqual([]);
    });
  });
});

it("a refresh leaves the mark of a broken renewal, also while the vendor still returns the released port", async () => {
  await open({ config: { slots: { shared: 1, private: 0 } } });
  const args: PortArgs = { ...ARGS, onExpired: "keep" };
  await life.up(args);
  const first = portId();
  world.emulator.control.clock.advance(9 * DAY);
  world.emulator.control.addFault({ method: "POST", path: "/ports", status: 400, times: 7 });
  await expect(life.up(args)).rejects.toThrow(/400/);
  expect(life.state.outs.status).toBe("renewing");
  const body = { id: first, status: "expired", slotType: "shared" };
  world.emulator.control.addFault({ method: "GET", path: `/ports/${first}`, status: 200, body, times: 1 });
  expect(await life.refresh()).toBe("same");
  expect(await life.up(args)).toBe("update");
  expect([life.state.outs.status, live()]).toEqual(["active", [portId()]]);
});

describe("settings whose answer is lost", () => {
  /** Carried out with a lost answer, then refused: each once. */
  const lose = (): void => {
    for (const fault of [{ status: 500, commit: true }, { status: 400 }]) {
      for (const path of ["/ports/*/credentials", "/ports/*/os-fingerprint", "/ports/*/rotation-settings"]) {
        world.emulator.control.addFault({ path, times: 1, ...fault });
      }
    }
  };

  it("keep what the new port had, for their delete", async () => {
    await open();
    const login = new Life<CredentialsArgs>(credentials as never, world, `${URN}:Credentials::login`);
    const system = new Life<OsFingerprintArgs>(osFingerprint as never, world, `${URN}:OsFingerprint::system`);
    const interval = new Life<RotationSettingsArgs>(rotationSettings as never, world, `${URN}:RotationSettings::i`);
    await life.up(ARGS);
    const set = async (): Promise<string[]> => {
      const hidden = { __portId: portId() };
      const id = life.state.id as string;
      const all = [
        () => login.up({ port: id, proxyLogin: "team", proxyPassword: "pass-word-1" }, hidden),
        () => system.up({ port: id, osFingerprint: "ios:1" }, hidden),
        () => interval.up({ port: id, intervalSeconds: 1_200 }, hidden),
      ];
      const done: string[] = [];
      for (const one of all) done.push(await one().catch(() => "failed"));
      return done;
    };
    await set();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    const { proxyLogin, proxyPassword, osFingerprint: own } = rented(portId()) ?? {};
    lose();
    expect(await set()).toEqual(["failed", "failed", "failed"]);
    expect(rented(portId())).toMatchObject({
      proxyLogin: "team",
      osFingerprint: "ios:1",
      rotationSettings: { enabled: true, intervalSeconds: 1_200 },
    });
    await set();
    await login.destroy();
    await system.destroy();
    await interval.destroy();
    expect(rented(portId())).toMatchObject({
      proxyLogin,
      proxyPassword,
      osFingerprint: own,
      rotationSettings: { enabled: false },
    });
  });
});

it.each(["keep", "fail", "replace"] as const)(
  "a port that a killed renewal bought is not lost sight of, with onExpired %p and a refresh in between",
  async (onExpired) => {
    await open();
    const args: PortArgs = { ...ARGS, onExpired, overlap: "0s" };
    await life.up(args);
    world.emulator.control.clock.advance(9 * DAY);
    const { id, outs, inputs } = life.state;
    const killed = life.process();
    await killed.check(inputs, inputs);
    await killed.diff(id as string, outs, inputs);
    await killed.update(id as string, outs, inputs); // its answer never reaches the state
    expect(live()).toHaveLength(1);
    await life.refresh();
    expect(life.state.outs.status).toBe("deleted");
    expect(await life.up(args)).toBe("update");
    expect([live(), life.state.outs.status]).toEqual([[portId()], "active"]);
    expect(await life.up(args)).toBe("same");
    expect(world.emulator.control.purchases()).toHaveLength(2);
  },
);

it.each(["gone", "expired"])(
  "an old port is not released while the one after it is %s and none is bought",
  async (how) => {
    await open();
    await life.up(ARGS);
    const first = portId();
    world.emulator.control.clock.advance(9 * DAY);
    await life.up(ARGS);
    if (how === "gone") world.emulator.control.removePort(portId());
    else world.emulator.control.editPort(portId(), { status: "expired" });
    await life.refresh();
    world.emulator.control.addFault({ method: "POST", path: "/ports", status: 404, times: 1 });
    await expect(life.up(ARGS)).rejects.toThrow(/404/);
    expect(live()).toContain(first);
    expect(await life.up(ARGS)).toBe("update");
    expect(await life.up(ARGS)).toBe("update");
    expect(live()).toEqual([portId()]);
    expect(await life.up(ARGS)).toBe("same");
  },
);

it("settings for an id given as text fail not where the run renews the Port at the same time", async () => {
  await open();
  const login = new Life<CredentialsArgs>(credentials as never, world, `${URN}:Credentials::login`);
  await life.up(ARGS);
  const id = life.state.id as string;
  const args = { port: id, proxyLogin: "team", proxyPassword: "pass-word-1" };
  world.emulator.control.clock.advance(9 * DAY);
  for (const step of [0, 0, 10 * DAY]) {
    world.emulator.control.clock.advance(step);
    await life.up(ARGS);
  }
  await login.up(args, { __portId: portId() });
  const serving = portId();
  world.emulator.control.clock.advance(8.5 * DAY);

  const { port: ofPort, credentials: ofLogin } = life.processOf({ port, credentials });
  const [of, at] = [life.state, login.state];
  await ofPort.check(of.inputs, of.inputs);
  await ofPort.diff(id, of.outs, of.inputs);
  const inputs = { ...args, __urn: login.urn };
  if ((await ofLogin.diff(id, at.outs, inputs)).changes) {
    expect((await ofLogin.update(id, at.outs, inputs)).outs).toMatchObject({ port: id, __portId: serving });
  }
});

it.each([true, false])("an import of the port of another Port of the program is refused (first: %p)", async (first) => {
  await open();
  await life.up(ARGS);
  const { id, outs, inputs } = life.state;
  const imported = { ...ARGS, __adopt: id, __urn: another("b").urn };
  const { port: run } = life.processOf({ port });
  const importing = () => run.check({}, imported).then(({ failures }) => failures.map(({ reason }) => reason).join());
  const declared = async () => {
    await run.check(inputs, inputs);
    return run.diff(id as string, outs, inputs);
  };
  if (first) {
    expect(await importing()).toBe("");
    await expect(declared()).rejects.toThrow(`port ${id} is the port of "b" and of "a": keep one.`);
  } else {
    await declared();
    expect(await importing()).toContain(`port ${id} is the port of "a" and of "b": keep one.`);
  }
});

it("a port that one Port has and another's renewal left is released by neither, where the state holds both", async () => {
  const first = await renewedOnce();
  const other = another("b");
  other.restore({ ...life.state, id: first, outs: { ...life.state.outs, portId: first, retiring: undefined } });
  const { port: run } = life.processOf({ port });
  const compared = async ({ state: { id, outs, inputs }, urn }: Life<PortArgs>) => {
    const given = { ...inputs, __urn: urn };
    await run.check(inputs, given);
    return run.diff(id as string, outs, given);
  };
  expect(await compared(life)).toMatchObject({ changes: true });
  await expect(compared(other)).rejects.toThrow(
    `port ${first} is an old port of "a", and the port of "b": it is kept.`,
  );
  const { id, outs, inputs } = life.state;
  await run.update(id as string, outs, inputs);
  expect(live().sort()).toEqual([first, portId()].sort());
});

it("Credentials that a failed destroy made the engine forget put back what the port came with", async () => {
  await open();
  await life.up(ARGS);
  const { id = "", outs, inputs } = life.state;
  const own = { proxyLogin: String(outs.proxyLogin), proxyPassword: String(outs.proxyPassword) };
  const login = new Life<CredentialsArgs>(credentials as never, world, `${URN}:Credentials::login`);
  const team = { port: id, proxyLogin: "team", proxyPassword: "pass-word-1" };
  await login.up(team);
  login.restore({ outs: {}, inputs: {} });

  const run = life.processOf({ port, credentials });
  await run.port.diff(id, outs, inputs);
  await login.up(team, {}, run.credentials);
  expect(world.emulator.control.port(id)).toMatchObject({ proxyLogin: "team" });
  await login.destroy();
  expect(world.emulator.control.port(id)).toMatchObject(own);

  // The same login with another password is what somebody set at the vendor: that is put back.
  const byHand = { ...own, proxyPassword: "set-by-hand" };
  world.emulator.control.editPort(id, byHand);
  const again = life.processOf({ port, credentials });
  await again.port.diff(id, outs, inputs);
  await login.up({ port: id, proxyLogin: own.proxyLogin, proxyPassword: "pass-word-2" }, {}, again.credentials);
  await login.destroy();
  expect(world.emulator.control.port(id)).toMatchObject(byHand);
});
