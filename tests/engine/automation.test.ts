import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { automateIn, type Job, type Result } from "./automate";
import { startPostgres } from "./postgres";
import { Project } from "./project";

/** An inline program runs in the process that drives the engine, and asks it for the state. */
jest.setTimeout(900_000);

const FLEET = {
  size: 4,
  locations: [{ country: "DE", weight: 3 }, { country: "GB" }],
  lease: { expiresIn: "30d", renewBefore: "3d" },
};
/** Locations that would move members, if a program did not know where they are. */
const OTHERWISE = { ...FLEET, locations: [{ country: "GB", weight: 3 }, { country: "DE" }] };

let project: Project;
beforeEach(async () => {
  project = await Project.open({}, join(__dirname, "fleet.js"));
});
afterEach(() => project.close());

/** Runs groups of jobs in one process of Node, which stands in the folder of the project "test" and has no CLI on its PATH. */
const automate = (...groups: Job[][]): Promise<Result[][]> => automateIn(project, project.program, ...groups);

const bought = (): number => project.emulator.control.purchases().length;
/** How many ports each country has, by the vendor. */
function countries(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { device } of project.emulator.control.ports()) {
    const code = device?.country?.code ?? "";
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}
const declare = (folder: string, args: object): void =>
  writeFileSync(join(folder, "fleets.json"), JSON.stringify({ scraper: { args } }));

it("a fleet of an inline program keeps its members, in the folder of another project and without the CLI on the PATH", async () => {
  declare(project.program, { ...FLEET, size: 1 });
  await project.up();
  const inline = { projectName: "inline" };
  const [[made], [again], [grown]] = (await automate(
    [{ ...inline, fleets: { scraper: FLEET } }],
    [{ ...inline, fleets: { scraper: OTHERWISE } }],
    [{ ...inline, fleets: { scraper: { ...OTHERWISE, size: 5 } } }],
  )) as [[Result], [Result], [Result]];
  expect(made.outputs?.scraper?.value).toEqual({ DE: 3, GB: 1 });
  expect(again.outputs?.scraper?.value).toEqual({ DE: 3, GB: 1 });
  expect(grown.outputs?.scraper?.value).toEqual({ DE: 3, GB: 2 });
  expect(bought()).toBe(6);

  // The SDK's own way to ask would put the whole state into the log, with all secrets in clear.
  for (const { events } of [made, again, grown]) expect(events).not.toContain("readStackResourceOutputs");
});

it("an inline program in a process whose folder has no such package fails with one line that says so", async () => {
  const runs = automateIn(project, tmpdir(), [{ projectName: "inline", fleets: { scraper: FLEET } }]);
  await expect(runs).rejects.toThrow(
    /error: pulumi-proxies-sx: for an inline program .* Run `npm install pulumi-proxies-sx` there, or start the process/,
  );
  expect(bought()).toBe(0);
});

it("two at a time in one process each know their own stack, and one after the other count no slot twice", async () => {
  project.emulator.control.configure({ slots: { shared: 8, private: 0 } });
  const [one, two] = [{ projectName: "one" }, { projectName: "two" }];
  await automate(
    [
      { ...one, fleets: { scraper: { ...FLEET, size: 4 } } },
      { ...two, fleets: { scraper: { ...FLEET, size: 2 } } },
    ],
    [
      { ...one, fleets: { scraper: { ...OTHERWISE, size: 4 } } },
      { ...two, fleets: { scraper: { ...OTHERWISE, size: 2 } } },
    ],
  );
  expect(bought()).toBe(6);
  expect(countries()).toEqual({ DE: 5, GB: 1 });

  const previews = await automate(
    [{ ...one, does: "preview", fleets: { scraper: { ...FLEET, size: 6 } } }],
    [{ ...two, does: "preview", fleets: { scraper: { ...FLEET, size: 4 } } }],
  );
  for (const { output } of previews.flat()) expect(output).not.toContain("will fail");
});

it("a fleet of a local program keeps its members", async () => {
  const folder = join(project.folder, "local");
  mkdirSync(folder);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: local\nruntime: nodejs\n");
  writeFileSync(join(folder, "package.json"), '{ "main": "index.js" }\n');
  writeFileSync(
    join(folder, "index.js"),
    `module.exports = require(${JSON.stringify(join(project.program, "index.js"))});\n`,
  );
  declare(folder, FLEET);
  await automate([{ folder }]);
  declare(folder, OTHERWISE);
  await automate([{ folder, does: "preview" }], [{ folder }]);
  expect(bought()).toBe(4);
  expect(countries()).toEqual({ DE: 3, GB: 1 });
});

it("a fleet keeps its members with a PostgreSQL backend", async () => {
  const postgres = await startPostgres();
  if (!postgres) return console.warn("skipped: PostgreSQL is not installed (Debian: apt-get install postgresql)");
  try {
    project.env.PULUMI_BACKEND_URL = postgres.url;
    const inline = { projectName: "inline" };
    await automate([{ ...inline, fleets: { scraper: FLEET } }], [{ ...inline, fleets: { scraper: OTHERWISE } }]);
    expect(bought()).toBe(4);
    expect(countries()).toEqual({ DE: 3, GB: 1 });
  } finally {
    postgres.stop();
  }
});
