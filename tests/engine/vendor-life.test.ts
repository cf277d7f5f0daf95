import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Declared, Project, type Run } from "./project";
import { equipped, login, port } from "./resources";

/** What the vendor does in between, over whole runs: what the engine's state says, and which step it takes. */
jest.setTimeout(900_000);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The vendor's clock is known to the second. */
const SECONDS = 2_000;

let project: Project;
afterEach(() => project.close());

const open = async (config: NonNullable<Parameters<typeof Project.open>[0]>["config"] = {}): Promise<void> => {
  project = await Project.open({ config });
};
const control = (): Project["emulator"]["control"] => project.emulator.control;
const bought = (): number => control().purchases().length;
const live = (): string[] =>
  control()
    .ports()
    .map(({ id }) => id);
const later = (ms: number): Date => control().clock.advance(ms);

/** The vendor's ports that the state holds or that its settings are for, by name; not those that are left to delete. */
async function held(): Promise<Record<string, string | undefined>> {
  const { resources } = await project.state();
  const ours = resources.filter((one) => one.type.includes("proxies-sx:") && !(one as { delete?: boolean }).delete);
  return Object.fromEntries(
    ours.map(({ urn, id, outputs }) => [urn.slice(urn.lastIndexOf("::") + 2), portIn(outputs) ?? id]),
  );
}

const portIn = ({ portId, __portId }: Record<string, unknown>): string | undefined =>
  (portId ?? __portId) as string | undefined;

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const all = (names: string[], step: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, step]));

it("a port that the vendor does not know right after the purchase is asked for again, and bought once", async () => {
  await open();
  control().setQuirks({ sparseCreate: true });
  control().addFault({ method: "GET", path: "/ports/*", status: 404, times: 1 });
  project.declare(...equipped("a"));
  await project.up();
  control().addFault({ method: "GET", path: "/ports/*", status: 404, times: 2 });
  project.declare(...equipped("a"), port("b"));
  expect((await project.up()).steps).toMatchObject({ a: "same", b: "create" });
  expect(
    control()
      .faults()
      .map(({ struck }) => struck),
  ).toEqual([1, 2]);

  // Neither does a refresh of a moment later drop it.
  control().addFault({ method: "GET", path: "/ports", status: 200, body: [], times: 1 });
  control().addFault({ method: "GET", path: "/ports/*", status: 404, times: 2 });
  await project.up("--refresh", "--expect-no-changes");
  expect(control().faults().at(-1)?.struck).toBe(2);
  const { a, b } = await held();
  expect(live()).toEqual([a, b]);
  expect(bought()).toBe(2);
});

it("ports that end, are suspended or are deleted: each run replaces or keeps them as the user said, once", async () => {
  // 30 days from now a lease of 30 days has expired, one of 20 is in its grace, and one of 10 was deleted.
  await open({ life: { expired: (10 * DAY) / 1_000, grace: (10 * DAY) / 1_000 } });
  const leases = { expired: "30d", grace: "20d", ended: "10d", removed: "365d", suspended: "365d" };
  const ports = (onExpired: string): Declared[] =>
    Object.entries(leases).map(([name, expiresIn]) =>
      port(`${onExpired}-${name}`, { expiresIn, renewBefore: 0, onExpired }),
    );
  const ended = ["replace-expired", "replace-grace", "replace-ended"];
  const logins = [...ended, "replace-removed"].map((of) =>
    login(`${of}-login`, of, { proxyLogin: "team-a", proxyPassword: "a-password-of-tests" }),
  );
  const kept = ports("keep").map(({ name }) => name);
  project.declare(...ports("replace"), ...ports("keep"), ...logins);
  await project.up();
  const first = await held();
  expect(bought()).toBe(10);

  later(30 * DAY + SECONDS);
  for (const policy of ["replace", "keep"]) {
    control().editPort(first[`${policy}-suspended`] ?? "", { suspended: true });
    control().removePort(first[`${policy}-removed`] ?? "");
    const status = (name: string): unknown => control().port(first[`${policy}-${name}`] ?? "")?.status;
    expect(Object.keys(leases).map(status)).toEqual(["expired", "grace_period", undefined, undefined, "suspended"]);
  }

  // Without a refresh nothing shows that a port was deleted before its time.
  const plain = await project.up();
  expect(plain.steps).toMatchObject({
    ...all(ended, "update"),
    ...all(kept, "same"),
    "replace-removed": "same",
    "replace-suspended": "same",
  });
  expect(bought()).toBe(10 + 3);

  later(30 * DAY + SECONDS);
  const refreshed = await project.up("--refresh");
  expect(refreshed.steps).toMatchObject({
    "replace-expired": "update",
    "replace-grace": "update",
    "replace-ended": "update",
    "replace-removed": "update",
    "replace-suspended": "same",
    ...all(kept, "same"),
  });
  expect(bought()).toBe(13 + 4);

  later(30 * DAY + SECONDS);
  control().removePort((await held())["replace-removed"] ?? "");
  control().editPort(first["replace-suspended"] ?? "", { suspended: false });
  project.calls();
  await project.refresh();
  expect(project.writes()).toEqual([]);
  expect((await project.up()).steps).toMatchObject({ "replace-suspended": "same", ...all(kept, "same") });
  expect(bought()).toBe(17 + 4);
  await project.up("--refresh", "--expect-no-changes");

  const now = await held();
  for (const name of kept) expect(now[name]).toBe(first[name]);
  for (const { name, args } of logins) {
    const of = now[(args as { port: { $port: string } }).port.$port];
    expect(now[name]).toBe(of);
    expect(control().port(of ?? "")).toMatchObject({ status: "active", proxyLogin: "team-a" });
  }
  await project.run("destroy", "--skip-preview");
  expect(live()).toEqual([]);
});

it("a run that is to fail where a lease is over fails in each form, changes nothing, and buys once when that is asked for", async () => {
  await open({ life: { expired: (1 * DAY) / 1_000, grace: (10 * DAY) / 1_000 } });
  const declare = (onExpired: string): void =>
    project.declare(port("a", { expiresIn: "10d", renewBefore: 0, onExpired }));
  declare("fail");
  await project.up();
  const [id = ""] = live();
  const fails = async (message: RegExp, ...args: string[]): Promise<void> => {
    const run = await project.tryRun("up", "--skip-preview", ...args);
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(message);
    expect(run.output).not.toMatch(/\n\s+at /);
  };

  later(10 * DAY + SECONDS);
  project.calls();
  await fails(/port [0-9a-f]{24} expired at .* onExpired is "fail"/);
  later(1 * DAY);
  expect(control().port(id)?.status).toBe("grace_period");
  await fails(/port [0-9a-f]{24} expired at .* onExpired is "fail"/, "--refresh");
  control().removePort(id);
  await fails(/port [0-9a-f]{24} is gone and onExpired is "fail"/, "--refresh");
  expect(project.writes()).toEqual([]);
  expect(await held()).toEqual({ a: id });

  declare("replace");
  expect((await project.up()).steps).toEqual({ a: "update" });
  expect(bought()).toBe(2);
  expect(live()).toEqual([(await held()).a]);
});

describe("a port that ends in mid-run", () => {
  /** Runs `up` and moves the clock as soon as a slow call has arrived, before it is carried out. */
  async function upWhile(call: { method: string; path: string }, ms: number): Promise<Run> {
    control().clearFaults();
    control().addFault({ ...call, latencyMs: 500, times: 1 });
    const run = project.tryRun("up", "--skip-preview");
    await until(() => control().faults()[0]?.struck === 1);
    later(ms);
    return run;
  }

  it("fails that run at most, and the next one replaces it", async () => {
    await open();
    const a = (args = {}): Declared => port("a", { expiresIn: "1h", renewBefore: 0, ...args });
    project.declare(a());
    await project.up();

    project.declare(a({ country: "GB" }));
    const moved = await upWhile({ method: "PUT", path: "/ports/*/reconfigure" }, 2 * HOUR);
    expect(moved.code).not.toBe(0);
    expect((await project.up()).steps).toEqual({ a: "update" });
    expect(bought()).toBe(2);
    expect(live()).toEqual([(await held()).a]);
    expect(control().ports()[0]).toMatchObject({ device: { country: { code: "GB" } } });

    // An hour and a day later the vendor has deleted it as well.
    project.declare(
      a({ country: "GB" }),
      login("l", "a", { proxyLogin: "team-a", proxyPassword: "a-password-of-tests" }),
    );
    const set = await upWhile({ method: "PUT", path: "/ports/*/credentials" }, 26 * HOUR);
    expect(set.output).toMatch(/does not exist at the vendor/);
    expect((await project.up()).steps).toEqual({ a: "update", l: "create" });
    await project.run("preview", "--refresh", "--expect-no-changes");
    expect(bought()).toBe(3);
    expect(control().ports()).toEqual([expect.objectContaining({ id: (await held()).a, proxyLogin: "team-a" })]);
  });
});

describe("a renewal", () => {
  const LEASE = { expiresIn: "10d", renewBefore: "2d", overlap: "0s" };
  const SET = {
    proxyLogin: "team-a",
    proxyPassword: "a-password-of-tests",
    osFingerprint: "windows:1",
    rotationSettings: { enabled: true, intervalSeconds: 1800, matchCarrier: true },
  };
  const orders = (calls: string[]): string[] => calls.filter((call) => /^(POST|DELETE) /.test(call));
  const BUY = "POST /v1/ports";
  const release = (id: string): string => `DELETE /v1/ports/${id}`;

  /** The names' ports are all that is live, with all settings on them, and the state says so. */
  async function settled(...names: string[]): Promise<void> {
    const state = await held();
    expect(live().sort()).toEqual(names.map((name) => state[name]).sort());
    for (const each of control().ports()) expect(each).toMatchObject({ status: "active", ...SET });
    for (const name of names) {
      for (const setting of ["rotation", "login", "os"]) expect(state[`${name}-${setting}`]).toBe(state[name]);
    }
  }
  async function upFails(message: RegExp): Promise<void> {
    const run = await project.tryRun("up", "--skip-preview");
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(message);
  }
  /** A working port is in the state. */
  async function works(name: string): Promise<string> {
    const id = (await held())[name] ?? "";
    expect(control().port(id)).toMatchObject({ status: "active" });
    return id;
  }

  it("that fails half-way leaves a working port, and the next run finishes it", async () => {
    await open();
    project.declare(...equipped("a", LEASE));
    await project.up();
    let old = await works("a");
    const due = (): void => {
      later(8 * DAY + SECONDS);
      control().clearFaults();
      project.calls();
    };

    // The purchase is refused, and in the next run a setting on the new port.
    due();
    control().addFault({ method: "POST", path: "/ports", status: 409, times: 1 });
    await upFails(/POST \/v1\/ports: .*409/);
    expect(await works("a")).toBe(old);
    project.calls();
    control().addFault({ path: "/ports/*/credentials", status: 400, times: 1 });
    await upFails(/PUT \/v1\/ports\/:id\/credentials: .*400/);
    expect(await works("a")).not.toBe(old);
    await project.up();
    const writes = project.writes();
    expect(writes.filter((call) => call.includes(old))).toEqual([release(old)]);
    expect(orders(writes)).toEqual([BUY, release(old)]);
    await settled("a");
    expect(bought()).toBe(2);

    // The purchase is carried out, and answered with an error; the release of the old port is refused.
    old = await works("a");
    due();
    control().addFault({ method: "POST", path: "/ports", status: 500, commit: true, times: 1 });
    control().addFault({ method: "DELETE", path: "/ports/*", status: 400, times: 1 });
    expect((await project.up()).output).toMatch(/was not released; .*DELETE \/v1\/ports\/:id: .*400/);
    expect(await works("a")).not.toBe(old);
    await project.up();
    expect(orders(project.writes())).toEqual([BUY, release(old), release(old)]);
    await settled("a");
    expect(bought()).toBe(3);
    await project.run("preview", "--refresh", "--expect-no-changes");
  });

  it("without a free slot releases first, takes turns where one is free, and waits for a slot that is freed late", async () => {
    await open({ slots: { shared: 2, private: 0 } });
    project.declare(...equipped("a", LEASE), ...equipped("b", LEASE));
    await project.up();
    const first = live();

    later(8 * DAY + SECONDS);
    project.calls();
    // A slot that is freed late is waited for.
    control().addFault({ method: "POST", path: "/ports", status: 409, times: 1 });
    await project.up();
    expect(bought()).toBe(4);
    const carriedOut = control()
      .requests()
      .filter(({ method, status }) => method === "DELETE" && status < 300)
      .map(({ method, path }) => `${method} ${path}`);
    expect(carriedOut.sort()).toEqual(first.map(release).sort());
    await settled("a", "b");

    control().configure({ slots: { shared: 3 } });
    later(8 * DAY + SECONDS);
    project.calls();
    await project.up();
    // One is bought before its old port is released, at the end; the other after.
    const order = orders(project.writes()).map((call) => call.split(" ")[0]);
    expect([...order].sort()).toEqual(["DELETE", "DELETE", "POST", "POST"]);
    expect(order.at(-1)).toBe("DELETE");
    expect(order.indexOf("DELETE")).toBeLessThan(order.lastIndexOf("POST"));
    expect(bought()).toBe(6);
    await settled("a", "b");
  });
});

describe.each([2 * HOUR, -2 * HOUR])("a machine whose clock is %p ms wrong", (shift) => {
  /** Shifts the clock of each Node process of the engine, and returns which those were. */
  function shiftClock(): () => string {
    const file = join(project.folder, "shift-clock.js");
    const seen = join(project.folder, "shifted.txt");
    writeFileSync(
      file,
      `const real = Date;
       const now = () => real.now() + ${shift};
       globalThis.Date = new Proxy(real, {
         construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [now()]),
         apply: () => new real(now()).toString(),
         get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
       });
       require("node:fs").appendFileSync(${JSON.stringify(seen)}, process.argv.join(" ") + "\\n");`,
    );
    project.preload(file);
    return () => readFileSync(seen, "utf8");
  }

  it("buys once, also where an answer is lost, and renews by the vendor's clock", async () => {
    await open();
    const shifted = shiftClock();
    const lease = { expiresIn: "10d", renewBefore: "2d", overlap: "0s" };
    project.declare(...equipped("a", lease));
    control().addFault({ method: "POST", path: "/ports", cut: "after", times: 1 });
    await project.up();
    expect(bought()).toBe(1);
    expect(shifted()).toMatch(/dynamic-provider/);
    expect(shifted()).toMatch(/cmd\/run/);

    later(8 * DAY - HOUR);
    await project.up("--expect-no-changes");
    later(2 * HOUR);
    const { steps } = await project.up();
    expect(steps).toMatchObject({ a: "update", "a-login": "update" });
    expect(bought()).toBe(2);
    expect(live()).toEqual([(await held()).a]);
  });
});
