import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import fc from "fast-check";
import { QUIRKS, type Quirks } from "../../emulator";
import { credentials } from "../../provider/credentials";
import { type Handler } from "../../provider/handler";
import { osFingerprint } from "../../provider/os-fingerprint";
import { port } from "../../provider/port";
import { type PortArgs } from "../../provider/port-args";
import { rotation } from "../../provider/rotation";
import { rotationSettings } from "../../provider/rotation-settings";
import { Life, World } from "./life";

type Json = Record<string, unknown>;
type Args = Record<string, unknown>;

/** Which answer a twist is for: of a purchase, of another write, of a read, and of what is no port. */
type Kind = "create" | "write" | "read" | "other";
type PerKind<T> = Record<Exclude<Kind, "other">, T>;
type TimeForm = "ms" | "seconds" | "iso" | "text";

/** How answers are told otherwise than the emulator tells them, beside its quirks. */
interface Twist {
  /** Fields that an answer lacks, at any depth. */
  lacks: PerKind<string[]> & { other: string[] };
  /** They are null instead. */
  asNull: boolean;
  times: PerKind<TimeForm>;
  /** Fields that no source knows, everywhere. */
  extra: boolean;
  /** Words that no source knows. */
  words: boolean;
  /** Which of its two names the id of a port has. */
  idName: "both" | "_id" | "id";
}

const PLAIN: Twist = {
  lacks: { create: [], write: [], read: [], other: [] },
  asNull: false,
  times: { create: "ms", write: "ms", read: "ms" },
  extra: false,
  words: false,
  idName: "both",
};

/** Every field of a port's answer but its id, which alone is certain. */
const PORT_FIELDS = [
  ...["name", "displayName", "httpPort", "socksPort", "serverIp", "proxyLogin", "proxyPassword", "slotType", "status"],
  ...["exclusive", "osFingerprint", "suspended", "healthStatus", "expiresAt", "createdAt", "updatedAt", "usedTraffic"],
  ...["rotationToken", "rotationLink", "rotationSettings", "trafficSummary", "device", "customerId", "isExpired"],
  ...["country", "carrier", "region", "city", "code", "brand", "countryId", "carrierId", "countryName", "carrierName"],
  ...["enabled", "intervalSeconds", "intervalMinutes", "lastRotatedAt", "rotationCount", "matchCarrier", "matchCity"],
  ...["excludedDeviceIds", "oldIp", "newIp", "success", "message", "cooldownRemaining", "reason", "availableDevices"],
  ...["nextRotationAt", "cooldownEndsAt", "nextAvailableRotation"],
];
const OTHER_FIELDS = [
  ...["iso3", "phoneCode", "freeDeviceCount", "mcc", "mnc", "technology"],
  ...["balance", "currency", "alerts", "slots", "trafficGB", "daysRemaining"],
];
const TIMES = ["expiresAt", "createdAt", "updatedAt", "lastRotatedAt", "rotationTokenExpiresAt"];
TIMES.push("nextRotationAt", "cooldownEndsAt", "nextAvailableRotation");
const WORDS: Record<string, string> = { status: "hibernating", healthStatus: "unwell", slotType: "dedicated" };

const inForm: Record<TimeForm, (ms: number) => unknown> = {
  ms: (ms) => ms,
  seconds: (ms) => Math.floor(ms / 1_000),
  iso: (ms) => new Date(ms).toISOString(),
  text: String,
};

function twisted(value: unknown, kind: Kind, twist: Twist): unknown {
  if (Array.isArray(value)) return value.map((each) => twisted(each, kind, twist));
  if (typeof value !== "object" || value === null) return value;
  const told: Json = {};
  const { idName } = twist;
  for (const [name, of] of Object.entries(value)) {
    const isOtherId = kind !== "other" && "_id" in value && "id" in value && idName !== "both" && idName !== name;
    if (isOtherId && (name === "_id" || name === "id")) continue;
    if (twist.lacks[kind].includes(name)) {
      if (twist.asNull) told[name] = null;
    } else if (kind !== "other" && TIMES.includes(name) && of !== null) {
      told[name] = inForm[twist.times[kind]](new Date(of as string | number).getTime());
    } else if (kind !== "other" && twist.words && name in WORDS && of !== "deleted") told[name] = WORDS[name];
    else told[name] = twisted(of, kind, twist);
  }
  return twist.extra ? { ...told, __v: 3, somethingNew: { of: ["the", "vendor", null] } } : told;
}

function kindOf(method: string, path: string): Kind {
  if (!path.startsWith("/v1/ports")) return "other";
  return method === "GET" ? "read" : method === "POST" && path === "/v1/ports" ? "create" : "write";
}

/** Stands before the emulator and tells its answers otherwise. */
class Front {
  twist: Twist = PLAIN;
  /** Purchases whose answer is lost, yet to come. */
  toLose = 0;
  private readonly server: Server;
  /** What links in the emulator's answers begin with. */
  private readonly behind: string;

  constructor(private readonly world: World) {
    this.behind = world.emulator.url;
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => void this.pass(request.method ?? "", request.url ?? "", parts, request, response));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port: listening } = this.server.address() as AddressInfo;
    Object.defineProperty(this.world.emulator, "url", { value: `http://127.0.0.1:${listening}` });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.world.close();
  }

  private async pass(
    method: string,
    url: string,
    parts: Buffer[],
    { headers }: { headers: NodeJS.Dict<string | string[]> },
    response: import("node:http").ServerResponse,
  ): Promise<void> {
    const body = parts.length > 0 ? { body: Buffer.concat(parts) } : {};
    const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const answer = await this.world.emulator.app.request(url, { method, headers: sent, ...body });
    const kind = kindOf(method, url.split("?")[0] ?? "");
    if (kind === "create" && answer.ok && this.toLose > 0) {
      this.toLose -= 1;
      return void response.destroy();
    }
    const text = (await answer.text()).replaceAll(this.behind, this.world.emulator.url);
    const told = answer.ok && text ? JSON.stringify(twisted(JSON.parse(text), kind, this.twist)) : text;
    answer.headers.delete("Content-Length");
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(told);
  }
}

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
  world.emulator.control.reset();
});

const bought = (): number => world.emulator.control.purchases().length;

/** A refresh may learn what was not told before; what was told stays as it was. */
async function refreshes(life: Life<never>): Promise<void> {
  const before = life.state.outs;
  expect(await life.refresh()).not.toBe("gone");
  const { status: _before, ...known } = before;
  expect(life.state.outs).toMatchObject(known);
  expect(await life.refresh()).toBe("same");
}

/** Any declaration, a change of it, and what must hold whatever answers look like. */
async function lives(life: Life<never>, first: Args, second: Args, action: string[]): Promise<void> {
  const up = (args: Args): Promise<string> => life.up(args as never);
  expect(await up(first)).toBe("create");
  expect(await up(first)).toBe("same");
  await refreshes(life);
  expect(await up(first)).toBe("same");
  expect(action).toContain(await up(second));
  expect(await up(second)).toBe("same");
  await refreshes(life);
  expect(await up(second)).toBe("same");
  await life.destroy();
}

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
  const cases = quirks.chain((set) =>
    fc.tuple(fc.constant(set), twists, portArgs(set.strictBody), portArgs(set.strictBody), fc.boolean()),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([set, twist, first, second, lost]) => {
      world.emulator.control.setQuirks(set);
      front.twist = { ...twist, words: twist.words && !lost };
      front.toLose = lost ? 1 : 0;
      const before = bought();
      const alive = world.emulator.control.ports().length;
      await lives(new Life(port as never, world), first, second, ["same", "update", "replace"]);
      expect(bought()).toBe(before + (first.slotType === second.slotType ? 1 : 2));
      expect(world.emulator.control.ports()).toHaveLength(alive);
    }),
    { numRuns: 60 },
  );
});

interface Settings {
  name: string;
  handler: Handler<never, never>;
  args: (set: Quirks) => fc.Arbitrary<Args>;
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
  },
  {
    name: "Credentials",
    handler: credentials as never,
    args: () =>
      fc.record({
        proxyLogin: fc.constantFrom("team-a", "team-b"),
        proxyPassword: fc.constantFrom("first-password", "second-password"),
      }),
  },
  {
    name: "OsFingerprint",
    handler: osFingerprint as never,
    args: () => fc.record({ osFingerprint: fc.constantFrom("", "windows:1", "ios:2") }),
  },
];

/** Settings that neither the answer to a change nor the port tells are a broken answer. */
const tellsSettings = ({ lacks }: Twist): boolean =>
  !["rotationSettings", "enabled"].some((field) => lacks.read.includes(field) && lacks.write.includes(field));

it.each(SETTINGS)("$name live in them too, and buy nothing", async ({ handler, args }) => {
  const cases = quirks.chain((set) => fc.tuple(fc.constant(set), twists.filter(tellsSettings), args(set), args(set)));
  await fc.assert(
    fc.asyncProperty(cases, async ([set, twist, first, second]) => {
      const { id } = world.emulator.control.buyPort();
      const before = bought();
      world.emulator.control.setQuirks(set);
      front.twist = twist;
      await lives(new Life(handler, world), { ...first, port: id }, { ...second, port: id }, ["same", "update"]);
      expect(bought()).toBe(before);
      world.emulator.control.removePort(id);
    }),
    { numRuns: 25 },
  );
});

it("a Rotation lives in them too: one rotation for each trigger, and the new address is the port's", async () => {
  await fc.assert(
    fc.asyncProperty(quirks, twists, fc.constantFrom("shared", "private"), async (set, twist, slotType) => {
      const { id } = world.emulator.control.buyPort({ slotType: slotType as "shared" | "private" });
      world.emulator.control.setQuirks(set);
      front.twist = twist;
      world.calls();
      const life = new Life(rotation, world);
      await lives(life as never, { port: id, triggers: [1] }, { port: id, triggers: [2] }, ["update"]);
      expect(world.writes().filter((call) => call.endsWith("/rotate"))).toHaveLength(2);
      world.emulator.control.removePort(id);
    }),
    { numRuns: 25 },
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
      const life = new Life(port, world);
      const args = { country: "Germany", carrier: "Vodafone", expiresIn: "30d" };
      expect(await life.up(args, { __adopt: id })).toBe("create");
      expect(await life.up(args)).toBe("same");
      await refreshes(life as never);
      expect(await life.up(args)).toBe("same");
      expect(world.writes()).toEqual([]);
      expect(bought()).toBe(before);
      await life.destroy();
    }),
    { numRuns: 25 },
  );
});
