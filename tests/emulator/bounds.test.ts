import { type LoggedRequest, type Purchase } from "../../emulator";
import { RequestLog } from "../../emulator/control/request-log";
import { keep } from "../../emulator/world/keeping";
import { World } from "../../emulator/world/world";
import { Clock } from "../../emulator/world/clock";
import { DEFAULT_CONFIG } from "../../emulator/world/config";
import { type World as Emulated, world } from "./harness";

/** What a caller can make grow has an end, and what is dropped is the oldest. */

let here: Emulated;
beforeEach(() => (here = world()));

const entry = (path: string, body?: unknown): LoggedRequest => ({
  ...{ time: "", method: "POST", path, query: {}, status: 200, requestId: "" },
  ...(body !== undefined && { body }),
});

test("the request log, in entries and in letters", () => {
  const log = new RequestLog();
  for (let count = 0; count < 22_000; count++) log.add(entry(`/${count}`));
  expect(log.list().length).toBeLessThanOrEqual(21_000);
  expect(log.last(1)[0]?.path).toBe("/21999");

  log.clear();
  for (let count = 0; count < 5_000; count++) log.add(entry(`/${count}`, { text: "x".repeat(7_900) }));
  expect(JSON.stringify(log.list()).length).toBeLessThan(33_000_000);
  expect(log.last(1)[0]?.path).toBe("/4999");

  log.clear();
  const query = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`q${at}`, "x".repeat(1_000)]));
  log.add({ ...entry("/x".repeat(50_000), { text: "x".repeat(8_000) }), query });
  expect(JSON.stringify(log.list()).length).toBeLessThan(50_000);
  expect(log.list()[0]).toMatchObject({ body: "[8011 letters]" });
});

test("sessions, tickets, replies and crypto orders", async () => {
  const { world: inside } = here.control as unknown as { world: World };
  /** All but the last few are there already: the same thing under other names. */
  const fill = (map: Map<string, unknown>, most: number) => {
    const [one] = map.values();
    for (let at = 0; map.size < most - 5; at++) map.set(`filler-${at}`, one);
  };
  const many = async (count: number, line: string, body: object) => {
    let last;
    for (let times = 0; times < count; times++) last = await here.call(line, { body });
    return last;
  };
  const login = { email: "user@example.com", password: "emulator-password" };
  await many(1, "POST /login/signin", login);
  fill(inside.sessions, 1_000);
  await many(10, "POST /login/signin", login);
  expect(inside.sessions.size).toBe(1_000);
  const ticketOf = { subject: "A subject", message: "A message of twenty letters" };
  await many(1, "POST /tickets", ticketOf);
  fill(inside.tickets, 2_000);
  await many(10, "POST /tickets", ticketOf);
  expect(inside.tickets.size).toBe(2_000);
  const [ticket] = [...inside.tickets.keys()].slice(-1);
  expect((await many(101, `POST /tickets/${ticket}/replies`, { message: "A reply of some length" }))?.status).toBe(400);
  await many(1, "POST /coingate/create-order", { amount: 10 });
  fill(inside.orders, 2_000);
  await many(10, "POST /coingate/create-order", { amount: 10 });
  expect(inside.orders.size).toBe(2_000);
});

test("faults and keys", () => {
  const rules = Array.from({ length: 1_000 }, () => ({ path: "/nowhere", status: 500 }));
  here.control.addFaults(rules);
  expect(() => here.control.addFault({ status: 500 })).toThrow("1000 faults at most");
  for (let count = 0; count < 9_998; count++) here.control.keys.addKey();
  expect(() => here.control.keys.addKey(undefined, "new")).toThrow("10000 keys at most");
  expect(here.control.state().accounts).toHaveLength(1);
});

test("the ledger forgets the oldest ports that are gone, and none that lives", () => {
  const inside = new World(1, DEFAULT_CONFIG, new Clock());
  const purchase = (portId: string) => ({ portId }) as unknown as Purchase;
  inside.addPort({ id: "0", rotationToken: "", accountId: "" } as never);
  for (let count = 0; count <= 110_000; count++) inside.addPurchase(purchase(String(count)));
  expect(inside.purchases).toHaveLength(100_000);
  expect([inside.purchases[0]?.portId, inside.purchases.at(-1)?.portId]).toEqual(["0", "110000"]);
  for (let count = 0; count < 10_100; count++) inside.bury({ id: String(count) } as never);
  expect([inside.graves.size, inside.graves.has("0"), inside.graves.has("10099")]).toEqual([10_000, false, true]);
});

test("a map that is kept short drops what was set longest ago", () => {
  const map = new Map<string, number>();
  for (const [name, value] of [...Object.entries({ a: 1, b: 2 }), ["a", 3], ["c", 4]] as [string, number][])
    keep(map, name, value, 2);
  expect([...map]).toEqual([
    ["a", 3],
    ["c", 4],
  ]);
});
