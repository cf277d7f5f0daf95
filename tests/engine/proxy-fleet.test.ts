import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Project, type Run } from "./project";

/** Members of a fleet are children in the engine's state, which tells the program where they are. */
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
const changes = ({ steps }: Run): Record<string, string> =>
  Object.fromEntries(Object.entries(steps).filter(([name, step]) => name !== "scraper" && step !== "same"));
const bought = (): number => project.emulator.control.purchases().length;

it("is made, found unchanged, grows by one, shrinks by one and is released", async () => {
  declare({
    credentials: { proxyLogin: "team-a" },
    rotation: { intervalSeconds: 900 },
    osFingerprint: "windows:1",
  });
  await project.run("preview");
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
  await project.up("--expect-no-changes");
  // The vendor's clock in each of the engine's processes, and in the preview what the account has left.
  expect(project.calls().length).toBeLessThanOrEqual(3);
  await project.refresh("--expect-no-changes");

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

it("weights and an order that change move nobody; rebalancing moves in place; a named one less is left", async () => {
  declare();
  await project.up();
  const before = await places();
  declare({ locations: [{ country: "GB" }, { country: "DE" }] });
  await project.up();
  expect(await places()).toEqual(before);

  declare({ locations: [{ country: "GB" }, { country: "DE" }], rebalance: true });
  const run = await project.up();
  expect(changes(run)).toEqual({ "scraper-3": "update" });
  expect(await places()).toEqual({ ...before, "scraper-3": "GB" });

  declare({ locations: [{ country: "GB" }] });
  await project.up();
  expect(Object.values(await places())).toEqual(["GB", "GB", "GB", "GB"]);
  expect(bought()).toBe(4);
});

it("shrinking releases what has expired first", async () => {
  declare({ lease: { ...ARGS.lease, onExpired: "keep" } });
  await project.up();
  const second = await project.id("scraper-2");
  project.emulator.control.editPort(second, { status: "suspended" });
  await project.refresh();
  declare({ size: 3, lease: { ...ARGS.lease, onExpired: "keep" } });
  const run = await project.up();
  expect(changes(run)).toEqual({ "scraper-2": "delete" });
  await project.up("--expect-no-changes");
});

it("renews a few at a time, spread by the stagger, and all in the end", async () => {
  declare({ lease: { ...ARGS.lease, stagger: 0 } });
  await project.up();
  const first = await ids();
  project.emulator.control.clock.advance("27d");
  // With its preview, which is what warns.
  const { output, steps } = await project.run("up");
  expect(await renewed()).toBe(2);
  expect(output).not.toMatch(/will fail/);
  expect(Object.values(steps)).not.toContain("replace");
  await project.up();
  expect(await renewed()).toBe(4);
  expect(await ids()).toEqual(first);
  expect(bought()).toBe(8);
  await project.up();
  expect(project.emulator.control.ports()).toHaveLength(4);
  await project.up("--expect-no-changes");
});

it("a lease's overlap decides when old ports are released", async () => {
  declare({ size: 2, lease: { ...ARGS.lease, overlap: "0s" } });
  await project.up();
  project.emulator.control.clock.advance("28d");
  await project.up();
  expect(await renewed()).toBe(2);
  expect(project.emulator.control.ports()).toHaveLength(2);
  await project.up("--expect-no-changes");
});

async function members(): Promise<{ name: string; id: string; portId: unknown }[]> {
  const { resources } = await project.state();
  const ports = resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
  return ports.map(({ urn, id = "", outputs }) => ({ name: nameOf(urn), id, portId: outputs.portId }));
}
const ids = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await members()).map(({ name, id }) => [name, id]));
/** How many members another port serves than at first. */
const renewed = async (): Promise<number> => (await members()).filter(({ id, portId }) => id !== portId).length;

it("goes to a fallback where there is no stock, and stays there", async () => {
  await project.close();
  project = await Project.open(
    { config: { devicesPerCarrier: { shared: 1, private: 1 } } },
    join(__dirname, "fleet.js"),
  );
  declare({ size: 3, locations: [{ country: "DE", carrier: "Vodafone" }], fallback: ["GB"] });
  const { output } = await project.run("preview");
  expect(output).toMatch(/stock: DE Vodafone has no more: 2 members go to GB\./);
  await project.up();
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

it.each<[string, Args, RegExp]>([
  ["size", { size: -1 }, /error: ProxyFleet "scraper": size: is not a whole number/],
  ["an unknown country", { locations: [{ country: "Atlantis" }] }, /country: is not a country/],
])("tells in one line what is wrong with %s", async (_what, args, message) => {
  declare(args);
  const { code, output } = await project.tryRun("preview");
  expect(code).not.toBe(0);
  expect(output).toMatch(message);
  expect(output).not.toMatch(/\n\s+at /);
});

it("lives in the account of its provider, and its options reach the members", async () => {
  const key = project.emulator.control.keys.addKey(undefined, "second");
  const equipment = { rotation: { intervalSeconds: 900 }, credentials: { proxyLogin: "team-a" } };
  declare({ size: 2, ...equipment }, { account: { apiKey: key }, options: { protect: true } });
  project.env.PROXIES_API_URL = project.emulator.url;
  await project.up();
  expect(project.emulator.control.ports("second")).toHaveLength(2);
  expect(project.emulator.control.ports("main")).toEqual([]);
  const { resources } = await project.state();
  const ports = resources.filter(({ type }) => type.endsWith("proxies-sx:Port")) as unknown as { protect?: boolean }[];
  expect(ports.map(({ protect }) => protect)).toEqual([true, true]);

  project.emulator.control.clock.advance("28d");
  expect(changes(await project.up())).toMatchObject({ "scraper-1": "update", "scraper-2": "update" });
  expect(await renewed()).toBe(2);
  expect(project.emulator.control.purchases()).toHaveLength(4);
  await project.up();
  const serving = project.emulator.control.ports("second");
  expect(serving.map(({ proxyLogin }) => proxyLogin)).toEqual(["team-a", "team-a"]);
  const told = project.files().filter(({ path }) => !/(fleets|events)\.json$/.test(path));
  expect(told.filter(({ text }) => text.includes(key)).map(({ path }) => path)).toEqual([]);
});

it.each(["transformations", "transforms"])("its %s reach the members", async (keep) => {
  declare({ size: 2 }, { keep });
  await project.up();
  const { resources } = await project.state();
  const ports = resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
  expect(ports.map(({ inputs }) => inputs?.onExpired)).toEqual(["keep", "keep"]);
});

it("a fleet under a new name keeps its members by an alias", async () => {
  declare();
  await project.up();
  const before = await ids();
  declareAll({ crawler: { args: ARGS, options: { aliases: [{ name: "scraper" }] } } });
  await project.up();
  const renamed = Object.entries(before).map(([name, id]) => [name.replace("scraper", "crawler"), id]);
  expect(await ids()).toEqual(Object.fromEntries(renamed));
  expect(bought()).toBe(4);
});

it("a fleet that moves into a component keeps its members by an alias of its parent", async () => {
  declare({ size: 4, locations: [{ country: "GB" }, { country: "DE", weight: 3 }] });
  await project.up();
  const before = await places();
  declare({ size: 4, locations: [{ country: "DE", weight: 3 }, { country: "GB" }] }, { within: "group" });
  expect(changes(await project.up())).toEqual({ group: "create" });
  expect(await places()).toEqual(before);
  expect(bought()).toBe(4);
});
