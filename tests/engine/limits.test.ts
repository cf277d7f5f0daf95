import { type Declared, Project } from "./project";
import { equipped, port, rotation } from "./resources";

jest.setTimeout(300_000);

let project: Project;
const open = async (config: object = {}): Promise<void> => {
  project = await Project.open({ config });
};
afterEach(() => project.close());

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const ports = (names = NAMES): Declared[] => names.map((name) => port(name));
const bought = (): number => project.emulator.control.purchases().length;
const held = async (): Promise<string[]> =>
  (await project.state()).resources.filter(({ type }) => type.endsWith("proxies-sx:Port")).map(({ id = "" }) => id);
const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const answered = (status: number): number =>
  project.emulator.control.requests().filter((request) => request.status === status).length;
/** What the run told at its end, without the rows that came and went. */
const diagnostics = (output: string): string => output.split("Diagnostics:").slice(1).join("\n");
const useKey = (key: string): Promise<unknown> =>
  project.pulumi(["config", "set", "--secret", "proxies-sx:apiKey", "--", key]);

/** Once the faults stop, at most two runs finish, each port is bought once, and nothing is left to do. */
async function converges(count = NAMES.length): Promise<void> {
  project.emulator.control.clearFaults();
  if ((await project.tryRun("up", "--skip-preview")).code !== 0) await project.up();
  expect(bought()).toBe(count);
  expect((await held()).sort()).toEqual(live().sort());
  await project.run("preview", "--expect-no-changes");
}

describe("a storm of 429", () => {
  it.each<[string, () => object]>([
    ["Retry-After in seconds", () => ({ retryAfter: 1 })],
    ["Retry-After as a date", () => ({ headers: { "Retry-After": new Date(Date.now() + 2_000).toUTCString() } })],
    ["no Retry-After", () => ({})],
  ])("with %s: the run gets through, without a stampede", async (_what, header) => {
    await open();
    project.declare(...ports(["a", "b"]).concat(equipped("c"), equipped("d")));
    project.emulator.control.addFault({ status: 429, times: 8, after: 3, ...header() });
    await project.up();
    // Ten that are needed, the looks around them, and the eight that were turned away.
    expect(project.emulator.control.requests().length).toBeLessThan(40);
    await converges(4);
  });

  it("with a wait of a day: the run ends at once, says so, and keeps what it has", async () => {
    await open();
    project.declare(...ports());
    project.emulator.control.addFault({ method: "POST", path: "/ports", status: 429, retryAfter: 86_400, after: 3 });
    const start = Date.now();
    const { code, output } = await project.tryRun("up", "--skip-preview");
    expect(code).not.toBe(0);
    expect(Date.now() - start).toBeLessThan(100_000);
    // Each order that was under way says it; those behind are not tried, and say no more than that.
    const told = diagnostics(output).match(/The vendor asks to wait 86400 s \(24 h\)/g) ?? [];
    const untried = diagnostics(output).match(/not tried after an earlier call/g) ?? [];
    expect(told.length).toBeGreaterThan(0);
    expect(told.length + untried.length).toBe(5);
    expect(answered(429)).toBe(told.length);
    expect(await held()).toHaveLength(3);
    await converges();
  });
});

it("bursts of 5xx on orders, writes and reads buy nothing twice", async () => {
  await open();
  project.declare(...equipped("a"), ...equipped("b"), ...ports(["c", "d"]));
  const { control } = project.emulator;
  control.addFault({ method: "POST", path: "/ports", status: 503, times: 1, after: 1 });
  control.addFault({ method: "POST", path: "/ports", status: 500, commit: true, times: 1, after: 1 });
  control.addFault({ method: "PATCH", path: "/ports/**", status: 502, times: 3 });
  control.addFault({ method: "GET", path: "/ports", status: 500, times: 2 });
  await project.tryRun("up", "--skip-preview");
  await converges(4);
});

it("answers that take five seconds are waited for, side by side", async () => {
  await open({ latencyMs: 5_000 });
  project.declare(...ports());
  const start = Date.now();
  await project.up();
  // Countries, the list before, the orders: three answers one after the other, not ten.
  expect(Date.now() - start).toBeLessThan(40_000);
  project.emulator.control.configure({ latencyMs: 0 });
  await converges();
});

it("a key that is revoked in mid-run stops it once, and what was made stays", async () => {
  await open();
  project.declare(...ports());
  const { control } = project.emulator;
  control.addFault({ method: "POST", path: "/ports", latencyMs: 300 });
  const watch = setInterval(() => bought() > 0 && control.keys.revokeKey(project.emulator.apiKey), 5);
  const { code, output } = await project.tryRun("up", "--skip-preview");
  clearInterval(watch);
  expect(code).not.toBe(0);
  const made = bought();
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(NAMES.length);
  expect(diagnostics(output).match(/Check the API key/g)).toHaveLength(1);
  expect(await held()).toHaveLength(made);
  await useKey(control.keys.addKey());
  await converges();
});

it.each<[string, Parameters<Project["emulator"]["control"]["keys"]["addKey"]>[0], Declared[]]>([
  ["ports:write", ["ports:read", "account:read"], ports()],
  ["ports:rotate", ["ports:read", "ports:write"], [port("a"), port("b"), ...rotations("a", "b")]],
])("a key without %s stops the run with one message that names it", async (scope, scopes, program) => {
  await open();
  const whole = project.emulator.apiKey;
  await useKey(project.emulator.control.keys.addKey(scopes));
  project.declare(...program);
  const { code, output } = await project.tryRun("up", "--skip-preview");
  expect(code).not.toBe(0);
  expect(diagnostics(output).match(new RegExp(`The scope that this call needs: ${scope}`, "g"))).toHaveLength(1);
  expect(await held()).toHaveLength(bought());
  await useKey(whole);
  await converges(program.filter(({ type }) => type === "Port").length);
});

function rotations(...of: string[]): Declared[] {
  return of.map((name) => ({ type: "Rotation", name: `${name}-turn`, args: { port: { $port: name } } }));
}

it.each<[string, object, () => void, RegExp]>([
  ["slots", { slots: { shared: 8, private: 0 } }, () => project.emulator.control.buyPort({ country: "DE" }), /slot/i],
  [
    "stock",
    { devicesPerCarrier: { shared: 3, private: 0 }, slots: { shared: 60, private: 0 } },
    () => project.emulator.control.buyPort({ country: "DE" }),
    /device|stock/i,
  ],
])("%s gone between preview and up: that port fails clearly, the others are made", async (_what, config, take, why) => {
  await open(config);
  const free = "devicesPerCarrier" in config ? 9 : 8;
  const names = NAMES.concat("i").slice(0, free);
  project.declare(...ports(names), rotation("a-rotation", "a", { intervalSeconds: 900 }));
  await project.run("preview");
  take();
  const { code, output } = await project.tryRun("up", "--skip-preview");
  expect(code).not.toBe(0);
  expect(diagnostics(output)).toMatch(why);
  expect(await held()).toHaveLength(free - 1);
  const stranger = project.emulator.control
    .ports()
    .find(({ id }) => !project.emulator.control.purchases().some((one) => one.portId === id && one.boughtBy === "api"));
  project.emulator.control.removePort(stranger?.id ?? "");
  await project.up();
  expect((await held()).sort()).toEqual(live().sort());
  expect(await held()).toHaveLength(free);
  await project.run("preview", "--expect-no-changes");
});
