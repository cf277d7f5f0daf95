import { answered, boughtIn, errorsOf, expectToldOnce, fleet, heldBy, liveIn, PORTS, until } from "./busy-run";
import { Project } from "./project";

/** The engine goes on or stops where one of many resources is refused, and each host says so in its own way. */
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

it("429 with a wait of a day: the run ends at once, one line says how long, and the next run goes on", async () => {
  await open();
  project.declare(...fleet());
  const orders = { method: "POST", path: "/ports", after: 3, status: 429 };
  control.addFault({ ...orders, retryAfter: 1, times: PORTS - 3 });
  control.addFault({ ...orders, retryAfter: 86_400 });
  const run = await project.tryRun("up", "--skip-preview");
  // A call that waited on would have less left.
  expectToldOnce(run, /The vendor asks to wait 86400 s \(24 h\), this call has 1\d\d s left of the 120 s/);
  expect(answered(control, 429).length).toBeLessThan(2 * PORTS);
  expect(bought()).toHaveLength(3);
  expect((await held()).sort()).toEqual(bought().sort());

  control.clearFaults();
  await project.up();
  expect(bought()).toHaveLength(PORTS);
  expect((await held()).sort()).toEqual(live().sort());
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
  const refused = answered(control, 401).map(
    ({ method, path, idempotencyKey }) => `${method} ${path} ${idempotencyKey}`,
  );
  expect(new Set(refused).size).toBe(refused.length);
  expect(bought()).toHaveLength(3);
  expect((await held()).sort()).toEqual(bought().sort());

  control.clearFaults();
  project.useKey(control.keys.addKey());
  await project.up();
  expect(bought()).toHaveLength(PORTS);
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
  const refused = errorsOf(await project.tryRun("up", "--skip-preview", "--parallel", "16"));
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
