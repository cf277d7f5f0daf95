import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, type Port, type PortOrder } from "../../api";
import { ClaimedPorts } from "../../provider/purchase/claimed-ports";
import { Journal } from "../../provider/purchase/journal";
import { PortReader } from "../../provider/run/port-reader";
import { KilledElsewhere, type OrderOf, type SentBetween } from "../../provider/purchase/killed-elsewhere";
import { type EndedRun } from "../../provider/run/surroundings";
import { type PendingOperation, StackState, type StateResource } from "../../provider/run/stack-state";

const TYPE = "pulumi-nodejs:dynamic/proxies-sx:Port";
const urnOf = (name: string): string => `urn:pulumi:dev::shop::${TYPE}::${name}`;
const ORDER: PortOrder = { countryId: "de", expiresInSeconds: 86_400 };

const PROVIDERS = "urn:pulumi:dev::shop::pulumi:providers";
const MINUTE = 60_000;
/** This machine's clock; the vendor's is an hour ahead. The state was saved 10 minutes before the run began. */
const BEGAN = Date.parse("2026-01-01T12:00:00Z");
const NOW = BEGAN + MINUTE;
const AHEAD = 60 * MINUTE;

const resource = (name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urnOf(name),
  type: TYPE,
  inputs: { country: "DE", expiresIn: "1d", __urn: name },
  ...more,
});
const pending = (name: string, type: PendingOperation["type"] = "creating"): PendingOperation => ({
  type,
  resource: resource(name),
});
/** A create under way of a resource that the state holds too. */
const pendingBeside = (held: Partial<StateResource>): Parameters<typeof run>[0] => ({
  operations: [pending("a")],
  resources: [resource("a", { id: "0", ...held })],
});
/** What a refresh leaves of an update that was under way for a minute, so many minutes after the state was saved. */
const markedAt = (minutes: number): SentBetween => {
  const at = BEGAN + (minutes - 10) * MINUTE + AHEAD;
  return { at, until: at + MINUTE };
};
/** A port of the vendor's, made so many minutes after the state was saved last. */
function made(id: string, minutes: number, more: Partial<Port> = {}): Port {
  const createdAt = BEGAN - 10 * MINUTE + AHEAD + minutes * MINUTE;
  return { id, createdAt, expiresAt: createdAt + 86_400_000, country: { id: "de", code: "DE" }, ...more };
}

/** A run on another machine, with what the state says and which ports nobody here claims. */
function run(
  told: {
    operations?: PendingOperation[];
    resources?: StateResource[];
    savedMinutesAgo?: number;
    time?: "none";
    last?: EndedRun;
  },
  ports: Port[],
  notice?: (text: string, urn?: string) => void,
  journal?: Journal,
): KilledElsewhere {
  const exported = JSON.stringify({
    deployment: {
      manifest: told.time ? {} : { time: new Date(BEGAN - (told.savedMinutesAgo ?? 10) * MINUTE).toISOString() },
      resources: told.resources ?? [],
      pending_operations: told.operations ?? [],
    },
  });
  const state = new StackState({
    exportStack: async () => exported,
    lastRun: async () => told.last,
    runBegan: () => BEGAN,
    sleep: async () => undefined,
  });
  return elsewhere(state, ports, notice, journal);
}

function elsewhere(
  state: StackState,
  ports: Port[],
  notice: (text: string, urn?: string) => void = () => undefined,
  journal = new Journal(join(tmpdir(), "proxies-sx-no-such-journal")),
): KilledElsewhere {
  const [now, serverNow] = [(): number => NOW, (): number => NOW + AHEAD];
  const listed = { ports: { list: async () => ports } } as unknown as Api;
  const claimed = new ClaimedPorts(journal, serverNow);
  return new KilledElsewhere(state, new PortReader(listed), claimed, { now, serverNow, runBegan: () => BEGAN, notice });
}

/** Inputs name countries by their codes, orders by ids. Where "XX" is, nobody knows any more. */
const orderOf: OrderOf = async (inputs) => {
  const { country, carrier } = inputs as { country: string; carrier?: string };
  if (country === "XX") return undefined;
  return { ...ORDER, countryId: country.toLowerCase(), ...(carrier && { carrierId: carrier }) };
};

async function find(purchases: KilledElsewhere, ...names: string[]): Promise<(string | undefined)[]> {
  const found = names.map(async (name) => {
    await purchases.prepare({ urn: urnOf(name) });
    return (await purchases.find({ urn: urnOf(name) }, ORDER, orderOf, true))?.id;
  });
  return Promise.all(found);
}

it("the one port that was made since is what the interrupted create bought", async () => {
  expect(await find(run({ operations: [pending("a")] }, [made("1", 2)]), "a")).toEqual(["1"]);
});

it("a port from just before the state was saved counts too: other resources may have been saved meanwhile", async () => {
  expect(await find(run({ operations: [pending("a")] }, [made("1", -5)]), "a")).toEqual(["1"]);
});

it.each<[string, Parameters<typeof run>[0], number]>([
  ["was made for a resource whose old port is still to be deleted", pendingBeside({ delete: true }), 2],
  [
    "is from any time before the run, where the state has no time",
    { operations: [pending("a")], time: "none" },
    -1_200,
  ],
  [
    "was made while the update ran that a refresh marked, however long ago",
    { resources: [resource("a", { id: "0", outputs: { __brokeOff: markedAt(-300) } })] },
    -299,
  ],
])("the port is taken up that %s", async (_what, state, minutes) => {
  expect(await find(run(state, [made("1", minutes)]), "a")).toEqual(["1"]);
});

it.each<[string, Parameters<typeof run>]>([
  ["no operation is pending", [{}, [made("1", 2)]]],
  ["it is another resource's", [{ operations: [pending("b")] }, [made("1", 2)]]],
  [
    "it was made in this run, for another resource: a lost order may still be waited for",
    [{ resources: [resource("a", { id: "0", outputs: { __brokeOff: markedAt(9.5) } })] }, [made("1", 10.4)]],
  ],
  ["it is no operation that buys", [{ operations: [pending("a", "reading")] }, [made("1", 2)]]],
  ["the port is from long before", [{ operations: [pending("a")] }, [made("1", -60)]]],
  [
    "the port was made hours after the killed run",
    [{ operations: [pending("a")], savedMinutesAgo: 120 }, [made("1", -70)]],
  ],
  ["the port was made in this run", [{ operations: [pending("a")] }, [made("1", 10.5)]]],
  [
    "the port has another lease",
    [{ operations: [pending("a")] }, [made("1", 2, { expiresAt: NOW + 30 * 86_400_000 })]],
  ],
  [
    "the resource was made by a later run",
    [{ operations: [pending("a")], resources: [resource("a")] }, [made("1", 2)]],
  ],
])("nothing is taken up where %s", async (_why, [state, ports]) => {
  expect(await find(run(state, ports), "a")).toEqual([undefined]);
});

describe("older ports that nothing here holds, and that a run before the last may have bought", () => {
  const warned = async (ports: Port[], names = ["a"], held: Partial<StateResource>[] = []): Promise<string[]> => {
    const warnings: string[] = [];
    const operations = ["a", "b"].map((name) => pending(name));
    const resources = held.map((more) => resource("other", more));
    const purchases = run({ operations, resources }, ports, (text, urn) => warnings.push(`${urn}: ${text}`));
    await find(purchases, ...names);
    return warnings;
  };

  it("are named once in a run, three of them, before another is bought", async () => {
    const ports = ["1", "2", "3", "4", "5"].map((id) => made(id, -60));
    expect(await warned(ports, ["a", "b"])).toEqual([
      `${urnOf("a")}: a run that did not end well, on another machine, may have bought one of the older or disowned ports ` +
        "1, 2, 3 and 2 more, which this stack's state does not hold. Another is bought. " +
        "`npx proxies-sx orphans` lists ports without an owner.",
    ]);
  });

  it.each<[string, { port: Port; held?: Partial<StateResource> }]>([
    ["is for another country", { port: made("1", -60, { country: { id: "pl", code: "PL" } }) }],
    ["has another lease", { port: made("1", -60, { expiresAt: NOW + 30 * 86_400_000 }) }],
    ["is over", { port: made("1", -60 * 25) }],
    ["is another resource's", { port: made("1", -60), held: { id: "1" } }],
    ["was made by this run", { port: made("1", 10.5) }],
  ])("are not named where one %s", async (_which, { port, held }) => {
    expect(await warned([port], ["a"], held ? [held] : [])).toEqual([]);
  });

  it("are not named where one says not when it was made: it is what another operation may have bought", async () => {
    const warnings: string[] = [];
    const inputs = { country: "DE", carrier: "v", expiresIn: "1d" };
    const operations: PendingOperation[] = [pending("a"), { type: "creating", resource: resource("b", { inputs }) }];
    const port = made("1", -60, { createdAt: undefined, carrier: { id: "v", name: "v" } });
    const purchases = run({ operations }, [port], (text) => warnings.push(text));
    expect([await find(purchases, "a"), warnings]).toEqual([[undefined], []]);
  });

  it("nor is what was bought then, where the user disowned it: that is not silent either", async () => {
    const folder = mkdtempSync(join(tmpdir(), "proxies-sx-disowned-"));
    try {
      const journal = new Journal(folder);
      for (const id of ["1", "2", "3", "4"]) journal.disown(id);
      const warnings: string[] = [];
      const polish = made("2", 2, { country: { id: "pl", code: "PL" } });
      const ports = [made("1", 2), polish, made("3", 2), made("4", -60 * 25)];
      const told = { operations: [pending("a")], resources: [resource("other", { id: "3" })] };
      const purchases = run(told, ports, (text) => warnings.push(text), journal);
      expect(await find(purchases, "a")).toEqual([undefined]);
      expect(warnings).toEqual([expect.stringContaining("one of the older or disowned ports 1, which")]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are no matter where a newer one is what was bought", async () => {
    expect(await warned([made("1", -60), made("2", 2)])).toEqual([]);
  });
});

it("a renewal that was interrupted is taken up, and no port that the state holds is a candidate", async () => {
  const resources = [
    resource("a", { id: "1", outputs: { portId: "2", retiring: [{ portId: "3", since: "…" }] } }),
    resource("b", { id: "4", delete: true }),
  ];
  const ports = ["1", "2", "3", "4", "5"].map((id) => made(id, 2));
  expect(await find(run({ operations: [pending("a", "updating")], resources }, ports), "a")).toEqual(["5"]);
});

it("as many ports as operations of one kind: each is given once; one less: the last buys", async () => {
  const operations = ["a", "b", "c"].map((name) => pending(name));
  const found = await find(run({ operations }, [made("1", 1), made("2", 2), made("3", 3)]), "a", "b", "c");
  expect(found.sort()).toEqual(["1", "2", "3"]);
  const fewer = await find(run({ operations }, [made("1", 1), made("2", 2)]), "a", "b", "c");
  expect(fewer.filter((id) => id !== undefined).sort()).toEqual(["1", "2"]);
});

it("operations that were for other things could have bought the same port: as many ports as all of them are clear", async () => {
  const inputs = { country: "DE", carrier: "v", expiresIn: "1d" };
  const picky: PendingOperation = { type: "creating", resource: resource("b", { inputs }) };
  const operations = [pending("a"), picky];
  const ports = ["v", "w"].map((id) => made(id, 2, { carrier: { id, name: id } }));
  expect(await find(run({ operations }, ports), "a")).toEqual(["w"]);
  await expect(find(run({ operations: [pending("a")] }, ports), "a")).rejects.toThrow(/2 new ports fit/);
});

it("an order of another account bought none of these ports: what somebody else bought stays unclear", async () => {
  const theirs: PendingOperation = {
    type: "creating",
    resource: resource("b", { provider: `${PROVIDERS}:pulumi-nodejs::second::1` }),
  };
  const purchases = run({ operations: [pending("a"), theirs] }, [made("1", 1), made("2", 2)]);
  await expect(find(purchases, "a")).rejects.toThrow(/2 new ports fit one lost answer/);
});

it("a run that was killed while it moved the stack to the other host leaves operations of both: they are of one account", async () => {
  const [dynamic, plugin] = [`${PROVIDERS}:pulumi-nodejs::default::1`, `${PROVIDERS}:proxies-sx::default_0_1_0::2`];
  const moved = { urn: "urn:pulumi:dev::shop::proxies-sx:index:Port::a", type: "proxies-sx:index:Port" };
  const operations: PendingOperation[] = [
    { type: "creating", resource: resource("a", { ...moved, provider: plugin }) },
    { type: "creating", resource: resource("b", { provider: dynamic }) },
  ];
  const ports = [made("1", 1), made("2", 2)];
  expect((await find(run({ operations }, ports), "a", "b")).sort()).toEqual(["1", "2"]);
});

it("what each operation ordered is looked up once, however many there are", async () => {
  const operations = ["a", "b", "c"].map((name) => pending(name));
  const purchases = run({ operations }, [made("1", 1), made("2", 2), made("3", 3)]);
  let asked = 0;
  for (const { resource: one } of operations) {
    await purchases.prepare({ urn: one.urn });
    await purchases.find({ urn: one.urn }, ORDER, (inputs) => ((asked += 1), orderOf(inputs)), true);
  }
  expect(asked).toBe(3);
});

it("the program has another country since: what was ordered then is taken up", async () => {
  const operation: PendingOperation = {
    type: "creating",
    resource: resource("a", { inputs: { country: "PL", expiresIn: "1d" } }),
  };
  const poland = made("1", 2, { country: { id: "pl", code: "PL" } });
  expect(await find(run({ operations: [operation] }, [poland]), "a")).toEqual(["1"]);
});

it("what is ordered now counts too: of an update that a refresh marked, the state has earlier inputs", async () => {
  const outputs = { __brokeOff: { at: BEGAN - 10 * MINUTE + AHEAD, until: BEGAN + AHEAD } };
  const marked = resource("a", { id: "0", inputs: { country: "PL", expiresIn: "1d" }, outputs });
  expect(await find(run({ resources: [marked] }, [made("1", 2)]), "a")).toEqual(["1"]);
});

it("more ports than operations: the candidates are named", async () => {
  const purchases = run({ operations: [pending("a")] }, [made("1", 1), made("2", 2)]);
  await expect(find(purchases, "a")).rejects.toThrow(
    /on another machine, may have bought .*2 new ports fit one lost answer: 1, 2\..*--clear-pending-creates/,
  );
});

it("without the look before its operation began, an operation may be this run's own: nothing is taken up", async () => {
  const purchases = run({ operations: [pending("a")] }, [made("1", 2)]);
  expect(await purchases.find({ urn: urnOf("a") }, ORDER, orderOf, true)).toBeUndefined();
});

it("what an interrupted operation bought is taken up once: a port that is left is another's", async () => {
  const purchases = run({ operations: [pending("a"), pending("b")] }, [made("1", 1), made("2", 2)]);
  const first = await find(purchases, "a");
  expect(await find(purchases, "a")).toEqual([undefined]);
  expect([...first, ...(await find(purchases, "b"))].sort()).toEqual(["1", "2"]);
});

it.each<[string, Parameters<typeof run>[0]]>([
  [
    "of which one ordered what nobody knows any more",
    { operations: [pending("a"), { type: "creating", resource: resource("b", { inputs: { country: "XX" } }) }] },
  ],
  [
    "that are one, marked by a refresh",
    {
      operations: [pending("a", "updating")],
      resources: [resource("a", { id: "0", outputs: { __brokeOff: markedAt(1) } })],
    },
  ],
])("two operations (%s) count as one: with two ports it is unclear", async (_what, state) => {
  await expect(find(run(state, [made("1", 1), made("2", 1.5)]), "a")).rejects.toThrow(
    /2 new ports fit one lost answer/,
  );
});

it("of an update that is unclear, nothing says that a cleared create would help", async () => {
  const state = { operations: [pending("a", "updating")], resources: [resource("a", { id: "0" })] };
  const message = find(run(state, [made("1", 1), made("2", 2)]), "a").catch((error: Error) => error.message);
  expect(await message).toMatch(/lets the next run buy\.$/);
});

it("asks again what an operation ordered where the vendor did not answer", async () => {
  const operations = [pending("a"), pending("b")];
  const purchases = run({ operations }, [made("1", 2)]);
  await purchases.prepare({ urn: urnOf("a") });
  const failing: OrderOf = () => Promise.reject(new Error("no answer"));
  await expect(purchases.find({ urn: urnOf("a") }, ORDER, failing, true)).rejects.toThrow("no answer");
  expect((await purchases.find({ urn: urnOf("a") }, ORDER, orderOf, true))?.id).toBe("1");
});

describe("an update that was under way", () => {
  const held = resource("a", { id: "1" });
  const operations = [pending("b", "updating"), pending("a", "updating")];
  const updateOf = (state: Parameters<typeof run>[0], id = "1"): Promise<SentBetween | undefined> =>
    run(state, []).updateOf(id, "organization/shop/dev");

  it("is known by its Port, with the time in which it may have bought", async () => {
    const sent = await updateOf({ operations, resources: [resource("b", { id: "2" }), held] });
    const saved = BEGAN - 10 * MINUTE + AHEAD;
    expect([saved - (sent?.at ?? 0), (sent?.until ?? 0) - saved]).toEqual([18 * MINUTE, 10 * MINUTE]);
  });

  it("may have bought at any time, where the state has none", async () => {
    expect(await updateOf({ operations, resources: [held], time: "none" })).toEqual({ at: 0, until: BEGAN + AHEAD });
  });

  it("is what a refresh marked, where the state has both", async () => {
    const outputs = { __brokeOff: markedAt(1) };
    expect(await updateOf({ operations, resources: [resource("a", { id: "1", outputs })] })).toEqual(markedAt(1));
  });

  it.each<[string, Parameters<typeof run>[0]]>([
    ["there is no such Port", { operations, resources: [resource("a", { id: "2" })] }],
    ["another kind of resource has that id", { operations, resources: [resource("a", { id: "1", type: "other" })] }],
    ["the Port is to be deleted", { operations, resources: [resource("a", { id: "1", delete: true })] }],
    ["another Port's is", { operations: [pending("b", "updating")], resources: [resource("b", { id: "2" }), held] }],
    ["a create is", { operations: [pending("a")], resources: [held] }],
    ["nothing is", { resources: [held] }],
  ])("is none where %s", async (_why, state) => {
    expect(await updateOf(state)).toBeUndefined();
  });

  it("is none where the state cannot be read, which a refresh does not warn of; nothing is taken up by it", async () => {
    const warnings: string[] = [];
    const unread = new StackState({
      notice: (text) => warnings.push(text),
      exportStack: async () => ({ why: "locked", mayPass: false }),
    });
    const purchases = elsewhere(unread, [made("1", 2)]);
    expect(await purchases.updateOf("1", "organization/shop/dev")).toBeUndefined();
    expect(warnings).toEqual([]);
    expect(await find(purchases, "a")).toEqual([undefined]);
    expect(warnings).toHaveLength(1);
  });
});

describe("a create that the state still names", () => {
  const SAVED = BEGAN - 10 * MINUTE;
  const whole: EndedRun = { at: SAVED, began: SAVED - 5 * MINUTE, isWhole: true, followsWhole: false };
  const before: EndedRun = { ...whole, at: SAVED - MINUTE };
  /** It failed, or was a refresh, or one of some resources, after one of all that went well. */
  const other: EndedRun = { ...whole, isWhole: false, followsWhole: true };

  it.each([
    ["two seconds before that began", -5 - 2 / 60, true],
    ["in it", 0, true],
    ["three seconds after its second began", 3 / 60, true],
    ["before it", -5 - 3 / 60, false],
    ["after it", 4 / 60, false],
  ])("before another kind of run is what that has bought: %s", async (_what, minutes, isOurs) => {
    const purchases = run({ operations: [pending("a")], last: other }, [made("1", minutes)]);
    const found = find(purchases, "a");
    await (isOurs
      ? expect(found).resolves.toEqual(["1"])
      : expect(found).rejects.toThrow("may have bought port 1 for"));
  });

  it("of before a whole run is no proof: the port is named, and neither taken nor bought again", async () => {
    const purchases = run({ operations: [pending("a")], last: whole }, [made("1", 2)]);
    await expect(find(purchases, "a")).rejects.toThrow(
      /may have bought port 1 for this resource\. Other runs of the stack may have ended since, .*import: "1" }, in a run that makes or replaces .*clear-pending-creates.*disown 1`\.$/,
    );
  });

  it.each<[string, Parameters<typeof run>[0], Port[], string | undefined]>([
    ["before a whole run buys, where nothing fits", { operations: [pending("a")], last: whole }, [], undefined],
    ["of a run after it is taken up", { operations: [pending("a")], last: before }, [made("1", 2)], "1"],
    [
      "before a run of some resources, or one that failed, is taken up",
      { operations: [pending("a")], last: { ...whole, isWhole: false } },
      [made("1", 2)],
      "1",
    ],
  ])("%s", async (_what, state, ports, id) => {
    expect(await find(run(state, ports), "a")).toEqual([id]);
  });

  const inputs = { country: "DE", expiresIn: "1d", slotType: "private" };
  const PRIVATE = { ...ORDER, isPrivate: true };
  const shared = (name: string, id = "0"): StateResource =>
    resource(name, { id, outputs: { portId: id, slotType: "shared" } });
  const replacing = (name: string): PendingOperation => ({ type: "creating", resource: resource(name, { inputs }) });
  const replaced = { operations: [replacing("a")], resources: [shared("a")], last: before };
  async function taken(state: Parameters<typeof run>[0], ports: Port[], order = PRIVATE, isCreate = true) {
    const purchases = run(state, ports);
    await purchases.prepare({ urn: urnOf("a") });
    return (await purchases.find({ urn: urnOf("a") }, order, orderOf, isCreate))?.id;
  }

  const SHARED = { ...ORDER, isPrivate: false };
  /** A replacement by the same slot type, or a create of long before whose resource is there by now. */
  const again = { operations: [pending("a")], resources: [shared("a")], last: before };

  it.each([
    ["tainted", { taint: true }],
    ["deleted for it", { pendingReplacement: true }],
  ])("of a replacement of a resource that is %s is taken up, where the last run was killed", async (_what, mark) => {
    const marked = { ...again, resources: [{ ...shared("a"), ...mark }] };
    expect(await taken(marked, [made("1", 2)], SHARED)).toBe("1");
    await expect(taken({ ...marked, last: whole }, [made("1", 2)], SHARED)).rejects.toThrow(
      "may have bought port 1 for",
    );
  });

  it("of a replacement that the program asked for by another trigger is taken up, and by the same is unclear", async () => {
    const asked = (replacementTrigger: unknown): PendingOperation[] => [
      { type: "creating", resource: { ...resource("a"), replacementTrigger } },
    ];
    const state = { ...again, resources: [{ ...shared("a"), replacementTrigger: ["1"] }] };
    expect(await taken({ ...state, operations: asked(["2"]) }, [made("1", 2)], SHARED)).toBe("1");
    const same = taken({ ...state, operations: asked(["1"]) }, [made("1", 2)], SHARED);
    await expect(same).rejects.toThrow("may have bought port 1 for");
  });

  it("of a resource that is there may be a replacement: the port is named, and no rival of another operation", async () => {
    await expect(taken(again, [made("1", 2)], SHARED)).rejects.toThrow("may have bought port 1 for");
    const state = { operations: [pending("a"), pending("b")], resources: [shared("b")], last: before };
    expect(await find(run(state, [made("1", 2)]), "a")).toEqual(["1"]);
  });

  it("of a resource that is there, with nothing that fits, is no reason to warn of older ports", async () => {
    const warnings: string[] = [];
    const purchases = run(again, [made("1", -60)], (text) => warnings.push(text));
    expect([await find(purchases, "a"), warnings]).toEqual([[undefined], []]);
  });

  it("of a replacement by another slot type is taken up, where the last run was killed", async () => {
    expect(await taken(replaced, [made("1", 2)])).toBe("1");
    expect(await taken({ ...replaced, resources: [] }, [made("1", 2)])).toBe("1"); // the old one was deleted first
  });

  it("of a replacement is taken up after other runs, where none of them was whole: a refresh deals with no create", async () => {
    const last = { ...other, followsWhole: false };
    expect(await taken({ ...replaced, last }, [made("1", 2)])).toBe("1");
  });

  it.each<[string, Parameters<typeof taken>]>([
    ["after a whole run, where nothing fits", [{ ...replaced, last: whole }, []]],
    ["without a history", [{ ...replaced, last: undefined }, [made("1", 2)]]],
    ["where this run has saved the state by then", [{ ...replaced, savedMinutesAgo: 0 }, [made("1", 2)]]],
    ["of a port that the state holds", [replaced, [made("0", 2)]]],
    ["where the program has taken it back", [replaced, [made("1", 2)], { ...ORDER, isPrivate: false }]],
    ["for a renewal", [replaced, [made("1", 2)], PRIVATE, false]],
    ["where a later run, which went well, has made the resource", [{ ...again, last: whole }, [made("1", 2)], SHARED]],
    ["where a later run has made the resource, and nothing fits", [again, [made("1", -60)], SHARED]],
  ])("of a replacement is none %s", async (_what, args) => {
    expect(await taken(...args)).toBeUndefined();
  });

  it("of a replacement is no proof either after a whole run: the port is named", async () => {
    await expect(taken({ ...replaced, last: whole }, [made("1", 2)])).rejects.toThrow("may have bought port 1 for");
  });

  it("of a renewal in the run that gives the Port a new name is found under both", async () => {
    const renamed = { ...resource("z"), id: undefined, aliases: [resource("a").urn] };
    const operations: PendingOperation[] = [{ type: "updating", resource: renamed }];
    const state = { operations, resources: [resource("a", { id: "0" })] };
    expect(await find(run(state, [made("1", 2)]), "z")).toEqual(["1"]);
    expect(await run(state, []).updateOf("0", "organization/shop/dev")).toBeDefined();
  });

  it.each<[string, Parameters<typeof run>[0], PortOrder, boolean]>([
    ["renewal", { operations: [pending("a", "updating")], resources: [shared("a")] }, SHARED, false],
    ["replacement", replaced, PRIVATE, true],
  ])("of a %s is found in a later run that gives the Port a new name, by its port", async (_what, state, order, is) => {
    const found = async (instead?: string): Promise<string | undefined> => {
      const purchases = run(state, [made("1", 2)]);
      await purchases.prepare({ urn: urnOf("z") });
      return (await purchases.find({ urn: urnOf("z") }, order, orderOf, is, instead))?.id;
    };
    expect([await found("0"), await found("9"), await found()]).toEqual(["1", undefined, undefined]);
  });

  it("of a renewal is found where its resource was taken out of the state", async () => {
    expect(await find(run({ operations: [pending("a", "updating")] }, [made("1", 2)]), "a")).toEqual(["1"]);
  });

  it("of a replacement is no update that did not end", async () => {
    expect(await run(replaced, [made("1", 2)]).updateOf("0", "organization/shop/dev")).toBeUndefined();
  });

  it("of several replacements: as many ports as they are, each is taken up once", async () => {
    const state = { operations: ["a", "b"].map(replacing), resources: [shared("a"), shared("b", "9")], last: before };
    const purchases = run(state, [made("1", 1), made("2", 2)]);
    const found: (string | undefined)[] = [];
    for (const name of ["a", "b"]) {
      await purchases.prepare({ urn: urnOf(name) });
      found.push((await purchases.find({ urn: urnOf(name) }, PRIVATE, orderOf, true))?.id);
    }
    expect(found.sort()).toEqual(["1", "2"]);
  });

  it("of a resource that is there bought none of two ports: which is the other operation's stays unclear", async () => {
    const state = { operations: [pending("a"), pending("b")], resources: [shared("b")], last: before };
    await expect(find(run(state, [made("1", 1), made("2", 2)]), "a")).rejects.toThrow(
      /2 new ports fit one lost answer/,
    );
  });
});
