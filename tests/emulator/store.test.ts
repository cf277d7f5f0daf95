import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type WirePort } from "../../emulator";
import { type World, world } from "./harness";

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

test("a change is written without a close, whole, beside nothing", async () => {
  jest.useFakeTimers();
  try {
    const here = world({ data });
    here.control.buyPort();
    expect(existsSync(data)).toBe(false);
    jest.advanceTimersByTime(1_000);
    expect(readdirSync(folder)).toEqual(["world.json"]);
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

test("a file that holds no world is named, and left as it is", () => {
  writeFileSync(data, "{half");
  expect(() => world({ data })).toThrow(`${data} holds no world of the emulator`);
  expect(readFileSync(data, "utf8")).toBe("{half");
});
