import { type Declared, Project, type Run } from "./project";
import { equipped, port } from "./resources";

/** The engine runs many resources at a time, and goes on or stops where one is refused. */
jest.setTimeout(900_000);

type Control = Project["emulator"]["control"];

let project: Project;
let control: Control;
async function open(config: object = {}): Promise<void> {
  project = await Project.open({ config });
  control = project.emulator.control;
}
afterEach(() => project.close());

/** Eight ports, two of them with all their settings. */
const PORTS = 8;
const fleet = (args: Record<string, unknown> = {}, suffix = ""): Declared[] => [
  ...equipped(`a${suffix}`, args),
  ...equipped(`b${suffix}`, args),
  ...["c", "d", "e", "f", "g", "h"].map((name) => port(name + suffix, args)),
];

/** What this program bought, apart from what others did. */
const bought = (): string[] =>
  control
    .purchases()
    .filter(({ boughtBy }) => boughtBy === "api")
    .map(({ portId }) => portId);
const live = (): string[] => control.ports().map(({ id }) => id);
/** Ports that serve, and old ones of renewals. */
const held = async (): Promise<string[]> => {
  const ports = (await project.state()).resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
  return ports.flatMap(({ outputs }) => [outputs, ...((outputs.retiring ?? []) as object[])].map(portIdIn));
};
const portIdIn = (outputs: object): string => (outputs as { portId: string }).portId;
const answered = (status: number): ReturnType<Control["requests"]> =>
  control.requests().filter((request) => request.status === status);

/** What a run says of its resources at its end: before that it shows the same while it goes on. */
function errors({ code, output }: Run): string[] {
  if (code === 0) throw new Error(`the run did not fail:\n${output}`);
  const lines = output.slice(output.indexOf("Diagnostics:")).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line.startsWith("error: ") && !line.endsWith("error: update failed"));
}

const UNTRIED = /not tried after an earlier call of this run was refused: see its error/;

/** A refusal that holds for the whole run is reported in full by one resource; all others say only that they were not tried. */
function expectToldOnce(run: Run, inFull: RegExp): void {
  const told = errors(run).filter((line) => !UNTRIED.test(line));
  expect(told).toEqual([expect.stringMatching(inFull)]);
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("it did not come to that in a minute");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

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
    expect(answered(429).length).toBeGreaterThanOrEqual(1);
    // One for each order, then a few that try whether the vendor is back.
    expect(answered(429).length).toBeLessThan(PORTS + 12);
    expect(bought()).toHaveLength(PORTS * (index + 1));
    expect((await held()).sort()).toEqual(live().sort());
  }
  await project.run("preview", "--expect-no-changes");
});

it("429 with a wait of a day: the run ends at once, one line says how long, and the next run goes on", async () => {
  await open();
  project.declare(...fleet());
  const orders = { method: "POST", path: "/ports", after: 3, status: 429 };
  control.addFault({ ...orders, retryAfter: 1, times: PORTS - 3 });
  control.addFault({ ...orders, retryAfter: 86_400 });
  const start = Date.now();
  const run = await project.tryRun("up", "--skip-preview");
  expect(Date.now() - start).toBeLessThan(60_000);
  expectToldOnce(run, /The vendor asks to wait 86400 s \(24 h\), this call has 1\d\d s left of the 120 s/);
  expect(answered(429).length).toBeLessThan(2 * PORTS);
  expect(bought()).toHaveLength(3);
  expect((await held()).sort()).toEqual(bought().sort());

  control.clearFaults();
  await project.up();
  expect(bought()).toHaveLength(PORTS);
  expect((await held()).sort()).toEqual(live().sort());
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
  expect(answered(429)).toHaveLength(3);
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
  await project.up();
  const times = control.requests().map(({ time }) => Date.parse(time));
  // Countries, the list before, all orders at a time: one after the other they would take 50 s.
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(20_000);
  expect(bought()).toHaveLength(PORTS);
});

it("a key that is revoked in mid-run stops the run once; with a new one only what is missing is bought", async () => {
  await open();
  project.declare(...fleet());
  // Three are bought at once; the other orders are on their way when the key goes.
  control.addFault({ method: "POST", path: "/ports", after: 3, latencyMs: 1_500 });
  const running = project.tryRun("up", "--skip-preview");
  await until(() => bought().length === 3);
  control.keys.revokeKey(project.emulator.apiKey);
  expectToldOnce(await running, /Invalid API key \(401 unauthorized.*\)\. Check the API key/);
  const refused = answered(401).map(({ method, path, idempotencyKey }) => `${method} ${path} ${idempotencyKey}`);
  expect(new Set(refused).size).toBe(refused.length);
  expect(bought()).toHaveLength(3);
  expect((await held()).sort()).toEqual(bought().sort());

  control.clearFaults();
  project.useKey(control.keys.addKey());
  await project.up();
  expect(bought()).toHaveLength(PORTS);
  expect((await held()).sort()).toEqual(live().sort());
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

  // Which slots are free is good to know for a renewal, no more: without account:read it goes on.
  control.clock.advance("28d");
  control.clearRequests();
  await project.up();
  expect(answered(403).map(({ path }) => path)).toEqual(["/v1/account/summary"]);
  expect(bought()).toHaveLength(2 * PORTS);
  expect((await held()).sort()).toEqual(live().sort());
});

it.each<[string, object, number, RegExp, () => void]>([
  [
    "slots",
    { slots: { shared: PORTS, private: 0 } },
    3,
    /No available shared port slots: 8 of 8 are in use \(403 forbidden, request [^ ]+\)$/,
    () => control.configure({ slots: { shared: PORTS + 3, private: 0 } }),
  ],
  [
    "devices",
    { devicesPerCarrier: { shared: 3, private: 0 } }, // of each of three carriers
    4,
    /No free shared device in Germany \(409 conflict, request [^ ]+\)$/,
    () => live().forEach((id) => bought().includes(id) || control.removePort(id)),
  ],
])("%s that run out between preview and up: each port without one says so, the others are made", async (...row) => {
  const [, config, others, why, makeRoom] = row;
  await open(config);
  project.declare(...fleet());
  await project.run("preview");
  for (let other = 0; other < others; other++) control.buyPort();
  // All are on their way at the first refusal: the engine begins nothing after it.
  control.addFault({ method: "POST", path: "/ports", latencyMs: 1_000 });
  const refused = errors(await project.tryRun("up", "--skip-preview", "--parallel", "16"));
  expect(refused).toHaveLength(3);
  for (const line of refused) expect(line).toMatch(why);
  expect(bought()).toHaveLength(PORTS - 3);
  expect((await held()).sort()).toEqual(bought().sort());

  control.clearFaults();
  makeRoom();
  await project.up();
  expect(bought()).toHaveLength(PORTS);
  expect((await held()).sort()).toEqual(bought().sort());
});
