import { answered, boughtIn, expectToldOnce, fleet, heldBy, liveIn, PORTS, until } from "./busy-run";
import { type Declared, Project } from "./project";
import { port } from "./resources";

/**
 * The engine runs many resources at a time. What these cases are about is the transport's, which both hosts share:
 * refused-runs.test.ts has those where a host decides.
 */
jest.setTimeout(900_000);

type Control = Project["emulator"]["control"];

let project: Project;
let control: Control;
async function open(config: object = {}): Promise<void> {
  project = await Project.open({ config });
  control = project.emulator.control;
}
afterEach(() => project.close());

const bought = (): string[] => boughtIn(control);
const live = (): string[] => liveIn(control);
const held = (): Promise<string[]> => heldBy(project);

/** Refuses everything for three seconds, from when all orders are about to be sent: they wait for the list before them. */
async function stormOnOrders(wait: (end: number) => object): Promise<void> {
  control.addFault({ method: "GET", path: "/ports", latencyMs: 1_000, times: 1 });
  await until(() => control.faults()[0]?.struck === 1);
  const end = Date.now() + 3_000;
  control.addFault({ status: 429, ...wait(end) });
  await until(() => Date.now() > end);
  control.clearFaults();
}

it("a storm of 429, Retry-After in seconds, as a date, absent: the run gets through it without a stampede", async () => {
  await open();
  const declared: Declared[] = [];
  const waits: ((end: number) => object)[] = [
    () => ({ retryAfter: 1 }),
    (end) => ({ headers: { "Retry-After": new Date(end).toUTCString() } }),
    () => ({}),
  ];
  for (const [index, wait] of waits.entries()) {
    const more = fleet({}, String(index));
    project.declare(...declared, ...more);
    control.clearRequests();
    const [{ steps }] = await Promise.all([project.up(), stormOnOrders(wait)]);
    expect(declared.map(({ name }) => steps[name])).toEqual(declared.map(() => "same"));
    declared.push(...more);
    expect(answered(control, 429).length).toBeGreaterThanOrEqual(1);
    // One for each order, then a few that try whether the vendor is back.
    expect(answered(control, 429).length).toBeLessThan(PORTS + 12);
    expect(bought()).toHaveLength(PORTS * (index + 1));
    expect((await held()).sort()).toEqual(live().sort());
  }
  await project.run("preview", "--expect-no-changes");
});

it("429 that does not end: the line says what was counted", async () => {
  await open();
  project.declare(port("a"));
  const orders = { method: "POST", path: "/ports", status: 429 };
  control.addFault({ ...orders, retryAfter: 1, times: 2 });
  control.addFault({ ...orders, retryAfter: 300 });
  expectToldOnce(
    await project.tryRun("up", "--skip-preview"),
    /Gave up after .* s: 3 tries, 3 × 429\. The vendor asks to wait 300 s, this call has 1\d\d s left of the 120 s/,
  );
  expect(answered(control, 429)).toHaveLength(3);
  expect(bought()).toEqual([]);
});

it("bursts of 500, 502 and 503 on orders, writes and reads: two runs finish, and each port is bought once", async () => {
  await open();
  project.declare(...fleet());
  const orders = { method: "POST", path: "/ports", times: 1 };
  control.addFault({ ...orders, status: 503, after: 1 });
  control.addFault({ ...orders, status: 500, after: 1, commit: true });
  control.addFault({ ...orders, status: 502, after: 1, commit: true });
  control.addFault({ method: "PATCH", path: "/ports/**", status: 502, times: 3 });
  control.addFault({ method: "GET", path: "/countries/**", status: 502, times: 1 });
  control.addFault({ method: "GET", path: "/ports", status: 500, times: 2 });
  control.addFault({ method: "GET", path: "/ports", status: 503, times: 2, after: 1 }); // the look after lost orders
  const { code } = await project.tryRun("up", "--skip-preview");
  if (code !== 0) await project.up();
  expect(control.faults().map(({ struck }) => struck)).toEqual(control.faults().map(({ times }) => times));
  expect(bought()).toHaveLength(PORTS);
  expect((await held()).sort()).toEqual(live().sort());
});

it("answers that take 5 s are waited for side by side", async () => {
  await open({ latencyMs: 5_000 });
  project.declare(...fleet().filter(({ type }) => type === "Port"));
  control.addFault({ method: "POST", path: "/ports", latencyMs: 5_000 });
  let most = 0;
  const underWay = (): number => (control.faults()[0]?.struck ?? 0) - bought().length;
  const watch = setInterval(() => (most = Math.max(most, underWay())), 20);
  await project.up();
  clearInterval(watch);
  expect(most).toBeGreaterThan(PORTS / 2);
  expect(bought()).toHaveLength(PORTS);
});

it("a key that lacks a scope: one line names it, what was made stays, and a key that has it goes on", async () => {
  await open();
  const turns = ["a", "b", "c"].map((of): Declared => ({
    type: "Rotation",
    name: `${of}-turn`,
    args: { port: { $port: of } },
  }));
  project.declare(...fleet({ renewBefore: "3d" }), ...turns);

  project.useKey(control.keys.addKey(["ports:read", "ports:rotate"]));
  const withoutWrite = await project.tryRun("up", "--skip-preview");
  expectToldOnce(withoutWrite, /403 forbidden.*The scope that this call needs: ports:write$/);
  expect(bought()).toEqual([]);

  project.useKey(control.keys.addKey(["ports:read", "ports:write"]));
  const withoutRotate = await project.tryRun("up", "--skip-preview");
  expectToldOnce(withoutRotate, /403 forbidden.*The scope that this call needs: ports:rotate$/);
  expect(bought().length).toBeGreaterThan(0);
  expect((await held()).sort()).toEqual(live().sort());

  project.useKey(control.keys.addKey(["ports:read", "ports:write", "ports:rotate"]));
  await project.up();
  expect(bought()).toHaveLength(PORTS);

  // Whose the key is, and which slots are free, is good to know for a renewal, no more: without account:read it goes on.
  control.clock.advance("28d");
  control.clearRequests();
  await project.up();
  expect(answered(control, 403).map(({ path }) => path)).toEqual(["/v1/account"]); // once: the client knows then
  expect(bought()).toHaveLength(2 * PORTS);
  expect((await held()).sort()).toEqual(live().sort());
});
