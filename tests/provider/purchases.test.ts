import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, createApi, type Port, type PortOrder } from "../../api";
import { type Emulator, startEmulator } from "../../emulator";
import { buyerKey } from "../../provider/purchase/owner-key";
import { Journal } from "../../provider/purchase/journal";
import { PortReader } from "../../provider/run/port-reader";
import { Purchases } from "../../provider/purchase/purchases";
import { StackState } from "../../provider/run/stack-state";

let emulator: Emulator;
let api: Api;
let purchases: Purchases;
let folder: string;
const waits: number[] = [];
let whileWaiting: (() => void) | undefined;

beforeEach(async () => {
  emulator = await startEmulator();
  api = createApi({ apiKey: emulator.apiKey, apiUrl: emulator.url, timeoutMs: 5_000 });
  waits.length = 0;
  whileWaiting = undefined;
  folder = mkdtempSync(join(tmpdir(), "proxies-sx-purchases-"));
  purchases = new Purchases(api, new PortReader(api), new Journal(folder), {
    sleep: async (ms) => {
      waits.push(ms);
      if (ms > 0) whileWaiting?.();
    },
  });
});
afterEach(async () => {
  api.close();
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** A purchase for a resource of its own. */
let buyers = 0;
const buy = (what: PortOrder): Promise<Port> => purchases.buy(what, `resource-${(buyers += 1)}`);

const order = async (code = "DE", rest: Partial<PortOrder> = {}): Promise<PortOrder> => {
  const country = (await api.reference.countries()).find((one) => one.code === code);
  return { countryId: country?.id as string, expiresInSeconds: 86_400, ...rest };
};
const live = (): string[] =>
  emulator.control
    .ports()
    .map(({ id }) => id)
    .sort();
const orders = (): number =>
  emulator.control.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/ports")).length;
const lose = (times: number, after = 0): void =>
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "after", times, after });

it("a port whose answer was lost is found, not bought again", async () => {
  lose(1);
  const port = await buy(await order());
  expect(live()).toEqual([port.id]);
  expect(orders()).toBe(1);
});

it("a journal that others may write to buys nothing, and stops no look at what is there", async () => {
  const one = await order();
  chmodSync(folder, 0o777);
  const buyer = { urn: "urn:pulumi:dev::app::t::a" };
  expect(await purchases.boughtEarlier(buyer)).toBeUndefined();
  await expect(purchases.takeUp(buyer, one, async () => one)).rejects.toThrow(/^nothing is bought, .*chmod go-w/);
  await expect(buy(one)).rejects.toThrow(/^nothing is bought, .*chmod go-w/);
  expect([live(), orders()]).toEqual([[], 0]);
  chmodSync(folder, 0o700);
  await purchases.takeUp(buyer, one, async () => one);
  const port = await buy(one);
  expect(live()).toEqual([port.id]);
});

it.each([
  ["broken JSON", { truncate: true }],
  ["a gateway's page", { status: 502, commit: true, body: "<html>Bad Gateway</html>" }],
  ["silence", { hang: "after" as const }],
])("an answer lost to %s is found", async (_name, fault) => {
  emulator.control.addFault({ method: "POST", path: "/ports", times: 1, ...fault });
  const port = await buy(await order());
  expect(live()).toEqual([port.id]);
  expect(orders()).toBe(1);
});

it("three of eight lost answers: eight ports, each given once", async () => {
  const one = await order();
  lose(3, 2);
  const bought = await Promise.all(Array.from({ length: 8 }, () => buy(one)));
  expect(bought.map(({ id }) => id).sort()).toEqual(live());
  expect(live()).toHaveLength(8);
  expect(orders()).toBe(8);
});

it("lost answers of two orders each get a port of their own order", async () => {
  const [german, british] = [await order("DE"), await order("GB")];
  lose(4);
  const bought = await Promise.all([german, british, german, british].map((one) => buy(one)));
  expect(bought.map((port) => port.country?.code)).toEqual(["DE", "GB", "DE", "GB"]);
  expect(live()).toHaveLength(4);
});

it("a port that shows up late is waited for", async () => {
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
  whileWaiting = () => {
    whileWaiting = undefined;
    emulator.control.buyPort({ country: "DE", expiresIn: 86_400 });
  };
  const port = await buy(await order());
  expect(live()).toEqual([port.id]);
  expect(waits).toEqual([0, 2_000]);
});

it("an order that was never carried out fails with what to look at, and is not repeated", async () => {
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
  await expect(buy(await order())).rejects.toThrow(/answer to the purchase was lost .*no new port that fits/);
  expect(live()).toEqual([]);
  expect(orders()).toBe(1);
  expect(waits).toEqual([0, 2_000, 5_000]);
});

it("a port that somebody else bought at the same time is not taken: both are named", async () => {
  const one = await order();
  await buy(one);
  lose(1);
  emulator.control.buyPort({ country: "DE", expiresIn: 86_400 });
  const failed = buy(one);
  await expect(failed).rejects.toThrow(/2 new ports fit one lost answer: [0-9a-f]{24}, [0-9a-f]{24}.*import: "<id>"/);
  expect(live()).toHaveLength(3);
});

it("ports from before, and of another order, are nobody's lost answer", async () => {
  emulator.control.buyPort({ country: "DE" });
  const one = await order();
  await buy(one);
  emulator.control.buyPort({ country: "GB" });
  lose(1);
  const port = await buy(one);
  expect(port.country?.code).toBe("DE");
  expect(live()).toHaveLength(4);
});

it("a refusal is just that: nothing is looked for", async () => {
  const one = await order();
  emulator.control.addFault({ method: "POST", path: "/ports", status: 403, times: 1 });
  await expect(buy(one)).rejects.toMatchObject({ code: "forbidden" });
  expect(waits).toEqual([]);
});

it("a create that comes during a recovery waits, and gets a port of its own", async () => {
  const one = await order();
  lose(1);
  const first = buy(one);
  const later = Array.from({ length: 3 }, () => buy(one));
  const ids = (await Promise.all([first, ...later])).map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  expect(ids.sort()).toEqual(live());
});

it("where the list cannot be read afterwards, it says so", async () => {
  const one = await order();
  await buy(one);
  lose(1);
  emulator.control.addFault({ method: "GET", path: "/ports", status: 403 });
  await expect(buy(one)).rejects.toThrow(/answer to the purchase was lost/);
});

it("lost answers of two orders never get the same port", async () => {
  const [day, hour] = [await order("DE"), await order("DE", { expiresInSeconds: 3_600 })];
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "after", times: 1 });
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
  const settled = await Promise.allSettled([buy(day), buy(hour)]);
  const ids = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(live());
});

it("a port that another process of this machine has ordered and not heard of is left to it", async () => {
  const one = await order();
  await buy(one);
  const other = new Journal(folder);
  const theirs = other.intend("theirs", one, api.serverNow() as number);
  const file = readdirSync(folder).find((name) => name.includes(other.run.slice(0, 8))) as string;
  // As if by a process that runs: the one that started this one.
  writeFileSync(
    join(folder, file),
    readFileSync(join(folder, file), "utf8").replace(`"pid":${process.pid}`, `"pid":${process.ppid}`),
  );
  const port = await api.ports.create(one);
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
  whileWaiting = () => {
    other.bought(theirs, port.id);
  };
  await expect(buy(one)).rejects.toThrow(/no new port/);
});

it("a port whose lease is a little off is named, neither taken nor passed over: the vendor may have rounded", async () => {
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
  whileWaiting = () => {
    whileWaiting = undefined;
    emulator.control.buyPort({ country: "DE", expiresIn: 86_400 + 777 });
  };
  await expect(buy(await order())).rejects.toThrow(
    /1 new port fits one lost answer: [0-9a-f]{24}\. .*disown [0-9a-f]{24}`/,
  );
});

it("a port with a lease of another length is nobody's lost answer", async () => {
  emulator.control.addFault({ method: "POST", path: "/ports", cut: "before", times: 1 });
  whileWaiting = () => {
    whileWaiting = undefined;
    emulator.control.buyPort({ country: "DE", expiresIn: "30d" });
  };
  await expect(buy(await order())).rejects.toThrow(/no new port that fits/);
});

it("a port of another lease that somebody else bought is not taken", async () => {
  const one = await order();
  await buy(one);
  lose(1);
  const { id } = emulator.control.buyPort({ country: "DE", expiresIn: 3_600 });
  expect((await buy(one)).id).not.toBe(id);
  expect(live()).toHaveLength(3);
});

it("nothing is bought for an engine that is gone", async () => {
  const orphan = new Purchases(api, new PortReader(api), new Journal(folder), { isWanted: async () => false });
  await expect(orphan.buy(await order(), "a")).rejects.toThrow(
    /the run that asked for this port has ended; nothing was bought/,
  );
  expect(orders()).toBe(0);
  expect(new Journal(folder).read()).toEqual([]);
});

it("knows the ports that it handed out, and ends their purchases once the engine has them and its run ended well", async () => {
  const [first, second, third] = [await buy(await order()), await buy(await order()), await buy(await order())];
  const foreign = emulator.control.buyPort({ country: "DE" });
  expect([first, second, third].every(({ id }) => purchases.wasHandedOut(id))).toBe(true);
  expect(purchases.wasHandedOut(foreign.id)).toBe(false);
  const open = (): unknown[] => new Journal(folder).read().map(({ id }) => id);
  purchases.gaveEngine(first.id);
  purchases.gaveEngine(second.id);
  expect(open()).toEqual([first.id, second.id, third.id]);
  purchases.endedWell();
  expect(open()).toEqual([third.id]);
});

it("takes up what an orderly run bought whose state was not saved: the create is still pending there", async () => {
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/proxies-sx:Port::a";
  const one = await order();
  const bought = await purchases.buy(one, buyerKey({ urn }) as string);
  purchases.gaveEngine(bought.id);
  await buy(one);
  purchases.endedWell();
  const resource = { urn, type: "pulumi-nodejs:dynamic/proxies-sx:Port" };
  const deployment = { pending_operations: [{ type: "creating", resource }] };
  const stackState = new StackState(
    () => undefined,
    async () => JSON.stringify({ deployment }),
    async () => undefined,
  );
  const next = new Purchases(api, new PortReader(api), new Journal(folder), { stackState });
  await next.prepare({ urn });
  expect((await next.takeUp({ urn }, one, async () => one))?.id).toBe(bought.id);
  expect(next.wasHandedOut(bought.id)).toBe(true);
});
