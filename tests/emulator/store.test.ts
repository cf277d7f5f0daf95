import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type WirePort } from "../../emulator";
import { type World, world } from "./harness";

const MAKE_FIFO = "mkfifo";

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-"));
  data = join(folder, "world.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const list = async (here: World) => (await here.call<WirePort[]>("GET /v1/ports")).body;

test("ports, clock, keys, stock and ledger outlive a restart", async () => {
  const before = world({ data, config: { devicesPerCarrier: { shared: 3 } } });
  await before.buy();
  const second = await before.buy();
  await before.call(`DELETE /v1/ports/${second._id}`);
  before.control.clock.advance("2d");
  const key = before.control.keys.addKey(["ports:read"]);
  const [ports, stock, ledger] = [
    await list(before),
    (await before.call("GET /v1/countries/with-devices")).body,
    before.control.purchases(),
  ];
  await before.close();

  const after = world({ data });
  expect(await list(after)).toEqual(ports);
  expect(after.control.clock.now()).toEqual(before.control.clock.now());
  expect((await after.call("GET /v1/ports", { key })).status).toBe(200);
  expect((await after.call("GET /v1/countries/with-devices")).body).toEqual(stock);
  expect(after.control.purchases()).toEqual(ledger);
  const third = await after.buy();
  expect(third.displayName).toBe("Proxy #3");
  expect(after.control.ports().map((port) => port.device._id)).toEqual([ports[0]?.device._id, third.device._id]);
  await after.close();
});

test("latency and rate are those of a start, whatever an earlier one had", async () => {
  await world({ data, config: { latencyMs: 5, requestsPerSecond: 7, balance: 9 } }).close();
  const second = world({ data, config: { latencyMs: 6 } });
  expect(second.control.state().config).toMatchObject({ latencyMs: 6, requestsPerSecond: 0, balance: 9 });
  await second.close();
});

test("a world that is kept has its seed: another one is refused", async () => {
  await world({ data, seed: 3 }).close();
  expect(() => world({ data, seed: 4 })).toThrow(
    `${data} holds a world of seed 3, so seed 4 would have no effect. Leave it out, or give another file`,
  );
  await world({ data, seed: 3 }).close();
});

test("a file that another running emulator uses is refused; one that was killed has left it", async () => {
  const lock = `${data}.lock`;
  writeFileSync(lock, String(process.ppid));
  expect(() => world({ data })).toThrow(
    `${data} is in use by another emulator, process ${process.ppid}. Give another file. If that is no emulator, remove ${lock}`,
  );
  writeFileSync(lock, "99999999");
  const here = world({ data });
  expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
  await here.close();
  expect(readdirSync(folder)).toEqual(["world.json"]);
});

test("an emulator begins also where its lock cannot be written, as on a full disk or one that is only read", async () => {
  const named = join(folder, `${"w".repeat(205)}.json`); // a lock's name is too long beside it
  const here = world({ data: named });
  here.control.buyPort();
  await here.close();
  expect(await list(world({ data: named }))).toHaveLength(1);
});

test("a change is written without a close, whole, beside nothing", async () => {
  jest.useFakeTimers();
  try {
    const here = world({ data });
    here.control.buyPort();
    expect(existsSync(data)).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(readdirSync(folder)).toEqual(["world.json", "world.json.lock"]);
    expect((JSON.parse(readFileSync(data, "utf8")) as { ports: unknown[] }).ports).toHaveLength(1);
    await here.close();
  } finally {
    jest.useRealTimers();
  }
});

test.each(["SIGTERM", "SIGINT"] as const)("%s saves, and leaves the rest to whoever listens", async (signal) => {
  const heard = jest.fn();
  process.once(signal, heard);
  const here = world({ data });
  here.control.buyPort();
  process.emit(signal, signal);
  expect(heard).toHaveBeenCalledTimes(1);
  expect((JSON.parse(readFileSync(data, "utf8")) as { ports: unknown[] }).ports).toHaveLength(1);
  await here.close();
});

test("a signal ends it in order where the world cannot be kept, and close() reports it", async () => {
  const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  process.once("SIGINT", () => undefined);
  const here = world({ data });
  here.control.buyPort();
  rmSync(folder, { recursive: true });
  expect(() => process.emit("SIGINT", "SIGINT")).not.toThrow();
  expect(warn).toHaveBeenCalledTimes(1);
  await expect(here.close()).rejects.toThrow("ENOENT");
  mkdirSync(folder);
  warn.mockRestore();
});

test("a file that holds no world is named, and left as it is", () => {
  writeFileSync(data, "{half");
  expect(() => world({ data })).toThrow(`${data} holds no world of the emulator`);
  expect(readFileSync(data, "utf8")).toBe("{half");
});

describe("what is not the user's own is refused, in one line that names it", () => {
  const refusal = (at = data) => {
    try {
      void world({ data: at }).close();
    } catch (error) {
      return (error as Error).message;
    }
    return "taken";
  };

  test("a symbolic link, also one to nowhere, and nothing is written through it", () => {
    const elsewhere = join(folder, "elsewhere");
    symlinkSync(elsewhere, data);
    expect(refusal()).toBe(`${data} is a symbolic link; name the file itself`);
    writeFileSync(elsewhere, "mine");
    expect(refusal()).toBe(`${data} is a symbolic link; name the file itself`);
    expect(readFileSync(elsewhere, "utf8")).toBe("mine");
  });

  test("a FIFO, which nobody waits for, and a folder", () => {
    execFileSync(MAKE_FIFO, [data]);
    expect(refusal()).toBe(`${data} is not a regular file`);
    rmSync(data);
    mkdirSync(data);
    expect(refusal()).toContain(data);
  });

  test("a file that others may write to", () => {
    writeFileSync(data, "{}");
    chmodSync(data, 0o666);
    expect(refusal()).toBe(`${data} may be written by other users; chmod go-w it`);
  });

  test("a folder that others may write to, however far above, but for one like /tmp", () => {
    const inner = join(folder, "inner");
    mkdirSync(inner);
    const at = join(inner, "world.json");
    expect(refusal(at)).toBe("taken");
    for (const open of [inner, folder]) {
      chmodSync(open, 0o777);
      expect(refusal(at)).toBe(`${open} may be written by other users; keep the file in a folder of your own`);
      chmodSync(open, 0o1777);
      expect(refusal(at)).toBe("taken");
      chmodSync(open, 0o700);
    }
  });

  test("a folder that is not there", () => {
    expect(refusal(join(folder, "none", "world.json"))).toBe(`there is no folder ${join(folder, "none")}`);
  });
});

test("a link laid at a name that can be guessed is not written through", async () => {
  const victim = join(folder, "victim");
  writeFileSync(victim, "mine");
  symlinkSync(victim, `${data}.${process.pid}.tmp`);
  const here = world({ data });
  here.control.buyPort();
  await here.close();
  expect(readFileSync(victim, "utf8")).toBe("mine");
  expect(statSync(data).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(["victim", "world.json", `world.json.${process.pid}.tmp`]);
});

test("a world that cannot be kept is said once, and the emulator goes on", async () => {
  jest.useFakeTimers();
  const warn = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    const here = world({ data });
    here.control.buyPort();
    rmSync(folder, { recursive: true });
    jest.advanceTimersByTime(2_000);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("cannot keep its world")]]);
    expect((await here.call("GET /v1/ports")).status).toBe(200);
    mkdirSync(folder, { mode: 0o700 });
    jest.advanceTimersByTime(1_000);
    expect(readdirSync(folder)).toEqual(["world.json"]);
    await here.close();
  } finally {
    warn.mockRestore();
    jest.useRealTimers();
  }
});

describe("a file that is no sound world", () => {
  let sound: Record<string, unknown>;
  beforeEach(async () => {
    const here = world({ data });
    here.control.buyPort();
    await here.close();
    sound = JSON.parse(readFileSync(data, "utf8")) as Record<string, unknown>;
  });

  test.each<[string, (saved: Record<string, never>) => unknown]>([
    ["null", () => null],
    ["a list", () => []],
    ["another version", (saved) => ({ ...saved, version: 2 })],
    ["no accounts", (saved) => ({ ...saved, accounts: [] })],
    ["a clock beyond time", (saved) => ({ ...saved, clockOffset: 1e300 })],
    ["an unknown setting", (saved) => ({ ...saved, config: { colour: "red" } })],
    ["a port of no account", (saved) => ({ ...saved, ports: portsWith(saved, { accountId: "nobody" }) })],
    ["a port without a device", (saved) => ({ ...saved, ports: portsWith(saved, { device: null }) })],
    ["a port at no place", (saved) => ({ ...saved, config: { countries: ["GB"] } })],
    ["no ports", ({ ports: _, ...saved }) => saved],
  ])("(%s) is named, and left as it is", (_what, broken) => {
    const text = JSON.stringify(broken(sound as Record<string, never>));
    writeFileSync(data, text);
    expect(() => world({ data })).toThrow(`${data} holds no world of the emulator: `);
    expect(readFileSync(data, "utf8")).toBe(text);
  });

  const portsWith = (saved: Record<string, object[]>, change: object) =>
    saved["ports"]?.map((port) => ({ ...port, ...change }));

  test("one that an earlier version wrote, without traffic by day, is read", async () => {
    const earlier = (sound["ports"] as object[]).map((port) => ({ ...port, traffic: undefined, usedGB: 2 }));
    writeFileSync(data, JSON.stringify({ ...sound, ordersMade: undefined, ports: earlier }));
    const here = world({ data });
    here.control.clock.advance("2d");
    expect(here.control.ports()[0]?.usedTraffic).toBeGreaterThan(2);
    await here.close();
  });
});
