import { stripVTControlCharacters } from "node:util";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as tick } from "node:timers/promises";
import { watchCommand } from "../../cli/commands/watch";
import { watchText } from "../../cli/commands/watch-text";
import { type Emulator, startEmulator } from "../../emulator";
import { exported, heldPort, renewedPort } from "./exported";
import { hearing, withoutSource } from "./terminal";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => emulator.control.reset());

const env = (apiKey = emulator.apiKey) => ({ PROXIES_API_KEY: apiKey, PROXIES_API_URL: emulator.url });

/** Runs until so many looks were drawn, or by itself. */
async function watch(argv: string[], { looks = Infinity, screen, onLook, key }: Given = {}) {
  const stop = new AbortController();
  const drawn: string[] = [];
  const onOut = (text: string): void => {
    drawn.push(text);
    onLook?.(drawn.length);
    if (drawn.length === looks) stop.abort();
  };
  const heard = hearing(env(key), { onOut, ...(screen && { screen: () => screen }) });
  const code = await watchCommand(argv, heard, stop.signal, async () => undefined);
  return { code, drawn, err: heard.said.err };
}
interface Given {
  looks?: number;
  screen?: { rows: number; columns: number };
  onLook?: (look: number) => void;
  key?: string;
}

it("--once prints the figures and ends", async () => {
  const { id } = emulator.control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: "12d" });
  emulator.control.clock.advance("2d");
  emulator.control.editPort(id, { usedTraffic: 7 });
  const { code, drawn } = await watch(["--once"], { screen: { rows: 10, columns: 80 } });
  expect([code, drawn.length]).toEqual([0, 1]);
  expect(drawn[0]).toMatch(
    new RegExp(
      [
        "^127.0.0.1:\\d+, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC",
        "",
        "Ports      1 live, 0 due for renewal, next end in (10 d 0 h|9 d 23 h),",
        "           1 of 50 shared slots, 0 of 20 private slots",
        "Health     1 healthy, 0 degraded, 0 offline",
        "Traffic    7 GB of 150 GB used, 143 GB left, 3.5 GB a day, shared lasts 26 d",
        "Rotations  0, 0 rotate by themselves",
        "",
        "COUNTRY  PORTS  UNHEALTHY  DUE  CARRIERS",
        "DE       1      0          0    Vodafone 1",
        "",
        "EXPIRING NEXT  PLACE        STATUS  ENDS .* RENEWAL",
        "Proxy #1       DE Vodafone  active  in .* in 8 d (18|19) h$",
      ].join("\n"),
    ),
  );
});

it.each([80, 60])("nothing is cut on a screen of %i columns", async (columns) => {
  for (let at = 0; at < 7; at++) emulator.control.buyPort({ country: at % 2 === 0 ? "DE" : "GB", expiresIn: "10d" });
  for (const { id } of emulator.control.ports())
    emulator.control.editPort(id, { displayName: "a-scraper-with-a-rather-long-name-that-goes-on", usedTraffic: 7 });
  const { drawn } = await watch([], { looks: 1, screen: { rows: 50, columns } });
  const lines = stripVTControlCharacters(drawn[0]!).split("\n");
  expect(Math.max(...lines.map((one) => one.length))).toBeLessThan(columns);
  const text = lines.join(" ").replaceAll(/ +/g, " ");
  expect(text).toMatch(/next end in (10 d 0|9 d 23) h, 7 of 50 shared slots, 0 of 20 private slots/);
  expect(text).toMatch(/of 150 GB used, 101 GB left, GB a day: not known, 7 shared ports are younger than a day/);
  const table = lines.slice(lines.findIndex((one) => one.startsWith("EXPIRING")));
  expect(table[0]).toMatch(/RENEWAL$/);
  expect(table[1]).toMatch(/^a-scraper.*… .*in (9 d 0|8 d 23) h$/);
});

it("names the slot type whose traffic ends first, however much is left of the other", async () => {
  const { id } = emulator.control.buyPort({ country: "DE", slotType: "shared" });
  emulator.control.editPort(id, { usedTraffic: 100 });
  const { drawn } = await watch(["--once"]);
  expect(drawn[0]).toContain("100 GB of 150 GB used, 50 GB left");
  expect(drawn[0]).toMatch(/1 shared port is younger than a day,\s+shared lasts 0 s/);
});

it("without a screen there is a plain block for each poll", async () => {
  const { code, drawn } = await watch([], { looks: 2, onLook: () => emulator.control.buyPort() });
  expect([code, drawn.map((text) => /(\d+) live/.exec(text)?.[1])]).toEqual([0, ["0", "1"]]);
  expect(drawn.join()).not.toContain("\u001b");
});

it("a screen is drawn over, and nothing is wider or longer than it", async () => {
  for (let at = 0; at < 20; at++) emulator.control.buyPort();
  const { drawn } = await watch([], { looks: 1, screen: { rows: 12, columns: 40 } });
  const [begin, end, ofLine] = ["H", "J", "K"].map((letter) => `\u001b[${letter}`) as [string, string, string];
  const text = drawn[0] ?? "";
  expect([text.startsWith(begin), text.endsWith(end)]).toEqual([true, true]);
  const lines = text.slice(begin.length, -end.length).replaceAll(ofLine, "").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(10);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(39);
});

it("reports a poll that fails, and goes on", async () => {
  emulator.control.buyPort();
  const failing = (look: number) => {
    if (look === 1) emulator.control.addFault({ path: "/ports", status: 404, times: 1 });
  };
  const { code, drawn } = await watch([], { looks: 3, onLook: failing });
  expect([code, drawn[1], drawn[2]]).toEqual([
    0,
    expect.stringContaining("Left out, ports: "),
    expect.stringContaining("1 live"),
  ]);
});

it("asks for traffic and histories once a minute", async () => {
  emulator.control.buyPort();
  emulator.control.clearRequests();
  await watch([], { looks: 2 });
  expect(
    emulator.control
      .requests()
      .map(({ route }) => route)
      .sort(),
  ).toEqual([
    "/account/summary",
    "/account/summary",
    "/account/usage",
    "/account/usage",
    "/account/usage",
    "/ports",
    "/ports",
    "/ports/:id/rotation-history",
  ]);
});

it("asks again at each poll for what it could not read, as --help says", async () => {
  emulator.control.buyPort();
  emulator.control.addFault({ path: "/account/usage", status: 403, times: 1 });
  const { drawn } = await watch([], { looks: 2 });
  expect(drawn.map((text) => text.includes("Left out, usage"))).toEqual([true, false]);
  expect((await watch(["--help"])).drawn[0]).toMatch(
    /by day and rotations are read once a minute; until the first success, at each poll/,
  );
});

it("counts orphans against states", async () => {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  const [held] = [emulator.control.buyPort().id, emulator.control.buyPort().id];
  writeFileSync(join(folder, "dev.json"), exported([heldPort("a", held)]));
  const { drawn } = await watch(["--once", "--state", join(folder, "dev.json")]);
  expect(drawn[0]).toContain("Orphans    1, compared with dev.json");
  rmSync(folder, { recursive: true });
});

it("has the whole names of states whose short ones are the same, and shows no folders otherwise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  const [held] = [emulator.control.buyPort().id, emulator.control.buyPort().id];
  const states = ["one", "two"].map((name) => join(folder, name, "dev"));
  const prod = join(folder, "prod");
  for (const file of [...states, prod]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, exported(file === states[0] ? [heldPort("a", held)] : []));
  }
  const argv = [...states, prod].flatMap((file) => ["--state", file]);
  const text = (await watch(["--once", ...argv], { screen: { rows: 40, columns: 300 } })).drawn[0];
  expect(text).toContain(`compared with ${states.join(", ")}, prod`);
  expect(text).toContain(`a in ${states[0]} `);
  rmSync(folder, { recursive: true });
});

it("shows old ports of renewals apart, and waits for no end of theirs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  const [old, serving] = ["2d", "30d"].map((expiresIn) => emulator.control.buyPort({ country: "DE", expiresIn }).id);
  // The vendor gives its time in whole seconds: this machine's present moment could be later.
  const since = new Date(Date.now() - 60_000).toISOString();
  const outputs = { renewAt: new Date(Date.now() + 27 * 86_400_000).toISOString() };
  const port = renewedPort("a", old!, serving!, [{ portId: old, since }], { outputs });
  writeFileSync(join(folder, "dev.json"), exported([port]));
  const { drawn } = await watch(["--once", "--state", join(folder, "dev.json")]);
  expect(drawn[0]).toMatch(/^Ports +2 live, 1 retiring, 0 due for renewal, next end in (29|30) d/m);
  expect(drawn[0]).toMatch(
    /\nEXPIRING NEXT .*\na .*\n\nOLD PORT OF +PLACE +STATUS +RELEASED BY\na +DE .* the next run/,
  );
  expect(drawn[0]).toContain("Orphans    0, compared with dev.json");
  rmSync(folder, { recursive: true });
});

it("a state that cannot be read is left out, with a word; the rest is shown", async () => {
  emulator.control.buyPort();
  const { code, drawn } = await watch(["--once", "--state", "/nowhere/x.json"]);
  expect([code, drawn[0]]).toEqual([0, expect.stringContaining("1 live")]);
  expect(drawn[0]).toContain("Left out, managed: the state file /nowhere/x.json cannot be read (ENOENT)");
  expect(drawn[0]).not.toContain("Orphans");
});

it("reads the states again when ports come or go, and not each time", async () => {
  const folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  const file = join(folder, "dev.json");
  const ids = [emulator.control.buyPort().id];
  const save = () => writeFileSync(file, exported(ids.map((id, at) => heldPort(`p${at}`, id))));
  save();
  const { drawn } = await watch(["--state", file], {
    looks: 3,
    onLook(look) {
      if (look === 1) writeFileSync(file, exported([]));
      if (look !== 2) return;
      ids.push(emulator.control.buyPort().id);
      save();
      emulator.control.buyPort();
    },
  });
  expect(drawn.map((text) => /Orphans +(\d+)/.exec(text)?.[1])).toEqual(["0", "0", "1"]);
  rmSync(folder, { recursive: true });
});

it.each([
  ["--interval", "soon"],
  ["--interval", "0s"],
  ["--histories", "-1"],
  ["--nothing", ""],
])("wrong usage exits 2: %s %s", async (...argv) => {
  expect(await watch(argv)).toMatchObject({ code: 2, drawn: [], err: expect.stringContaining(argv[0]) as string });
});

it.each([["--once"], ["--interval=1s"]])("a first poll that brings nothing exits 3: %s", async (argument) => {
  const { code, drawn, err } = await watch([argument], { key: "psx_nobody_knows_it" });
  expect([code, drawn, err]).toEqual([3, [], expect.stringContaining("401")]);
});

it("Ctrl-C ends it at once, with code 0, even while a call hangs", async () => {
  emulator.control.addFault({ path: "/account/summary", hang: "before", after: 1 });
  const argv = ["--require", "ts-node/register/transpile-only", "cli/main.ts", "watch", "--interval", "1s"];
  const child = spawn(process.execPath, argv, { cwd: join(__dirname, "../.."), env: { ...process.env, ...env() } });
  let err = "";
  child.stderr.on("data", (text) => (err += String(text)));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  while (child.exitCode === null && emulator.control.faults()[0]?.struck !== 1) await tick(50);
  child.kill("SIGINT");
  expect([await ended, withoutSource(err)]).toEqual([0, ""]);
  emulator.control.clearFaults();
});

it("each number of ports has its thousands apart", () => {
  const many = (prefix: string, more: object) =>
    Array.from({ length: 1_022 }, (_, at) => ({ id: `${prefix}${at}`, expiresAt: 2_000, ...more }));
  const ports = [
    ...many("due", { renewAt: 500, health: "healthy" }),
    ...many("over", { expiresAt: 500, health: "degraded" }),
    ...many("old", { releaseAt: 500, health: "offline" }),
    ...many("odd", {}),
  ];
  const leftOut = { leftOut: "not asked" };
  const lines = watchText({
    ...{ takenAt: 1_000, source: "it", account: leftOut, usage: leftOut, rotations: leftOut },
    ports: { takenAt: 1_000, value: ports },
  });
  expect(lines).toContain("4,088 live, 1,022 over, 1,022 retiring, 1,022 due for renewal");
  expect(lines).toContain("1,022 healthy, 1,022 degraded, 1,022 offline, 1,022 unknown");
});
