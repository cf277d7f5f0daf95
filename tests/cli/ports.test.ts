import { portsCommand } from "../../cli/commands/ports";
import { heldPort, renewedPort } from "./exported";
import { Bench, type Given, json, last, lines } from "./on-emulator";

const bench = new Bench();
const ports = (argv: string[], given?: Given) => bench.run((terminal) => portsCommand(argv, terminal), given);

interface Told {
  id: string;
  [field: string]: unknown;
}
const idsOf = (out: string): string[] => json<Told[]>(out).map(({ id }) => id);

it("describes a port to a program, without its login", async () => {
  const { id, serverIp, httpPort, socksPort } = bench.control.buyPort({ country: "DE", carrier: "Vodafone" });
  const { code, out, err } = await ports([]);
  expect([code, err]).toEqual([0, ""]);
  expect(json(out)).toEqual([
    {
      id,
      name: "Proxy #1",
      country: "DE",
      countryName: "Germany",
      carrier: "Vodafone",
      slotType: "shared",
      status: "active",
      health: "healthy",
      usedGB: 0,
      rotation: expect.objectContaining({ enabled: false }) as object,
      renewAssumed: true,
      createdAt: expect.stringMatching(/Z$/) as string,
      expiresAt: expect.stringMatching(/Z$/) as string,
      renewAt: expect.stringMatching(/Z$/) as string,
      serverIp,
      httpPort,
      socksPort,
    },
  ]);
});

it("is a table on a terminal, in the order in which people count", async () => {
  for (let at = 0; at < 11; at++) bench.control.buyPort({ country: "DE", carrier: "O2", expiresIn: "30d" });
  const { code, out } = await ports([], { columns: 120 });
  expect(code).toBe(0);
  const rows = lines(out);
  expect(rows[0]).toMatch(/^ID {24}NAME {7}PLACE {2}STATUS {2}EXPIRES +SLOT TYPE {2}TRAFFIC$/);
  expect(rows[1]).toMatch(/^[0-9a-f]{24} {2}Proxy #1 {3}DE O2 {2}active {2}in (30 d 0 h|29 d 23 h) +shared {5}0 GB$/);
  expect(rows.slice(1).map((row) => /#(\d+)/.exec(row)?.[1])).toEqual(
    Array.from({ length: 11 }, (_, at) => String(at + 1)),
  );
  expect(json((await ports(["--json"], { columns: 120 })).out)).toHaveLength(11);
});

it.each([80, 60])("nothing is wider than %i columns, and ids are whole", async (columns) => {
  const { id } = bench.control.buyPort({ country: "GB" });
  bench.control.editPort(id, { displayName: "a-scraper-with-a-rather-long-name", suspended: true });
  const file = bench.save("dev.json", heldPort("a-name-of-a-resource-that-goes-on", id));
  const { out } = await ports(["--state", file], { columns });
  expect(out).toContain(" a-name");
  expect(Math.max(...lines(out).map(({ length }) => length))).toBeLessThanOrEqual(columns);
  expect(out).toContain(id);
});

describe("filters", () => {
  const buy = () => ({
    o2: bench.control.buyPort({ country: "DE", carrier: "O2" }).id,
    british: bench.control.buyPort({ country: "GB", slotType: "private" }).id,
    suspended: bench.control.editPort(bench.control.buyPort({ country: "DE", carrier: "Vodafone" }).id, {
      suspended: true,
    })._id,
  });

  it.each<[string[], (keyof ReturnType<typeof buy>)[]]>([
    [
      ["--country", "germany"],
      ["o2", "suspended"],
    ],
    [["--country=DE", "--carrier=o2"], ["o2"]],
    [["--type=private"], ["british"]],
    [["--type=private", "--country=GB"], ["british"]],
    [["--status=suspended"], ["suspended"]],
    [["--search=VODA"], ["suspended"]],
    [["--search=united k"], ["british"]],
  ])("%p", async (argv, wanted) => {
    const bought = buy();
    const { code, out } = await ports(argv);
    expect([code, idsOf(out)]).toEqual([0, wanted.map((one) => bought[one])]);
  });

  it("are the API's: what is not asked for is not sent", async () => {
    buy();
    bench.control.clearRequests();
    await ports(["--type=private", "--country=GB", "--status=active"]);
    const { query } = bench.control.requests().find(({ route }) => route === "/ports") ?? {};
    expect(query).toMatchObject({ type: "private", status: "active", countryId: expect.any(String) as string });
  });

  it("that fit no port exit 1, on a terminal and in a pipe", async () => {
    expect(await ports(["--status=expired"])).toMatchObject({ code: 1, out: "[]\n", err: "" });
    const out = "There is no such port in the account.\n";
    expect(await ports(["--search=nothing"], { columns: 80 })).toMatchObject({ code: 1, out, err: "" });
  });
});

it("with states it shows who holds a port, and finds the port by that name", async () => {
  const [first, held, old, orphan] = [0, 1, 2, 3].map(() => bench.control.buyPort().id) as [
    string,
    string,
    string,
    string,
  ];
  const since = new Date(Date.now() - 60_000).toISOString();
  const file = bench.save(
    "dev.json",
    heldPort("scraper-2", held),
    renewedPort("scraper-10", first, first, [{ portId: old, since }]),
  );
  const { code, out } = await ports(["--state", file]);
  expect(code).toBe(0);
  expect(json<Told[]>(out).map(({ id, heldBy, releaseAt }) => [id, heldBy, releaseAt !== undefined])).toEqual([
    [orphan, undefined, false],
    [held, "scraper-2", false],
    ...[first, old].map((id) => [id, "scraper-10", id === old]),
  ]);
  expect(idsOf((await ports(["--state", file, "--search", "scraper-2"])).out)).toEqual([held]);
  const table = lines((await ports(["--state", file], { columns: 120 })).out);
  expect([table[0], table[2]]).toEqual([expect.stringMatching(/ HELD BY$/), expect.stringMatching(/ scraper-2$/)]);
});

it("a port that is gone is shown to who asks for it", async () => {
  const { id } = bench.control.buyPort();
  bench.control.editPort(id, { status: "deleted" });
  expect((await ports([])).code).toBe(1);
  expect(idsOf((await ports(["--status=deleted"])).out)).toEqual([id]);
});

it.each<[string, string[], number, RegExp]>([
  ["a slot type", ["--type=gold"], 2, /^proxies-sx ports: --type takes one of: shared, private$/],
  [
    "a status that there is not",
    ["--status=dead"],
    2,
    /--status takes one of: active, suspended, expired, expiring_soon, grace_period, deleted, pending$/,
  ],
  ["a carrier without its country", ["--carrier=O2"], 2, /--carrier goes with --country only/],
  ["a country that is not there", ["--country=Atlantis"], 2, /--country is not a country where .* Nearest: /],
  [
    "a carrier that is not there",
    ["--country=DE", "--carrier=Nobody"],
    2,
    /--carrier is not a carrier with devices in Germany/,
  ],
  ["a state that cannot be read", ["--state=/nowhere/x.json"], 3, /cannot be read \(ENOENT\)/],
])("refuses %s in one line", async (_what, argv, code, why) => {
  const told = await ports(argv);
  expect([told.code, told.out, told.err.trimEnd()]).toEqual([code, "", expect.stringMatching(why)]);
});

it.each<[string, string, RegExp]>([
  ["no key", "", /no API key: set PROXIES_API_KEY/],
  ["a key that nobody knows", "psx_nobody_knows_it", /401 unauthorized/],
])("%s", async (_what, key, why) => {
  const { code, out, err } = await ports([], { key });
  expect([code, out, last(err)]).toEqual([key === "" ? 2 : 3, "", expect.stringMatching(why)]);
});

it("a key without the scope names it", async () => {
  const key = bench.control.keys.addKey(["billing:read"]);
  expect(await ports([], { key })).toMatchObject({ code: 3, err: expect.stringContaining("ports:read") as string });
});

it("waits where the vendor limits requests, and reads every page", async () => {
  bench.control.reset({ devicesPerCarrier: { shared: 150 }, slots: { shared: 150 } });
  for (let at = 0; at < 130; at++) bench.control.buyPort();
  bench.control.addFault({ path: "/ports", status: 429, retryAfter: 0, times: 2 });
  expect(idsOf((await ports([])).out)).toHaveLength(130);
});
