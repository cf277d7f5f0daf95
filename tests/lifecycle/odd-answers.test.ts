import { join } from "node:path";
import fc from "fast-check";
import { type PortEdit, QUIRKS, type Quirks } from "../../emulator";
import { credentials } from "../../provider/credentials";
import { type AnyHandler } from "../../provider/handler";
import { osFingerprint } from "../../provider/os-fingerprint";
import { port } from "../../provider/port/handler";
import { type PortArgs } from "../../provider/port/args";
import { rotation } from "../../provider/rotation";
import { rotationSettings } from "../../provider/rotation-settings";
import { Life, World } from "./life";
import {
  Front,
  type Json,
  OTHER_FIELDS,
  PLAIN,
  PORT_FIELDS,
  type Spoilt,
  type TimeForm,
  type Twist,
} from "./odd-front";
import { runsOf } from "../cases";

type Args = Record<string, unknown>;

/** To look for rare cases: `ODD_ANSWERS=500 npx jest tests/lifecycle/odd-answers --testTimeout=600000`. */
const numRuns = Number(process.env.ODD_ANSWERS ?? runsOf(8));

const times: fc.Arbitrary<TimeForm> = fc.constantFrom("ms", "seconds", "iso", "text");
const some = (fields: string[]): fc.Arbitrary<string[]> => fc.subarray(fields, { maxLength: 6 });
const twists: fc.Arbitrary<Twist> = fc.record({
  lacks: fc.record({
    create: some(PORT_FIELDS),
    write: some(PORT_FIELDS),
    read: some(PORT_FIELDS),
    other: some(OTHER_FIELDS),
  }),
  asNull: fc.boolean(),
  times: fc.record({ create: times, write: times, read: times }),
  extra: fc.boolean(),
  words: fc.boolean(),
  idName: fc.constantFrom("both", "_id", "id"),
});
const quirks = fc.record(
  Object.fromEntries(
    Object.entries(QUIRKS).map(([name, quirk]): [string, fc.Arbitrary<unknown>] => [
      name,
      quirk.choices ? fc.constantFrom(...(quirk.choices as readonly unknown[])) : fc.boolean(),
    ]),
  ),
) as fc.Arbitrary<Quirks>;

let world: World;
let front: Front;
beforeAll(async () => {
  world = await World.open({ config: { slots: { shared: 5_000, private: 5_000 } } });
  front = new Front(world);
  await front.open();
});
afterAll(() => front.close());
beforeEach(() => {
  front.twist = PLAIN;
  front.spoilt = undefined;
  world.emulator.control.reset();
});

/** A life with a journal and a cache of its own. */
function newLife(handler: AnyHandler<never, never>): Life<never> {
  process.env.PROXIES_SX_JOURNAL_DIR = join(folder, String((lifeNumber += 1)));
  return new Life(handler, world);
}
const folder = process.env.PROXIES_SX_JOURNAL_DIR ?? "";
let lifeNumber = 0;

const bought = (): number => world.emulator.control.purchases().length;

/** A refresh may learn what was not known before; what was known stays as it was. */
async function refreshes(life: Life<never>): Promise<void> {
  const before = life.state.outs;
  expect(await life.refresh()).not.toBe("gone");
  const { status: _before, ...known } = before;
  expect(life.state.outs).toMatchObject(known);
  expect(await life.refresh()).toBe("same");
}

interface Course {
  /** What the change from the first declaration to the second may do. */
  actions: string[];
  /** What the vendor changes in between that is no business of the program. */
  edit?: PortEdit;
  /** What must be true at the vendor after each declaration. */
  holds(args: Args, id: string): unknown;
}

/** Any declaration, a change of it, and what must hold whatever answers look like. */
async function lives(life: Life<never>, [first, second]: [Args, Args], course: Course): Promise<void> {
  const up = (args: Args): Promise<string> => life.up(args as never);
  const id = (): string => life.state.id as string;
  expect(await up(first)).toBe("create");
  await course.holds(first, id());
  expect(await up(first)).toBe("same");
  world.emulator.control.editPort(id(), course.edit ?? {});
  await refreshes(life);
  expect(await up(first)).toBe("same");
  expect(course.actions).toContain(await up(second));
  await course.holds(second, id());
  expect(await up(second)).toBe("same");
  await refreshes(life);
  expect(await up(second)).toBe("same");
  await life.destroy();
}

const edits: fc.Arbitrary<PortEdit> = fc.constantFrom<PortEdit>(
  {},
  { usedTraffic: 3 },
  { status: "hibernating" },
  { status: "expiring_soon", healthStatus: "degraded" },
  { name: "psx_another_name", displayName: null },
  { customerId: 7, syncStatus: { is: "new" } },
);

const portArgs = (strict: boolean): fc.Arbitrary<PortArgs> =>
  fc
    .record({
      place: fc.constantFrom({ country: "DE" }, { country: "DE", carrier: "Vodafone" }, { country: "GB" }),
      slotType: strict ? fc.constant("shared") : fc.constantFrom("shared", "private"),
      osFingerprint: fc.constantFrom(undefined, "", "windows:1", "ios:2"),
      expiresIn: fc.constantFrom("30d", "10d"),
    })
    .map(({ place, ...rest }) => JSON.parse(JSON.stringify({ ...place, ...rest })) as PortArgs);

it("a Port lives in any documented shape of answers, with missing, unknown and new fields: bought once", async () => {
  const cases = quirks.chain((set) => {
    const args = portArgs(set.strictBody);
    return fc.tuple(fc.constant(set), fc.tuple(args, args));
  });
  await fc.assert(
    fc.asyncProperty(cases, twists, edits, fc.boolean(), async ([set, [first, second]], twist, edit, lost) => {
      world.emulator.control.setQuirks(set);
      front.twist = { ...twist, words: twist.words && !lost };
      front.toLose = lost ? 1 : 0;
      const before = bought();
      const alive = world.emulator.control.ports().length;
      await lives(newLife(port as never), [{ ...first }, { ...second }], {
        actions: ["same", "update", "replace"],
        edit,
        holds: ({ country, slotType, osFingerprint: os = "" }, id) =>
          expect(world.emulator.control.port(id)).toMatchObject({
            slotType,
            osFingerprint: os,
            device: { country: { code: country } },
          }),
      });
      expect(bought()).toBe(before + (first.slotType === second.slotType ? 1 : 2));
      expect(world.emulator.control.ports()).toHaveLength(alive);
    }),
    { numRuns },
  );
});

interface Settings {
  name: string;
  handler: AnyHandler<never, never>;
  args: (set: Quirks) => fc.Arbitrary<Args>;
  /** What a port shows of them. */
  shown: (args: Args) => object;
}

const SETTINGS: Settings[] = [
  {
    name: "RotationSettings",
    handler: rotationSettings as never,
    args: ({ strictBody }) =>
      fc
        .record({
          enabled: fc.constantFrom(undefined, true, false),
          intervalSeconds: fc.constantFrom(300, 900, 86_400),
          matchCarrier: fc.constantFrom(undefined, true, false),
          matchCity: fc.constantFrom(undefined, true, false),
          excludedDeviceIds: strictBody ? fc.constant(undefined) : fc.constantFrom(undefined, [], ["a".repeat(24)]),
        })
        .map((args) => JSON.parse(JSON.stringify(args)) as Args),
    shown: ({ port: _port, ...args }) => ({
      rotationSettings: { enabled: true, matchCarrier: false, matchCity: false, excludedDeviceIds: [], ...args },
    }),
  },
  {
    name: "Credentials",
    handler: credentials as never,
    args: () =>
      fc.record({
        proxyLogin: fc.constantFrom("team-a", "team-b"),
        proxyPassword: fc.constantFrom("first-password", "second-password"),
      }),
    shown: ({ port: _port, ...args }) => args,
  },
  {
    name: "OsFingerprint",
    handler: osFingerprint as never,
    args: () => fc.record({ osFingerprint: fc.constantFrom("", "windows:1", "ios:2") }),
    shown: ({ port: _port, ...args }) => args,
  },
];

/** Settings that neither the answer to a change nor the port has are a broken answer. */
const tellsSettings = ({ lacks }: Twist): boolean =>
  [lacks.read, lacks.write].some((all) => !all.includes("rotationSettings") && !all.includes("enabled"));

it.each(SETTINGS)("$name live in them too, are set at the vendor, and buy nothing", async (kind) => {
  const { handler, args, shown } = kind;
  const cases = quirks.chain((set) => fc.tuple(fc.constant(set), args(set), args(set)));
  await fc.assert(
    fc.asyncProperty(cases, twists.filter(tellsSettings), edits, async ([set, first, second], twist, edit) => {
      const { id } = world.emulator.control.buyPort();
      const before = bought();
      world.emulator.control.setQuirks(set);
      front.twist = twist;
      await lives(
        newLife(handler),
        [
          { ...first, port: id },
          { ...second, port: id },
        ],
        {
          actions: ["same", "update"],
          edit,
          holds: (now) => expect(world.emulator.control.port(id)).toMatchObject(shown(now)),
        },
      );
      expect(bought()).toBe(before);
      world.emulator.control.removePort(id);
    }),
    { numRuns },
  );
});

async function addressOf(id: string): Promise<unknown> {
  const headers = { "X-API-Key": world.emulator.apiKey };
  const answer = await world.emulator.app.request(`/v1/ports/${id}/ip`, { headers });
  return ((await answer.json()) as Json).publicIp;
}

it("a Rotation lives in them too: one rotation for each trigger, and the new address is the port's", async () => {
  await fc.assert(
    fc.asyncProperty(quirks, twists, fc.constantFrom("shared", "private"), async (set, twist, slotType) => {
      const { id } = world.emulator.control.buyPort({ slotType: slotType });
      world.emulator.control.setQuirks(set);
      front.twist = twist;
      world.calls();
      const life = newLife(rotation as never);
      await lives(
        life,
        [
          { port: id, triggers: [1] },
          { port: id, triggers: [2] },
        ],
        {
          actions: ["update"],
          holds: async () => {
            const { newIp } = life.state.outs;
            if (newIp !== undefined) expect(newIp).toBe(await addressOf(id));
          },
        },
      );
      expect(world.writes().filter((call) => call.endsWith("/rotate"))).toHaveLength(2);
      world.emulator.control.removePort(id);
    }),
    { numRuns },
  );
});

it("a port is imported in them too, and nothing is bought or changed", async () => {
  await fc.assert(
    fc.asyncProperty(quirks, twists, async (set, twist) => {
      const { id } = world.emulator.control.buyPort({ carrier: "Vodafone", expiresIn: "30d" });
      const before = bought();
      world.emulator.control.setQuirks(set);
      front.twist = twist;
      world.calls();
      const life = newLife(port as never);
      const args = { country: "Germany", carrier: "Vodafone", expiresIn: "30d" } as never;
      expect(await life.up(args, { __adopt: id })).toBe("create");
      expect(await life.up(args)).toBe("same");
      await refreshes(life);
      expect(await life.up(args)).toBe("same");
      expect(world.writes()).toEqual([]);
      expect(bought()).toBe(before);
      await life.destroy();
    }),
    { numRuns },
  );
});

describe("a broken answer is one line that names the endpoint and the field, and the next run goes on", () => {
  const PORT = { country: "DE", carrier: "Vodafone", expiresIn: "30d" };
  const settings = (handler: unknown, args: Args): [unknown, (id: string) => Args] => [
    handler,
    (port) => ({ ...args, port }),
  ];
  const aPort = [port, () => PORT] as [unknown, (id: string) => Args];
  const login = settings(credentials, { proxyLogin: "team-a", proxyPassword: "a-password" });
  const first = (change: Json) => (list: Json[]) => [{ ...list[0], ...change }, ...list.slice(1)];
  const change = (fields: Json) => (body: Json) => ({ ...body, ...fields });

  it.each<[string, [unknown, (id: string) => Args], Spoilt]>([
    [
      "GET /v1/countries/with-devices: answer field [0].code is missing",
      aPort,
      { call: /countries/, by: first({ code: undefined }) },
    ],
    [
      "GET /v1/carriers/country/:id: answer field [0].name is not a string",
      aPort,
      { call: /carriers/, by: first({ name: 7 }) },
    ],
    [
      "GET /v1/ports: answer field [0]._id is missing",
      aPort,
      { call: /GET .*ports\?/, by: first({ _id: undefined, id: undefined }) },
    ],
    ["GET /v1/ports: answer field data is missing", aPort, { call: /GET .*ports\?/, by: () => ({ ports: [] }) }],
    [
      "GET /v1/ports: answer field [0].expiresAt is not a time",
      login,
      { call: /GET .*ports\?/, by: first({ expiresAt: "soon" }) },
    ],
    [
      "PUT /v1/ports/:id/credentials: answer field httpPort is not a number",
      login,
      { call: /credentials/, by: change({ httpPort: "8001" }) },
    ],
    [
      "PATCH /v1/ports/:id/rotation-settings: answer field enabled is not a boolean",
      settings(rotationSettings, { intervalSeconds: 900 }),
      { call: /rotation-settings/, by: change({ enabled: "yes" }) },
    ],
    [
      "PATCH /v1/ports/:id/os-fingerprint: answer field device is not an object",
      settings(osFingerprint, { osFingerprint: "ios:2" }),
      { call: /os-fingerprint/, by: change({ device: "modem-7" }) },
    ],
    [
      "GET /v1/ports/:id/can-rotate: answer field canRotate is missing",
      settings(rotation, { triggers: [1] }),
      { call: /can-rotate/, by: () => ({}) },
    ],
  ])("%s", async (message, [handler, args], spoilt) => {
    const { id } = world.emulator.control.buyPort();
    const before = bought();
    const life = newLife(handler as never);
    front.spoilt = spoilt;
    const failed = await life.up(args(id) as never).then(
      () => "nothing failed",
      (error: Error) => error.message,
    );
    expect(failed.slice(0, message.length)).toBe(message);
    expect(failed).not.toContain("\n");
    front.spoilt = undefined;
    // Settings whose answer holds nothing may have been made: the state has them, with what the port had before.
    const next = life.state.id === undefined ? "create" : "update";
    expect(await life.up(args(id) as never)).toBe(next);
    expect(await life.up(args(id) as never)).toBe("same");
    expect(bought() - before).toBe(handler === port ? 1 : 0);
  });

  it("a purchase is not lost to it: the id alone, or the list, shows what was bought", async () => {
    for (const by of [change({ _id: undefined, id: undefined }), change({ expiresAt: "soon" }), () => "bought"]) {
      const before = bought();
      const life = newLife(port as never);
      front.spoilt = { call: /POST .*ports$/, by };
      expect(await life.up(PORT as never)).toBe("create");
      front.spoilt = undefined;
      expect(await life.up(PORT as never)).toBe("same");
      expect(life.state.outs).toMatchObject({ status: "active", expiresAt: expect.stringMatching(/Z$/) as string });
      expect(bought()).toBe(before + 1);
    }
  });

  it("a port that was bought and cannot be read stays in the state, and the next run finishes it", async () => {
    world.emulator.control.setQuirks({ sparseCreate: true });
    const life = newLife(port as never);
    front.spoilt = { call: /GET .*ports\/[0-9a-f]{24}$/, by: change({ suspended: "no" }) };
    await expect(life.up(PORT as never)).rejects.toThrow("GET /v1/ports/:id: answer field suspended is not a boolean");
    expect(life.state.id).toBe(world.emulator.control.ports()[0]?.id);
    front.spoilt = undefined;
    expect(await life.up(PORT as never)).toBe("update");
    expect(await life.up(PORT as never)).toBe("same");
    expect(bought()).toBe(1);
  });

  it("a refresh that meets one leaves the state as it was", async () => {
    const life = newLife(port as never);
    await life.up(PORT as never);
    const before = life.state;
    front.spoilt = { call: /GET .*ports\?/, by: first({ createdAt: {} }) };
    await expect(life.refresh()).rejects.toThrow("GET /v1/ports: answer field [0].createdAt is not a time");
    front.spoilt = undefined;
    expect(life.state).toEqual(before);
    expect(await life.refresh()).toBe("same");
  });
});

it("a port whose lease is over is not imported, whatever its status is called", async () => {
  world.emulator.control.reset({ life: { expired: 3_600, grace: 864_000 } });
  const { id } = world.emulator.control.buyPort({ expiresIn: "1d" });
  world.emulator.control.clock.advance("2d");
  expect(world.emulator.control.port(id)?.status).toBe("grace_period");
  const urn = "urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Port::imported";
  const imported = new Life(port as never, world, urn).up({ country: "DE", expiresIn: "1d" }, { __adopt: id });
  await expect(imported).rejects.toThrow(/has a lease that ended at \S+Z, so it cannot be imported/);
});
