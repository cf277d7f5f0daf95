import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "../../emulator";
import { Project } from "./project";

/** What is known in a preview, and what is secret, is the engine's to say. */
jest.setTimeout(900_000);

const PROGRAM = join(__dirname, "lookups-program.js");

let project: Project;
beforeEach(async () => {
  project = await Project.open({ config: { devicesPerCarrier: { shared: 3, private: 3 } } }, PROGRAM);
});
afterEach(() => project.close());

const sellOut = (country: string, count: number): void => {
  for (let i = 0; i < count; i += 1) project.emulator.control.buyPort({ country });
};
/** Where a secret stands in clear: what a run printed, states, backups. */
const leaks = (output: string, ...secrets: (string | undefined)[]): string[] =>
  [{ path: "the output", text: output }, ...project.files().filter(({ path }) => !path.endsWith("events.json"))]
    .filter(({ text }) => secrets.some((secret) => secret !== undefined && text.includes(secret)))
    .map(({ path }) => path);
const asked = (calls: string[], path: string): number => calls.filter((call) => call === `GET ${path}`).length;

it("answers and choices in a program: known in the first preview, secret where they must be, and they stay", async () => {
  const { output: preview } = await project.run("preview", "--diff");
  expect(preview).toMatch(/country +: "DE"/);
  expect(preview).toMatch(/carrier +: "Telefónica Germany/);
  expect(preview).toMatch(/codes +: \[\n +\[0\]: "DE"/);
  expect(preview).not.toContain(project.emulator.apiKey);

  project.calls();
  const up = await project.up();
  expect(up.steps).toEqual({ best: "create", port: "create", late: "create" });
  const calls = project.calls();
  // The program asks once, in both forms; the provider once more.
  expect(asked(calls, "/v1/countries/with-devices")).toBe(2);
  expect(asked(calls, "/v1/tariffs")).toBe(1);

  const [bought] = project.emulator.control.ports();
  const outputs = await project.outputs();
  expect(outputs).toMatchObject({ country: "DE", online: true, info: { id: bought?.id }, free: 6 });
  expect(outputs.url).toBe(
    `socks5://${bought?.proxyLogin}:${bought?.proxyPassword}@${bought?.serverIp}:${bought?.socksPort}`,
  );
  expect(up.output).toMatch(/info +: \[secret\]/);
  expect(up.output).toMatch(/url +: \[secret\]/);
  expect(leaks(up.output, project.emulator.apiKey, bought?.proxyPassword, bought?.rotationToken)).toEqual([]);

  sellOut("DE", 8);
  const again = await project.up();
  expect(again.steps).toEqual({ best: "same", port: "same", late: "same" });
  expect(project.writes()).toEqual([]);
  await project.run("preview", "--refresh", "--expect-no-changes");

  project.set("test:trigger", "v2");
  const { output: moving } = await project.run("preview", "--diff");
  expect(moving).toMatch(/~ country: "DE" => "PL"/);
  expect((await project.up()).steps).toMatchObject({ best: "update", port: "update" });
  expect(project.emulator.control.port(bought?.id as string)).toMatchObject({ device: { country: { code: "PL" } } });
  await project.run("preview", "--expect-no-changes");
});

it("an account whose key a resource makes is unknown in the preview, and asked in the update", async () => {
  const other = await startEmulator({ seed: 7 });
  try {
    other.control.buyPort();
    project.set("test:other", other.url);
    project.set("test:otherKey", other.apiKey, { secret: true });
    await project.run("preview");
    expect(other.control.requests()).toEqual([]);
    const { output } = await project.up();
    expect(await project.outputs()).toMatchObject({ ports: 1, balance: 1_000 });
    expect(leaks(output, other.apiKey)).toEqual([]);
  } finally {
    await other.close();
  }
});

it("what fails is one line, in the preview", async () => {
  project.set("test:missing", "1");
  const { code, output } = await project.tryRun("preview");
  expect(code).not.toBe(0);
  expect(output).toMatch(/error: GET \/v1\/ports\/:id: there is no port 0{24} in this account \(404 not_found\)\n/);
  expect(output).not.toMatch(/\n +at |unhandled/);

  project.set("test:missing");
  sellOut("DE", 9);
  project.set("test:countries", '["DE"]');
  const choosing = await project.tryRun("preview");
  expect(choosing.output).toMatch(
    /'best' has a problem: countries: none of DE has a free device for a shared port now\./,
  );
  expect(choosing.output).not.toMatch(/\n +at /);
});

it("a program is not kept alive by connections, and one that looks nothing up does not load the client", async () => {
  const code = `
    const loaded = () => Object.keys(require.cache).some((file) => /node_modules.(axios|zod)./.test(file));
    const seen = [];
    const proxies = require("pulumi-proxies-sx");
    seen.push(loaded());
    proxies.getPorts().then((ports) => {
      seen.push(ports.length, loaded(), process.getActiveResourcesInfo().includes("TCPSocketWrap"));
      console.log(JSON.stringify(seen));
    });`;
  const env = { ...process.env, PROXIES_API_KEY: project.emulator.apiKey, PROXIES_API_URL: project.emulator.url };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { cwd: join(__dirname, "../.."), env });
  expect(JSON.parse(stdout)).toEqual([false, 0, true, false]);
});
