import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orphansCommand } from "../../cli/commands/orphans";
import { type Emulator, startEmulator } from "../../emulator";
import { exported, heldPort, pending, renewedPort, settings } from "./exported";
import { type Heard, hearing, withoutSource } from "./terminal";

let emulator: Emulator;
let folder: string;
let file: string;
/** What was said in a test: none of it may hold a secret. */
let heard: Heard[];

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.control.reset();
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-"));
  file = join(folder, "dev.json");
  heard = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  const secrets = emulator.control.ports().flatMap((port) => [port.proxyPassword, port.rotationToken]);
  for (const canary of [emulator.apiKey, "canary", ...secrets]) {
    expect(JSON.stringify(heard.map(({ said, questions }) => [said, questions]))).not.toContain(canary);
  }
});

const buy = (order: Parameters<Emulator["control"]["buyPort"]>[0] = {}): string => emulator.control.buyPort(order).id;
const save = (...args: Parameters<typeof exported>): void => writeFileSync(file, exported(...args));
const live = (): string[] => emulator.control.ports().map(({ id }) => id);
const writes = (): string[] => {
  const calls = emulator.control.requests().map(({ method, path }) => `${method} ${path}`);
  return calls.filter((call) => !call.startsWith("GET "));
};

async function orphans(argv: string[], given: Parameters<typeof hearing>[1] = {}) {
  const terminal = hearing({ PROXIES_API_KEY: emulator.apiKey, PROXIES_API_URL: emulator.url }, given);
  heard.push(terminal);
  const code = await orphansCommand(argv.includes("--state") ? argv : ["--state", file, ...argv], terminal);
  return { code, ...terminal.said, err: withoutSource(terminal.said.err), questions: terminal.questions };
}

interface Report {
  orphans: { id: string }[];
  referenced: unknown[];
  missing: unknown[];
  states: unknown[];
  livePorts: number;
}

async function report(...argv: string[]): Promise<[number, Report]> {
  const { code, out } = await orphans([...argv, "--json"]);
  return [code, JSON.parse(out) as Report];
}

describe("the report", () => {
  it("exits 0 where a state holds every port", async () => {
    const ids = [buy(), buy()];
    save(ids.map((id, index) => heldPort(`p${index}`, id)));
    const { code, out, err } = await orphans([]);
    expect([code, out, err]).toEqual([0, `Live ports: 2. In no state: 0. States: ${file}.\n`, ""]);
  });

  it("lists for a person what is in no state, and exits 1", async () => {
    const [held] = [buy(), buy({ country: "DE", carrier: "Vodafone", slotType: "private", expiresIn: "5h" })];
    save([heldPort("a", held)]);
    const { code, out } = await orphans([]);
    expect(code).toBe(1);
    const [id, row] = [live()[1], out.split("\n")[3] ?? ""];
    expect(row).toMatch(
      new RegExp(
        `^${id}  Proxy #2 +DE +Vodafone +private +active +(4 h 59 min|5 h 0 min) +\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ$`,
      ),
    );
    expect(out).not.toContain(held);
  });

  it("reports the same to a program, as JSON", async () => {
    const [held, orphan] = [buy(), buy({ country: "GB" })];
    save([heldPort("a", held)]);
    const [code, { orphans: found, states, livePorts }] = await report();
    expect(code).toBe(1);
    expect(found).toEqual([
      {
        id: orphan,
        displayName: "Proxy #2",
        country: "GB",
        carrier: expect.any(String) as string,
        slotType: "shared",
        status: "active",
        expiresAt: expect.stringMatching(/Z$/) as string,
        expiresInSeconds: expect.any(Number) as number,
        createdAt: expect.stringMatching(/Z$/) as string,
      },
    ]);
    expect([states, livePorts]).toEqual([[{ name: file, holds: 1 }], 2]);
  });

  it("joins the states of several stacks", async () => {
    const [a, b, c] = [buy(), buy(), buy()];
    save([heldPort("a", a)]);
    const second = join(folder, "prod.json");
    writeFileSync(second, exported([heldPort("b", b, { delete: true })]));
    const [code, { orphans: found }] = await report("--state", file, "--state", second);
    expect([code, found.map(({ id }) => id)]).toEqual([1, [c]]);
  });

  it("a port that is only named is no orphan", async () => {
    const id = buy();
    save([settings("RotationSettings", "rotation", id)]);
    const [code, { orphans: found, referenced }] = await report();
    expect([code, found]).toEqual([0, []]);
    expect(referenced).toMatchObject([
      { id, by: { state: file, urn: expect.stringMatching(/::rotation$/) as string } },
    ]);
    expect((await orphans([])).out).toMatch(/only named by a state[^]*NAMED BY\n.*rotation in /);
  });

  it("lists the ports that a state holds and the account does not have", async () => {
    const id = buy();
    save([heldPort("a", id), heldPort("b", "b".repeat(24)), heldPort("c", "c".repeat(24), { delete: true })]);
    const [code, { missing }] = await report();
    expect([code, missing]).toMatchObject([
      0,
      [
        { id: "b".repeat(24), leaving: false },
        { id: "c".repeat(24), leaving: true },
      ],
    ]);
    expect((await orphans([])).out).toMatch(/b{24} {2}b in .*\nc{24} {2}c in .*, to be deleted\n/);
  });

  it("a deleted port that the vendor still lists is not live", async () => {
    const id = buy();
    emulator.control.editPort(id, { status: "deleted" });
    save([]);
    expect((await report())[0]).toBe(0);
  });

  it("another account's ports are not seen", async () => {
    emulator.control.keys.addKey(undefined, "second");
    buy({ account: "second" });
    const id = buy();
    save([heldPort("a", id)]);
    expect((await report())[0]).toBe(0);
  });

  it("says that an orphan may be the port of a purchase under way", async () => {
    buy();
    save([], [pending("creating", heldPort("a", "", { id: undefined, outputs: {} }))]);
    const { code, out } = await orphans([]);
    expect(code).toBe(1);
    expect(out).toMatch(/broken off: a in .*refresh --clear-pending-creates/);
    expect(out).toContain("holds no live port of this account");
  });

  it("reads every page, and words of the vendor that would steer the terminal do not", async () => {
    emulator.control.reset({ devicesPerCarrier: { shared: 150 }, slots: { shared: 150 } });
    const ids = Array.from({ length: 130 }, () => buy());
    emulator.control.editPort(ids[0] as string, { displayName: "\u001b[2Jgone\n" });
    save([]);
    const { out } = await orphans([]);
    for (const id of ids) expect(out).toContain(id);
    expect(out).not.toContain("\u001b");
  });
});

describe("a port that was renewed", () => {
  // The vendor gives its time in whole seconds: this machine's present moment could be later.
  const since = new Date(Date.now() - 60_000).toISOString();

  it("is no orphan, nor is its old one, which is listed apart", async () => {
    const [first, serving, old] = ["f".repeat(24), buy(), buy()] as [string, string, string];
    save([renewedPort("a", first, serving, [{ portId: old, since }])]);
    const [code, found] = await report();
    expect([code, found]).toMatchObject([
      0,
      { orphans: [], missing: [], states: [{ holds: 2 }], retiring: [{ id: old, releaseAt: since }] },
    ]);
    expect((await orphans([])).out).toMatch(
      new RegExp(`1 port is retiring after a renewal: .*\\n\\nID .*\\n${old} {2}a in .* {2}next run\\n`),
    );
  });

  it("whose first port is still live has an orphan, though its settings have that id", async () => {
    const [first, serving] = [buy(), buy()] as [string, string];
    const hidden = { inputs: { port: first, __portId: serving }, outputs: { port: first, __portId: serving } };
    save([renewedPort("a", first, serving), settings("OsFingerprint", "f", first, hidden)]);
    const [, { orphans: found, referenced }] = await report();
    expect([found.map(({ id }) => id), referenced]).toEqual([[first], []]);
    expect((await orphans(["--delete", "--yes"])).code).toBe(0);
    expect(live()).toEqual([serving]);
  });

  it.each(["deleted", "renewing"])("that is %s owns no live port, and is missing", async (status) => {
    const other = buy();
    const gone = "b".repeat(24);
    save([renewedPort("a", gone, gone, [], { outputs: { status } })]);
    const [code, { orphans: found, missing }] = await report();
    expect([code, found.map(({ id }) => id), missing]).toMatchObject([1, [other], [{ id: gone, leaving: false }]]);
  });

  it("an old one that is gone is not missing", async () => {
    save([renewedPort("a", "f".repeat(24), buy(), [{ portId: "c".repeat(24), since }])]);
    expect((await report())[1].missing).toEqual([]);
  });

  it("nothing is deleted while a renewal is under way", async () => {
    const [held] = [buy(), buy()];
    save([heldPort("a", held)], [pending("updating", heldPort("a", held))]);
    const { code, err } = await orphans(["--delete", "--yes"]);
    expect([code, live().length]).toEqual([3, 2]);
    expect(err).toContain("renewals under way, or broken off: a in ");
  });
});

describe("what cannot be determined exits 3, with nothing on standard output", () => {
  it.each([
    [401, "401"],
    [500, "500"],
    [403, "ports:read"],
  ])("a list that fails with %i", async (status, why) => {
    save([]);
    emulator.control.addFault({
      path: "/ports",
      status,
      body: { statusCode: status, message: `no ${emulator.apiKey}` },
    });
    if (status === 500) emulator.control.addFault({ path: "/ports", status });
    const { code, out, err } = await orphans([]);
    expect([code, out]).toEqual([3, ""]);
    expect(err).toContain(why);
    emulator.control.clearFaults();
  });

  it.each([
    ["cut off", exported([heldPort("a", "a".repeat(24))]).slice(0, -9)],
    ["empty", ""],
  ])("a state that is %s, also with --delete", async (why, text) => {
    buy();
    writeFileSync(file, text);
    for (const more of [[], ["--delete", "--yes", "--holds-none", file]]) {
      const { code, out, err } = await orphans(more);
      expect([code, out]).toEqual([3, ""]);
      expect(err).toContain(why);
    }
    expect(live()).toHaveLength(1);
  });

  it("standard input that is no state", async () => {
    expect((await orphans(["--state", "-"], { input: "" })).code).toBe(3);
  });
});

describe("--delete", () => {
  it("asks for the number, and deletes just the orphans", async () => {
    const [held, named, orphan, second] = [buy(), buy(), buy(), buy()];
    save([heldPort("a", held), settings("OsFingerprint", "f", named)]);
    const { code, out, questions } = await orphans(["--delete"], { answer: " 2 " });
    expect([code, live()]).toEqual([0, [held, named]]);
    expect(questions).toEqual([expect.stringContaining("(2)")]);
    expect(out).toMatch(new RegExp(`${orphan}  deleted\n${second}  deleted\n$`));
    expect((await orphans([])).code).toBe(0);
  });

  it.each(["", "y", "yes", "1", "3", "2 ports"])("the answer %j deletes nothing", async (answer) => {
    const held = buy();
    buy();
    buy();
    save([heldPort("a", held)]);
    const { code, err } = await orphans(["--delete"], { answer });
    expect([code, err, live().length]).toEqual([1, expect.stringMatching(/\nNothing is deleted\.\n$/), 3]);
  });

  it("asks nothing where there is nothing to delete, whatever the state holds", async () => {
    save([]);
    expect(await orphans(["--delete"], { answer: "0" })).toMatchObject({ code: 0, questions: [] });
  });

  it("--yes needs no terminal, and takes a state from standard input", async () => {
    const [held, orphan] = [buy(), buy()];
    const { code, out } = await orphans(["--state", "-", "--delete", "--yes", "--json"], {
      input: exported([heldPort("a", held)]),
    });
    expect([code, live()]).toEqual([0, [held]]);
    expect(JSON.parse(out)).toMatchObject({
      orphans: [{ id: orphan }],
      deletions: [{ id: orphan, result: "deleted" }],
    });
  });

  it.each([
    ["that is empty", () => []],
    ["of another project", () => [settings("RotationSettings", "r", "d".repeat(24))]],
    ["of another account", () => [heldPort("a", "d".repeat(24))]],
  ])("refuses with a state %s, unless it is named", async (_, resources) => {
    const held = buy();
    buy();
    const right = join(folder, "right.json");
    writeFileSync(right, exported([heldPort("a", held)]));
    save(resources());
    const argv = ["--state", right, "--state", file, "--delete", "--yes"];
    const refused = await orphans(argv);
    expect([refused.code, live().length]).toEqual([2, 2]);
    expect(refused.err).toContain(`--holds-none ${file}`);
    expect((await orphans([...argv, "--holds-none", right])).code).toBe(2);
    expect((await orphans([...argv, "--holds-none", file])).code).toBe(0);
    expect(live()).toEqual([held]);
  });

  it("refuses while a purchase is under way", async () => {
    const held = buy();
    buy();
    save([heldPort("a", held)], [pending("creating", heldPort("b", "", { id: undefined, outputs: {} }))]);
    const { code, err } = await orphans(["--delete", "--yes"]);
    expect([code, live().length]).toEqual([3, 2]);
    expect(err).toContain("b in ");
  });

  it("keeps what a run adopted while the user thought", async () => {
    const [held, adopted, orphan] = [buy(), buy(), buy()] as [string, string, string];
    save([heldPort("a", held)]);
    const answer = (): string => {
      save([heldPort("a", held), heldPort("b", adopted)]);
      return "2";
    };
    const { code, out } = await orphans(["--delete"], { answer });
    expect([code, live()]).toEqual([0, [held, adopted]]);
    expect(out).toContain(`${adopted}  kept: b in ${file} has it now\n${orphan}  deleted`);
  });

  it.each([
    [
      "a run that began meanwhile",
      () => save([], [pending("creating", heldPort("b", "", { outputs: {} }))]),
      "a run of",
    ],
    ["a state that cannot be read any more", () => rmSync(file), "cannot be read"],
  ])("stops at %s", async (_, happens, why) => {
    const held = buy();
    buy();
    buy();
    save([heldPort("a", held)]);
    const { code, out } = await orphans(["--delete"], { answer: () => (happens(), "2") });
    expect([code, live().length]).toEqual([1, 3]);
    expect(out).toMatch(new RegExp(`failed: .*${why}.*\n.*not tried`));
  });

  it("goes on after a failure, and exits 1", async () => {
    const [held, first, second] = [buy(), buy(), buy()] as [string, string, string];
    save([heldPort("a", held)]);
    const message = `no ${emulator.apiKey}`;
    emulator.control.addFault({ path: `/ports/${first}`, method: "DELETE", status: 409, body: { message } });
    const { code, out } = await orphans(["--delete", "--yes"]);
    emulator.control.clearFaults();
    expect([code, live()]).toEqual([1, [held, first]]);
    expect(out).toMatch(new RegExp(`${first}  failed: .*409[^]*${second}  deleted`));
  });

  it("does not try each port with a key that may not delete", async () => {
    const held = buy();
    const orphaned = [buy(), buy(), buy()];
    save([heldPort("a", held)]);
    const key = emulator.control.keys.addKey(["ports:read"]);
    const terminal = hearing({ PROXIES_API_KEY: key, PROXIES_API_URL: emulator.url });
    heard.push(terminal);
    expect(await orphansCommand(["--state", file, "--delete", "--yes"], terminal)).toBe(1);
    expect(writes()).toEqual([`DELETE /v1/ports/${orphaned[0]}`]);
    expect(terminal.said.out).toContain("ports:write");
    expect(terminal.said.out).not.toContain(key);
    expect(live()).toHaveLength(4);
  });

  it("a port that somebody else deleted is gone, not a failure", async () => {
    const [held, orphan] = [buy(), buy()] as [string, string];
    save([heldPort("a", held)]);
    const answer = (): string => (emulator.control.removePort(orphan), "1");
    const { code, out } = await orphans(["--delete"], { answer });
    expect([code, out]).toEqual([0, expect.stringMatching(/ {2}gone\n$/)]);
  });

  it("a port is gone after a lost answer: nobody knows by whom", async () => {
    const [held] = [buy(), buy()];
    save([heldPort("a", held)]);
    emulator.control.addFault({ method: "DELETE", path: "/ports/*", cut: "after", times: 1 });
    const { code, out } = await orphans(["--delete", "--yes"]);
    expect([code, live()]).toEqual([0, [held]]);
    expect(out).toMatch(/ {2}gone: an answer was lost, so it is not known whether this command deleted it\n$/);
  });
});

describe("--adopt", () => {
  it("writes code to standard output and nothing else, and calls nothing that changes", async () => {
    const [held, orphan] = [buy(), buy({ country: "DE", carrier: "Vodafone", expiresIn: "30d" })];
    save([heldPort("a", held)]);
    const { code, out, err } = await orphans(["--adopt"]);
    expect([code, out]).toEqual([
      1,
      `new proxies.Port("proxy-2", { country: "DE", carrier: "Vodafone", slotType: "shared", expiresIn: "30d" }, { import: "${orphan}" });\n`,
    ]);
    expect(err).toContain("In no state: 1.");
    const [, { orphans: found }] = await report("--adopt");
    expect(found).toMatchObject([{ id: orphan, code: out.trimEnd() }]);
    expect(writes()).toEqual([]);
  });

  it("has nothing to say where there are no orphans", async () => {
    save([heldPort("a", buy())]);
    expect(await orphans(["--adopt"])).toMatchObject({ code: 0, out: "" });
  });
});
