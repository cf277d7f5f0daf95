import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adoptCommand } from "../../cli/adopt";
import { Project } from "../engine/project";
import { port } from "../engine/resources";
import { hearing } from "./terminal";

jest.setTimeout(300_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(() => project.close());

async function adopt(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { apiKey, url } = project.emulator;
  const terminal = hearing({ ...project.env, PROXIES_API_KEY: apiKey, PROXIES_API_URL: url });
  const code = await adoptCommand(argv, terminal);
  const { out, err } = terminal.said;
  const secrets = project.emulator.control.ports().flatMap((one) => [one.proxyPassword, one.rotationToken]);
  for (const canary of [apiKey, ...secrets]) expect(out + err).not.toContain(canary);
  return { code, out, err };
}

it("the printed program takes every port over without a call that changes anything", async () => {
  const { control } = project.emulator;
  const ids = [
    control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: "7d" }).id,
    control.buyPort({ country: "GB", slotType: "private", osFingerprint: "windows:1" }).id,
    control.buyPort({ country: "PL" }).id,
  ];
  control.editPort(ids[0] as string, {
    proxyLogin: "by-hand",
    rotationSettings: { enabled: true, intervalSeconds: 900 },
  });
  const before = control.ports();

  const file = join(project.folder, "adopted.js");
  expect((await adopt("--language", "javascript", "--output", file)).code).toBe(0);
  const adopted = await Project.open({}, file);
  try {
    await adopted.pulumi(["config", "set", "--secret", "proxies-sx:apiKey", "--", project.emulator.apiKey]);
    await adopted.pulumi(["config", "set", "proxies-sx:apiUrl", project.emulator.url]);
    project.writes();
    await adopted.up();
    await adopted.run("up", "--expect-no-changes");
    await adopted.refresh("--expect-no-changes");
    expect(project.writes()).toEqual([]);
    expect(control.ports()).toEqual(before);
    const held = (await adopted.state()).resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
    expect(held.map(({ id }) => id).sort()).toEqual([...ids].sort());
    await adopted.run("destroy", "--skip-preview");
    expect(control.ports()).toEqual([]);
  } finally {
    await adopted.close();
  }
});

it("leaves out what a stack manages, and takes only what is named", async () => {
  project.declare(port("a"));
  await project.up();
  const { control } = project.emulator;
  const [one, two] = [control.buyPort({ country: "DE" }).id, control.buyPort({ country: "DE" }).id];
  const stack = ["--stack", "dev", "--cwd", project.program];
  const all = await adopt(...stack);
  expect([...all.out.matchAll(/import: "([0-9a-f]{24})"/g)].map(([, id]) => id)).toEqual([one, two]);
  expect((await adopt(...stack, two)).out).not.toContain(one);
  for (const id of [one, two]) control.removePort(id);
  expect(await adopt(...stack)).toMatchObject({ code: 1, out: "" });
});

it.each<[string, string[], number, RegExp]>([
  ["an id that is none", ["scraper"], 2, /24 hexadecimal digits/],
  ["an id that the account has not", ["0".repeat(24)], 3, /no live port 0{24}/],
  ["a language that is unknown", ["--language", "python"], 2, /typescript, javascript/],
  ["an option that is unknown", ["--all"], 2, /--all/],
  ["a file that is there", ["--output", __filename], 2, /it exists already/],
])("refuses %s in one line", async (_what, argv, code, message) => {
  project.emulator.control.buyPort({ country: "DE" });
  const before = readFileSync(__filename, "utf8");
  const { err, ...rest } = await adopt(...argv);
  expect(rest.code).toBe(code);
  expect(err).toMatch(message);
  expect(err.trim()).not.toContain("\n");
  expect(readFileSync(__filename, "utf8")).toBe(before);
});
