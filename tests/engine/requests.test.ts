import { Project } from "./project";
import { login, port, rotation } from "./resources";

/** The engine starts one process for all resources of a run: what they ask together. */
jest.setTimeout(900_000);

const PORTS = 12;

let project: Project;
beforeEach(async () => {
  project = await Project.open({ config: { slots: { shared: 200, private: 0 } } });
});
afterEach(() => project.close());

const names = Array.from({ length: PORTS }, (_, index) => `p${index}`);
const declare = (args: object = {}, seconds = 900): void =>
  project.declare(
    ...names.map((name) => port(name, { osFingerprint: "windows:1", ...args })),
    ...names.map((name) => rotation(`${name}-rotation`, name, { intervalSeconds: seconds })),
    ...names.map((name) =>
      login(`${name}-login`, name, { proxyLogin: "team-a", proxyPassword: "a-password-of-tests" }),
    ),
  );

/** What a job asked of the vendor, by route: `{ "POST /v1/ports": 12 }`. */
async function requestsOf(job: () => Promise<unknown>): Promise<Record<string, number>> {
  project.calls();
  await job();
  const counts: Record<string, number> = {};
  for (const call of project.calls()) {
    const route = call.replace(/[0-9a-f]{24}/, ":id").replace(/\?.*/, "");
    counts[route] = (counts[route] ?? 0) + 1;
  }
  return counts;
}

const CLOCK = { "GET /v1/account": 1 }; // the vendor's clock, and whose the key is
const PLACES = { "GET /v1/countries/with-devices": 1 };
const LIST = { "GET /v1/ports": 1 }; // a page of 100
const EQUIPPED = {
  "POST /v1/ports": PORTS, // carries the fingerprint
  "PUT /v1/ports/:id/credentials": PORTS,
  "PATCH /v1/ports/:id/rotation-settings": PORTS,
};

it("each job sends what it needs, and no more", async () => {
  declare();
  expect(await requestsOf(() => project.run("preview"))).toEqual({ ...CLOCK, ...PLACES });
  // The names are remembered from the preview. The list from before shows what a lost answer bought.
  expect(await requestsOf(() => project.run("up", "--skip-preview"))).toEqual({ ...CLOCK, ...LIST, ...EQUIPPED });
  expect(await requestsOf(() => project.run("preview"))).toEqual(CLOCK);
  expect(await requestsOf(() => project.run("up", "--skip-preview"))).toEqual(CLOCK);
  expect(await requestsOf(() => project.run("refresh", "--skip-preview"))).toEqual(LIST);

  declare({}, 600);
  expect(await requestsOf(() => project.run("up", "--skip-preview"))).toEqual({
    ...CLOCK,
    "PATCH /v1/ports/:id/rotation-settings": PORTS,
  });

  project.emulator.control.clock.advance("29d");
  expect(await requestsOf(() => project.run("up", "--skip-preview"))).toEqual({
    ...CLOCK,
    ...LIST,
    "GET /v1/account/summary": 1, // free slots
    ...EQUIPPED,
  });
  // The old ports served until the next run, which sees first that the new ones are there.
  expect(await requestsOf(() => project.run("up", "--skip-preview"))).toEqual({
    ...CLOCK,
    ...LIST,
    "DELETE /v1/ports/:id": PORTS,
  });

  // Nothing is sent to settings of a port that goes away.
  expect(await requestsOf(() => project.run("destroy", "--skip-preview"))).toEqual({ "DELETE /v1/ports/:id": PORTS });
});
