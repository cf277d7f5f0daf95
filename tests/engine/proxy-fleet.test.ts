import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Project, type Run } from "./project";

/** Members of a fleet are children in the engine's state, from which the program knows where they are. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open({}, join(__dirname, "fleet.js"));
});
afterEach(() => project.close());

const ARGS = {
  size: 4,
  locations: [{ country: "DE", weight: 3 }, { country: "GB" }],
  lease: { expiresIn: "30d", renewBefore: "3d", stagger: "2d", maxRenewalsPerUpdate: 2 },
};
type Args = Record<string, unknown>;

function declare(args: Args = {}, more: Args = {}): void {
  declareAll({ scraper: { args: { ...ARGS, ...args }, ...more } });
}
const declareAll = (fleets: Record<string, Args>): void =>
  writeFileSync(join(project.program, "fleets.json"), JSON.stringify(fleets));

/** Where each member is at the vendor: `{ "scraper-1": "DE" }`. */
async function places(): Promise<Record<string, string | undefined>> {
  const { resources } = await project.state();
  const ports = resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
  return Object.fromEntries(
    ports.map(({ urn, outputs }) => [
      nameOf(urn),
      project.emulator.control.port(String(outputs.portId))?.device?.country?.code,
    ]),
  );
}
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
/** Of members and of what stands above fleets: a fleet itself is updated by whatever its inputs are. */
const changes = ({ steps }: Run): Record<string, string> =>
  Object.fromEntries(Object.entries(steps).filter(([name, step]) => /-\d|^group$/.test(name) && step !== "same"));
const bought = (): number => project.emulator.control.purchases().length;

it("is made, found unchanged, grows by one, shrinks by one and is released", async () => {
  declare({
    credentials: { proxyLogin: "team-a" },
    rotation: { intervalSeconds: 900 },
    osFingerprint: "windows:1",
  });
  await project.up();
  expect(await places()).toEqual({ "scraper-1": "DE", "scraper-2": "DE", "scraper-3": "DE", "scraper-4": "GB" });
  for (const { proxyLogin, osFingerprint, rotationSettings } of project.emulator.control.ports()) {
    expect({ proxyLogin, osFingerprint, rotationSettings }).toMatchObject({
      proxyLogin: "team-a",
      osFingerprint: "windows:1",
      rotationSettings: { intervalSeconds: 900 },
    });
  }
  const { scraper } = (await project.outputs()) as Record<string, Record<string, unknown>>;
  const ports = project.emulator.control.ports();
  expect(scraper).toMatchObject({ size: 4, byCountry: { DE: 3, GB: 1 } });
  expect((scraper?.httpUrls as string[]).slice().sort()).toEqual(
    ports
      .map(({ serverIp, httpPort, proxyPassword }) => `http://team-a:${proxyPassword}@${serverIp}:${httpPort}`)
      .sort(),
  );
  expect(new Set(ports.map(({ proxyPassword }) => proxyPassword)).size).toBe(4);
  expect(Date.parse(scraper?.nextRenewalAt as string)).toBeGreaterThan(Date.now() + 24 * 86_400_000);

  project.calls();
  await project.up("--refresh", "--expect-no-changes");
  // The list of ports, the vendor's clock in each of the engine's processes, and what the account has left.
  expect(project.calls().length).toBeLessThanOrEqual(4);

  const before = await places();
  const more = {
    credentials: { proxyLogin: "team-a" },
    rotation: { intervalSeconds: 900 },
    osFingerprint: "windows:1",
  };
  declare({ ...more, size: 5 });
  const grown = await project.up();
  expect(Object.keys(changes(grown)).filter((name) => !name.startsWith("scraper-5"))).toEqual([]);
  expect(await places()).toEqual({ ...before, "scraper-5": expect.any(String) as string });
  declare(more);
  const shrunk = await project.up();
  expect(Object.keys(changes(shrunk)).filter((name) => !name.startsWith("scraper-5"))).toEqual([]);
  expect(await places()).toEqual(before);
  expect(bought()).toBe(5);

  await project.run("destroy", "--skip-preview");
  expect(project.emulator.control.ports()).toEqual([]);
});

it("several in one stack: each keeps its members, whatever else of it changes", async () => {
  const two = { ...ARGS, size: 2, locations: [{ country: "DE" }] };
  const keep = { lease: { ...ARGS.lease, onExpired: "keep" } };
  const fleets = (changed: Record<string, Args> = {}): void =>
    declareAll({
      weights: { args: ARGS },
      shrinks: { args: { ...ARGS, ...keep } },
      "by-transformations": { args: two, keep: "transformations" },
      "by-transforms": { args: two, keep: "transforms" },
      moves: { args: { ...ARGS, locations: [{ country: "GB" }, { country: "DE", weight: 3 }] } },
      ...changed,
      ...(changed.crawler ? {} : { renamed: { args: two } }),
    });
  fleets();
  await project.up();
  const [before, first] = [await places(), await ids()];
  const of = (fleet: string, all: Awaited<ReturnType<typeof places>>): typeof all =>
    Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(`${fleet}-`)));
  const { resources } = await project.state();
  const transformed = resources.filter(({ urn }) => /Port::by-/.test(urn));
  expect(transformed.map(({ inputs }) => inputs.onExpired)).toEqual(["keep", "keep", "keep", "keep"]);

  // Shrinking releases what has expired first. An alias keeps the members of a new name, or below a component, and
  // neither weights nor an order that change move anybody.
  project.emulator.control.editPort(await project.id("shrinks-2"), { status: "suspended" });
  await project.refresh();
  const changed: Record<string, Args> = {
    weights: { args: { ...ARGS, locations: [{ country: "GB" }, { country: "DE" }] } },
    shrinks: { args: { ...ARGS, ...keep, size: 3 } },
    crawler: { args: two, options: { aliases: [{ name: "renamed" }] } },
    moves: { args: { ...ARGS, locations: [{ country: "DE", weight: 3 }, { country: "GB" }] }, within: "group" },
  };
  fleets(changed);
  expect(changes(await project.up())).toEqual({ "shrinks-2": "delete", group: "create" });
  const now = await ids();
  const { "shrinks-2": _, ...others } = first;
  expect(now).toEqual(
    Object.fromEntries(Object.entries(others).map(([name, id]) => [name.replace("renamed", "crawler"), id])),
  );
  for (const fleet of ["weights", "moves"]) expect(of(fleet, await places())).toEqual(of(fleet, before));

  // Rebalancing moves in place, and a location that is named no more is left.
  fleets({
    ...changed,
    weights: { args: { ...ARGS, locations: [{ country: "GB" }, { country: "DE" }], rebalance: true } },
  });
  expect(changes(await project.up())).toEqual({ "weights-3": "update" });
  expect(of("weights", await places())).toEqual({ ...of("weights", before), "weights-3": "GB" });
  fleets({ ...changed, weights: { args: { ...ARGS, locations: [{ country: "GB" }] } } });
  await project.up();
  expect(Object.values(of("weights", await places()))).toEqual(["GB", "GB", "GB", "GB"]);
  expect(bought()).toBe(18);
});

it("renewals: a few at a time, old ports go by the overlap, and a fleet lives in the account of its provider", async () => {
  const { control, url } = project.emulator;
  const key = control.keys.addKey(undefined, "second");
  project.env.PROXIES_API_URL = url;
  const equipment = { rotation: { intervalSeconds: 900 }, credentials: { proxyLogin: "team-a" } };
  const lease = { ...ARGS.lease, stagger: 0 };
  declareAll({
    scraper: { args: { ...ARGS, lease } },
    quick: { args: { ...ARGS, size: 2, lease: { ...lease, overlap: "0s" } } },
    own: { args: { ...ARGS, size: 2, lease, ...equipment }, account: { apiKey: key }, options: { protect: true } },
  });
  await project.up();
  const first = await ids();
  const live = (account: string): number => control.ports(account).length;
  expect([live("main"), live("second")]).toEqual([6, 2]);
  const { resources } = await project.state();
  const own = resources.filter(({ urn }) => /Port::own-/.test(urn));
  expect(own.map(({ protect }) => protect)).toEqual([true, true]);

  control.clock.advance("27d");
  // With its preview, which is what warns.
  const run = await project.run("up");
  expect([await renewed("scraper"), await renewed("quick"), await renewed("own")]).toEqual([2, 2, 2]);
  expect(run.output).not.toMatch(/will fail/);
  expect(Object.values(run.steps)).not.toContain("replace");
  expect(changes(run)).toMatchObject({ "own-1": "update", "own-2": "update" });
  // Those of the one without an overlap are gone.
  expect(live("main")).toBe(4 + 2 + 2);

  const second = await project.up();
  expect(Object.keys(changes(second)).filter((name) => name.startsWith("quick"))).toEqual([]);
  expect(await renewed("scraper")).toBe(4);
  expect(await ids()).toEqual(first);
  expect(bought()).toBe(2 * (4 + 2 + 2));
  expect(control.ports("second").map(({ proxyLogin }) => proxyLogin)).toEqual(["team-a", "team-a"]);
  await project.up();
  expect(live("main")).toBe(6);
  await project.up("--expect-no-changes");
  const told = project.files().filter(({ path }) => !/(fleets|events)\.json$/.test(path));
  expect(told.filter(({ text }) => text.includes(key)).map(({ path }) => path)).toEqual([]);
});

async function members(): Promise<{ name: string; id: string; portId: unknown }[]> {
  const { resources } = await project.state();
  const ports = resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
  return ports.map(({ urn, id = "", outputs }) => ({ name: nameOf(urn), id, portId: outputs.portId }));
}
const ids = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await members()).map(({ name, id }) => [name, id]));
/** How many members of a fleet another port serves than at first. */
const renewed = async (fleet: string): Promise<number> =>
  (await members()).filter(({ name, id, portId }) => name.startsWith(`${fleet}-`) && id !== portId).length;

it("a new name keeps all members and their settings, also where the run of the alias fails midway", async () => {
  const equipped = { ...ARGS, size: 6, rotation: { intervalSeconds: 900 }, credentials: { proxyLogin: "team-a" } };
  const shared = { ...equipped, credentials: { ...equipped.credentials, sharedPassword: true } };
  declareAll({ old: { args: equipped }, before: { args: shared } });
  await project.up();
  const [first, outputs] = [await ids(), await project.outputs()];
  const urlsOf = (all: Record<string, unknown>, ...fleets: string[]): unknown[] =>
    fleets.map((name) => (all[name] as { httpUrls: string[] }).httpUrls);
  const renamed = {
    crawler: { args: equipped, options: { aliases: [{ name: "old" }] } },
    after: { args: shared, options: { aliases: [{ name: "before" }] } },
  };
  declareAll({ wrong: { args: { ...ARGS, locations: [{ country: "XX" }] } }, ...renamed });
  expect((await project.tryRun("up", "--skip-preview")).code).not.toBe(0);
  declareAll(renamed);
  expect(changes(await project.up())).toEqual({});
  const now = Object.entries(first).map(([name, id]) => [
    name.replace("old", "crawler").replace("before", "after"),
    id,
  ]);
  expect(await ids()).toEqual(Object.fromEntries(now));
  expect(urlsOf(await project.outputs(), "crawler", "after")).toEqual(urlsOf(outputs, "old", "before"));
  // The alias is left in the program, and another fleet gets the name.
  declareAll({ ...renamed, old: { args: { ...ARGS, size: 8 } } });
  await project.up();
  declareAll({
    ...renamed,
    crawler: { ...renamed.crawler, args: { ...equipped, size: 8 } },
    old: { args: { ...ARGS, size: 8 } },
  });
  await project.up();
  await project.up("--expect-no-changes");
  expect([project.emulator.control.ports().length, bought()]).toEqual([22, 22]);
});

it("goes to a fallback where there is no stock, and stays there", async () => {
  await project.close();
  project = await Project.open(
    { config: { devicesPerCarrier: { shared: 1, private: 1 } } },
    join(__dirname, "fleet.js"),
  );
  declare({ size: 3, locations: [{ country: "DE", carrier: "Vodafone" }], fallback: ["GB"] });
  const { output } = await project.run("up");
  expect(output).toMatch(/stock: DE Vodafone has no more: 2 members go to GB\./);
  const before = await places();
  expect(Object.values(before).sort()).toEqual(["DE", "GB", "GB"]);
  await project.up("--expect-no-changes");
  expect(await places()).toEqual(before);
});

it("a preview warns once for the fleet of what is short", async () => {
  project.emulator.control.configure({ slots: { shared: 3, private: 0 } });
  declareAll({ one: { args: { ...ARGS, size: 2 } }, two: { args: { ...ARGS, size: 2 } } });
  const { output } = await project.run("preview");
  const [, diagnostics = ""] = output.split("Diagnostics:");
  expect(diagnostics.match(/warning: .*/g)).toEqual(["warning: slots: needs 2 shared, 1 free: 1 purchase will fail."]);
});

// tests/sdk/fleet-args.test.ts has what else is refused, plan.test.ts a country that is none.
it("says in one line what is wrong", async () => {
  declare({ size: -1 });
  const { code, output } = await project.tryRun("preview");
  expect(code).not.toBe(0);
  expect(output).toMatch(/error: ProxyFleet "scraper": size: is not a whole number/);
  expect(output).not.toMatch(/\n\s+at /);
});
