import { checkCommand } from "../../cli/commands/check";
import { heldPort, ofAccount } from "./exported";
import { Bench, type Given, json, last, lines } from "./on-emulator";

const bench = new Bench();
const check = (argv: string[], given?: Given) => bench.run((terminal) => checkCommand(argv, terminal), given);
const buy = (): string => bench.control.buyPort({ country: "DE" }).id;
const UNKNOWN = "0123456789abcdef01234567";
const routes = (): string[] =>
  bench.control
    .requests()
    .map(({ route = "" }) => route)
    .sort();

it("asks for status, a test and the address, and measures nothing unless an option asks for it", async () => {
  const id = buy();
  bench.control.clearRequests();
  const { code, out, err } = await check([id]);
  expect([code, err]).toEqual([0, ""]);
  expect(json(out)).toEqual([
    {
      id,
      online: true,
      ip: expect.stringMatching(/^[\d.]+$/) as string,
      pingMs: expect.any(Number) as number,
      expiresAt: expect.stringMatching(/Z$/) as string,
      problems: [],
    },
  ]);
  expect(routes()).toEqual(["/ports/:id/ip", "/ports/:id/ping", "/ports/:id/status"]);
});

it("--speed measures, a port that is online only", async () => {
  const [id, off] = [buy(), buy()];
  bench.control.editPort(off, { suspended: true });
  const { code, out } = await check([id, off, "--speed"]);
  expect(code).toBe(1);
  expect(json(out)).toMatchObject([
    {
      id,
      downloadMbps: expect.any(Number) as number,
      uploadMbps: expect.any(Number) as number,
      latencyMs: expect.any(Number) as number,
    },
    { id: off, status: "suspended", problems: [expect.stringMatching(/^suspended by the vendor: see to /)] },
  ]);
  expect(routes().filter((route) => route.endsWith("speed-test"))).toHaveLength(1);
});

it("is a table on a terminal, with the names that were given", async () => {
  const [id, off] = [buy(), buy()];
  bench.control.editPort(off, { suspended: true });
  const file = bench.save("dev.json", heldPort("scraper", id));
  const { code, out } = await check(["scraper", off, UNKNOWN, "--state", file, "--speed"], { columns: 140 });
  expect([code, lines(out)]).toEqual([
    1,
    [
      expect.stringMatching(/^ID {24}NAME {5}ONLINE {2}STATUS {5}ADDRESS +PING +DOWN +UP +PROBLEMS$/),
      expect.stringMatching(
        new RegExp(`^${id}  scraper  yes     - +[\\d.]+ +\\d+ ms  [\\d.]+ Mbit/s  [\\d.]+ Mbit/s$`),
      ),
      expect.stringMatching(new RegExp(`^${off}  -        no +suspended  [\\d.]+ +- .* suspended by the vendor`)),
      expect.stringMatching(new RegExp(`^${UNKNOWN}  -        - .*the account has no such port$`)),
    ],
  ]);
});

it("a port whose lease is over is said to be so, with what renews it", async () => {
  const id = bench.control.buyPort({ country: "DE", expiresIn: "1d" }).id;
  bench.control.clock.advance("25h");
  const { code, out } = await check([id]);
  expect([code, json(out)]).toMatchObject([
    1,
    [
      {
        id,
        online: false,
        status: "expired",
        problems: [expect.stringMatching(/^its lease is over \(expired\): .*`pulumi up`/)],
      },
    ],
  ]);
});

it("a port that is active and offline keeps what the test says, and has its status", async () => {
  const id = buy();
  bench.control.addFault({ path: "/ports/*/ping", body: { success: false, error: "no route" } });
  expect(json((await check([id])).out)).toMatchObject([{ status: "active", problems: ["the test failed: no route"] }]);
});

it("nothing is wider than the terminal, and ids are whole", async () => {
  const id = buy();
  bench.control.editPort(id, { suspended: true });
  const { out } = await check([id], { columns: 70 });
  expect(Math.max(...lines(out).map(({ length }) => length))).toBeLessThanOrEqual(70);
  expect(out).toContain(`\n${id}  no `);
});

it("a port is not gone since the vendor has no speed test", async () => {
  bench.control.addFault({ path: "/ports/*/speed-test", status: 404 });
  const [told] = json<{ online: boolean; problems: string[] }[]>((await check([buy(), "--speed"])).out);
  expect(told).toMatchObject({ online: true, problems: [expect.stringContaining("/speed-test: ") as string] });
});

it.each<[string, object]>([
  ["an address that cannot be read", { path: "/ports/*/ip", status: 400 }],
  ["a test that fails", { path: "/ports/*/ping", body: { success: false, error: "no route" } }],
  ["a port that is not active", { path: "/ports/*/status", body: { status: "online", isActive: false } }],
])("exits 1 with %s, and reports the rest", async (_what, fault) => {
  bench.control.addFault(fault);
  const [told] = json<{ problems: string[]; online: boolean }[]>((await check([buy()])).out);
  expect([told?.online, told?.problems.length]).toEqual([true, 1]);
  expect((await check([buy()])).code).toBe(1);
});

it.each<[string, (ids: string[]) => void, RegExp]>([
  ["no part of any port can be read", () => bench.control.addFault({ path: "^/ports/.*", status: 400 }), /400/],
  ["a state cannot be read", () => undefined, /ENOENT/],
])("exits 3 where %s", async (what, spoil, why) => {
  const ids = [buy(), buy()];
  spoil(ids);
  const { code, out, err } = await check([
    ...ids,
    ...(what.includes("state") ? ["name", "--state=/nowhere/x.json"] : []),
  ]);
  expect([code, out, last(err)]).toEqual([3, "", expect.stringMatching(why)]);
});

it("exits 3 with a key that nobody knows, in one line", async () => {
  const { code, err } = await check([buy(), buy()], { key: "psx_nobody_knows_it" });
  expect([code, lines(err)]).toEqual([3, [expect.stringMatching(/^proxies-sx check: .*401 unauthorized/)]]);
});

it.each<[string, string[], RegExp]>([
  ["no port", [], /name the ports: proxies-sx check PORT\.\.\.$/],
  ["a name without a state", ["scraper"], /names need --stack NAME or --state FILE$/],
])("refuses %s", async (_what, argv, why) => {
  const { code, out, err } = await check(argv);
  expect([code, out, err.trimEnd()]).toEqual([2, "", expect.stringMatching(why)]);
});

it("a port of another account of the program is said to be one, unless the key is that account's", async () => {
  const id = buy();
  const file = bench.save(
    "two.json",
    heldPort("own", id, ofAccount("second")),
    heldPort("s2", UNKNOWN, ofAccount("second")),
  );
  const { code, out } = await check(["own", "s2", "--state", file]);
  expect([code, json(out)]).toMatchObject([
    1,
    [
      { id, online: true, problems: [] },
      { id: UNKNOWN, account: "second", problems: ["it belongs to the account second of the program"] },
    ],
  ]);
});
