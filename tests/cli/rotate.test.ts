import { rotateCommand } from "../../cli/commands/rotate";
import { heldPort, ofAccount, renewedPort } from "./exported";
import { Bench, type Given, json, last, lines } from "./on-emulator";

const bench = new Bench();
const rotate = (argv: string[], given?: Given) => bench.run((terminal) => rotateCommand(argv, terminal), given);

const buy = (slotType: "shared" | "private" = "shared"): string =>
  bench.control.buyPort({ country: "DE", slotType }).id;
const rotations = (): string[] => bench.writes().filter((call) => call.endsWith("/rotate"));
const countOf = (id: string): number | undefined =>
  (bench.control.port(id)?.rotationSettings as { rotationCount?: number } | undefined)?.rotationCount;
const UNKNOWN = "0123456789abcdef01234567";

interface Outcome {
  id: string;
  result: string;
  [field: string]: unknown;
}

it("rotates, and shows the new address", async () => {
  const id = buy();
  const { code, out, questions } = await rotate([id.toUpperCase(), id, "--yes"]);
  expect([code, questions]).toEqual([0, []]);
  const [told, ...more] = json<Outcome[]>(out);
  expect([told, more]).toMatchObject([{ id, result: "rotated", oldIp: expect.any(String) as string }, []]);
  expect([told?.newIp, rotations().length]).toEqual([expect.stringMatching(/^[\d.]+$/), 1]);
});

it("asks first, and takes only yes for it", async () => {
  const id = buy();
  for (const answer of ["", "n", "no", "yes please"]) {
    const { code, out, questions } = await rotate([id], { columns: 100, answer });
    expect([code, questions]).toEqual([1, [expect.stringMatching(/^Rotate 1 port\? .* \[y\/N\] $/)]]);
    expect(out).toMatch(new RegExp(`\n${id}  not wanted`));
  }
  expect(rotations()).toEqual([]);
  const { code, out } = await rotate([id], { columns: 100, answer: " Y " });
  expect(code).toBe(0);
  expect(lines(out)[1]).toMatch(new RegExp(`^${id}  rotated  [\\d.]+$`));
});

it.each<[string, string[], Given]>([
  ["nobody is there", [], {}],
  ["a program reads the answer", ["--json"], { columns: 80, answer: "y" }],
])("where %s it wants --yes, before it asks the vendor", async (_what, argv, given) => {
  const id = buy();
  bench.control.clearRequests();
  const { code, err } = await rotate([id, ...argv], given);
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/^proxies-sx rotate: this asks on a terminal first: .* add --yes\n$/),
  ]);
  expect(bench.control.requests()).toEqual([]);
});

it("a port that rests is reported with how long, and the others rotate", async () => {
  const [resting, free] = [buy(), buy()];
  await rotate([resting, "--yes"]);
  bench.control.clearRequests();
  const { code, out, questions } = await rotate([resting, free, UNKNOWN], { columns: 200, answer: "y" });
  expect(code).toBe(1);
  expect(questions).toEqual([expect.stringMatching(/^Rotate 1 port\?.* 2 ports cannot rotate now\. /)]);
  const rows = lines(out).slice(1);
  expect(rows).toEqual([
    expect.stringMatching(new RegExp(`^${resting}  resting (5 min|4 min 5\\d s) +- .*Must wait (300|299) seconds`)),
    expect.stringMatching(new RegExp(`^${free}  rotated `)),
    expect.stringMatching(new RegExp(`^${UNKNOWN}  gone +- +the account has no such port$`)),
  ]);
  expect(rotations()).toEqual([`POST /v1/ports/${free}/rotate`]);
});

it("asks nothing where none can rotate", async () => {
  const id = buy();
  await rotate([id, "--yes"]);
  const { code, out, questions } = await rotate([id], { columns: 120, answer: "y" });
  expect([code, questions]).toEqual([1, []]);
  expect(out).toContain("resting");
  expect(json<Outcome[]>((await rotate([id, "--yes"])).out)).toMatchObject([
    {
      result: "resting",
      cooldownSeconds: expect.any(Number) as number,
      nextRotationAt: expect.stringMatching(/Z$/) as string,
    },
  ]);
});

it("a private port's new address is still to come", async () => {
  const { code, out } = await rotate([buy("private"), "--yes"]);
  expect([code, json(out)]).toMatchObject([
    0,
    [{ result: "rotated", reason: expect.stringContaining("10-30 seconds") as string }],
  ]);
  expect(out).not.toContain("newIp");
});

describe("a lost answer", () => {
  it.each(["cut", "truncate"] as const)("of a rotation that was done is settled by the port: %s", async (how) => {
    const id = buy();
    bench.control.addFault({
      path: "/ports/*/rotate",
      times: 1,
      ...(how === "cut" ? { cut: "after" } : { truncate: true }),
    });
    const { code, out } = await rotate([id, "--yes"]);
    expect([code, json(out)]).toMatchObject([
      0,
      [{ result: "rotated", reason: expect.stringContaining("the answer was lost") as string }],
    ]);
    expect([rotations().length, countOf(id)]).toEqual([1, 1]);
  });

  it("to a rotation that was not done is reported, and the rotation is not repeated", async () => {
    const id = buy();
    bench.control.addFault({ path: "/ports/*/rotate", times: 1, cut: "before" });
    const { code, out } = await rotate([id, "--yes"]);
    expect([code, json(out)]).toMatchObject([
      1,
      [{ result: "failed", reason: expect.stringContaining("look before you repeat it") as string }],
    ]);
    expect([rotations().length, countOf(id)]).toEqual([1, 0]);
  });

  it("is no success where the port cannot be read after it, or has no count", async () => {
    const id = buy();
    bench.control.addFault({ path: "/ports/*/rotate", times: 1, cut: "before" });
    bench.control.addFault({ path: "/ports/*", method: "GET", after: 1, status: 404 });
    expect(json((await rotate([id, "--yes"])).out)).toMatchObject([{ result: "failed" }]);
    bench.control.clearFaults();
    bench.control.addFault({ path: "/ports/*/rotate", times: 1, cut: "before" });
    bench.control.addFault({ path: `/ports/${id}`, method: "GET", times: 1, body: { _id: id, slotType: "shared" } });
    expect(json((await rotate([id, "--yes"])).out)).toMatchObject([{ result: "failed" }]);
  });
});

it("a cooldown that began since is reported as one", async () => {
  const id = buy();
  bench.control.addFault({ path: "/ports/*/can-rotate", body: { canRotate: true } });
  bench.control.addFault({ path: "/ports/*/rotate", status: 429, retryAfter: 250 });
  expect(json((await rotate([id, "--yes"])).out)).toMatchObject([{ result: "resting", cooldownSeconds: 250 }]);
});

it("a rotation that the vendor says has failed is no success", async () => {
  const id = buy();
  bench.control.addFault({ path: "/ports/*/rotate", body: { success: false, message: "No free device" } });
  expect(await rotate([id, "--yes"])).toMatchObject({
    code: 1,
    out: expect.stringContaining('"reason": "No free device"') as string,
  });
});

it("stops where the key may not rotate, and reports what was not tried", async () => {
  const key = bench.control.keys.addKey(["ports:read"]);
  const { code, out } = await rotate([buy(), buy(), "--yes"], { key });
  expect([code, json(out)]).toMatchObject([
    1,
    [{ result: "failed", reason: expect.stringContaining("ports:rotate") as string }, { result: "not tried" }],
  ]);
});

describe("names", () => {
  it("are those of the states' Ports, whose port that serves is meant", async () => {
    const [serving, old, other] = [buy(), buy(), buy()];
    const since = new Date(Date.now() - 60_000).toISOString();
    const file = bench.save(
      "dev.json",
      renewedPort("a", "f".repeat(24), serving, [{ portId: old, since }]),
      heldPort("b", other),
    );
    const { code, out } = await rotate(["a", other, "b", "--state", file, "--yes"]);
    expect(code).toBe(0);
    expect(json(out)).toMatchObject([
      { id: serving, name: "a", result: "rotated" },
      { id: other, result: "rotated" },
    ]);
    expect(rotations()).toHaveLength(2);
  });

  it.each<[string, string[], number, RegExp]>([
    ["without a state", ["scraper"], 2, /24 hexadecimal digits; names need --stack NAME or --state FILE$/],
    [
      "that no state has",
      ["b", "c\u001b[2J"],
      2,
      /no given state has a port for "c \[2J": `proxies-sx ports --state \S+dev\.json --state \S+prod\.json` lists the names$/,
    ],
    ["that may be a key", ["psx_slipped_in"], 2, /no given state has a port for name 1: `proxies-sx ports /],
    ["that is that of two Ports", ["b", "a"], 2, /"a" is the name of 2 Ports: give the id of one$/],
  ])("%s", async (what, argv, code, why) => {
    const file = bench.save("dev.json", heldPort("a", buy()), heldPort("b", buy()));
    const second = bench.save("prod.json", heldPort("a", buy()));
    const states = what === "without a state" ? [] : ["--state", file, "--state", second];
    const told = await rotate([...argv, ...states, "--yes"]);
    expect([told.code, last(told.err)]).toEqual([code, expect.stringMatching(why)]);
    expect(told.err).not.toContain("slipped");
    expect(rotations()).toEqual([]);
  });

  it("no port at all is wrong usage", async () => {
    expect(await rotate(["--yes"])).toMatchObject({
      code: 2,
      err: "proxies-sx rotate: name the ports: proxies-sx rotate PORT...\n",
    });
  });
});

it("nothing is changed where a port cannot be looked at", async () => {
  const [a, b] = [buy(), buy()];
  bench.control.addFault({ path: `/ports/${b}/can-rotate`, status: 400 });
  const { code, out, err } = await rotate([a, b, "--yes"]);
  expect([code, out, last(err)]).toEqual([3, "", expect.stringContaining("400")]);
  expect(rotations()).toEqual([]);
});

it("a port of another account of the program is not gone", async () => {
  const file = bench.save("two.json", heldPort("s2", UNKNOWN, ofAccount("second")));
  const { code, out } = await rotate(["s2", "--state", file, "--yes"]);
  expect([code, json(out)]).toMatchObject([
    1,
    [{ id: UNKNOWN, result: "not tried", reason: "it belongs to the account second of the program" }],
  ]);
});
