import { Project } from "./project";
import { equipped } from "./resources";

/** One life as a user sees it: steps, calls, state and outputs. */
jest.setTimeout(900_000);

let project: Project;
beforeAll(async () => {
  project = await Project.open();
  project.ownProcess = true;
  project.declare(...equipped("a", { carrier: "Vodafone" }), ...equipped("b", { slotType: "private" }));
});
afterAll(() => project.close());

const NAMES = ["a", "b"].flatMap((name) => [name, `${name}-rotation`, `${name}-login`, `${name}-os`]);
const all = (op: string): Record<string, string> => Object.fromEntries(NAMES.map((name) => [name, op]));

it("a preview shows all, and buys nothing", async () => {
  const { steps } = await project.run("preview");
  expect(steps).toEqual(all("create"));
  // Nothing but the account, the countries of two slot types and the carriers of one.
  const asked = project.calls().map((call) => call.split("/").slice(0, 3).join("/"));
  expect(asked.sort()).toEqual(["GET /v1/account", "GET /v1/carriers", "GET /v1/countries", "GET /v1/countries"]);
});

it("up makes all", async () => {
  const { steps } = await project.up();
  expect(steps).toEqual(all("create"));
  expect(project.emulator.control.ports()).toHaveLength(2);
  const a = project.emulator.control.port(await project.id("a"));
  expect(a).toMatchObject({
    proxyLogin: "team-a",
    proxyPassword: "a-password-of-tests",
    osFingerprint: "windows:1",
    slotType: "shared",
    rotationSettings: { enabled: true, intervalSeconds: 1800, matchCarrier: true },
    device: { country: { code: "DE" }, carrier: { brand: "Vodafone" } },
  });
  const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
  expect(httpUrls["a-login"]).toBe(`http://team-a:a-password-of-tests@${a?.serverIp}:${a?.httpPort}`);
});

it("the state names the user's line, and no path outside the program's folder", async () => {
  const { resources } = await project.state();
  const made = resources.filter(({ type }) => type.includes("proxies-sx:"));
  expect(made).toHaveLength(NAMES.length);
  for (const { sourcePosition, stackTrace } of made) {
    expect(sourcePosition).toMatch(/^project:\/\/\/index\.js#\d+,\d+$/);
    expect(stackTrace?.[0]).toEqual({ sourcePosition });
    expect(JSON.stringify(stackTrace)).not.toContain("..");
  }
});

it("each setting takes one call, each port one, and four calls at most go beside them", async () => {
  const writes = project.calls();
  expect(writes.filter((call) => call.startsWith("POST"))).toHaveLength(2);
  expect(writes.filter((call) => /^(PATCH|PUT)/.test(call))).toHaveLength(6);
  // Countries and carriers are known from the preview: what is left is whose the key is, and the ports that are there.
  expect(writes.filter((call) => call.startsWith("GET"))).toEqual(["GET /v1/account", "GET /v1/ports"]);
});

it("a second up and a preview find nothing, with two calls at most", async () => {
  const { steps } = await project.run("up", "--expect-no-changes");
  expect(steps).toEqual(all("same"));
  expect(project.calls().length).toBeLessThanOrEqual(2);
  await project.run("preview", "--expect-no-changes");
  expect(project.calls()).toHaveLength(1);
});

it("refresh finds nothing, with one list", async () => {
  await project.refresh("--expect-no-changes");
  expect(project.calls()).toHaveLength(1);
});

it("destroy releases the ports by one call each, and leaves nothing", async () => {
  project.calls();
  const { steps } = await project.run("destroy", "--skip-preview");
  expect(steps).toEqual(all("delete"));
  expect(project.calls().map((call) => call.split("/")[0])).toEqual(["DELETE ", "DELETE "]);
  expect(project.emulator.control.ports()).toEqual([]);
  expect((await project.state()).resources ?? []).toEqual([]);
});
