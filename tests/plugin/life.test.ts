import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Project } from "../engine/project";
import { login, openPluginProject, port, resource } from "./plugin-project";

/** One life behind the plugin. The engine is needed: its wire, its previews and its imports are what is tested. */
jest.setTimeout(900_000);

let project: Project;
beforeAll(async () => {
  project = await openPluginProject();
});
afterAll(() => project.close());

/** Interrupts an `up` once, as soon as it has come so far. Gives what it said. */
async function interrupted(hasComeSoFar: (said: string) => boolean): Promise<string> {
  const { program: cwd, env } = project;
  const cli = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "-s", "dev"], { cwd, env });
  let output = "";
  for (const stream of [cli.stdout, cli.stderr]) stream.on("data", (text) => (output += text));
  const watch = setInterval(() => {
    if (!cli.killed && hasComeSoFar(output)) cli.kill("SIGINT");
  }, 20);
  const [code] = (await once(cli, "close")) as [number];
  clearInterval(watch);
  expect(code).not.toBe(0);
  return output;
}

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);

it("up makes all, the state has its secrets encrypted, and the URL is the port's", async () => {
  project.declare(port("a"), login("a"));
  expect((await project.up()).steps).toEqual({ a: "create", "a-login": "create" });
  expect(project.writes().map((call) => call.split(" ")[0])).toEqual(["POST", "PUT"]);
  const [bought] = project.emulator.control.ports();
  expect(await project.id("a")).toBe(bought?.id);
  const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
  expect(httpUrls["a-login"]).toBe(`http://team:a-password-of-tests@${bought?.serverIp}:${bought?.httpPort}`);
  const text = JSON.stringify(await project.state());
  expect(text).not.toContain("a-password-of-tests");
  expect(text).not.toContain(bought?.rotationToken);
  expect(text).not.toContain(project.emulator.apiKey);
});

it("a second up finds nothing, and a refresh neither", async () => {
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  expect(project.writes()).toEqual([]);
});

it("a preview shows the property that changes, and what depends on the rest stays", async () => {
  project.declare(port("a", { country: "PL" }), login("a"));
  const { output, steps } = await project.run("preview", "--diff");
  expect(output).toMatch(/~ country\s*: "DE" => "PL"/);
  expect(output).not.toMatch(/- (portId|expiresAt|serverIp)/);
  expect(steps).toEqual({ a: "update", "a-login": "same" });
  expect((await project.up()).steps).toEqual({ a: "update", "a-login": "same" });
  expect(project.writes()).toEqual([expect.stringMatching(/^PUT .*\/reconfigure$/)]);
});

it("a lease that is due is renewed by an update that names its end and says why; its login follows", async () => {
  const [old] = live();
  project.emulator.control.clock.advance(28 * 86_400_000);
  const preview = await project.run("preview", "--diff");
  expect(preview.output).toMatch(/- expiresAt/);
  expect(preview.output).toContain("lease ends in");
  expect((await project.up()).steps).toEqual({ a: "update", "a-login": "update" });
  expect(await project.id("a")).toBe(old);
  expect(live()).toEqual([old, await project.portId("a")]);
  expect(project.emulator.control.port(await project.portId("a"))?.proxyLogin).toBe("team");
  await project.up(); // releases the old one
  expect(live()).toEqual([await project.portId("a")]);
});

it("drift is shown by property and repaired", async () => {
  project.calls();
  project.emulator.control.editPort(await project.portId("a"), { country: "GB", proxyLogin: "another" });
  const seen = await project.run("refresh", "--preview-only", "--diff");
  expect(seen.output).toMatch(/country\s*: "PL" => "GB"/);
  expect(seen.output).not.toContain("a-password-of-tests");
  expect((await project.up("--refresh")).steps).toEqual({ a: "update", "a-login": "update" });
  expect(project.emulator.control.port(await project.portId("a"))).toMatchObject({
    device: { country: { code: "PL" } },
    proxyLogin: "team",
  });
});

it("a port that exists is imported, and a program that declares it changes nothing", async () => {
  project.calls();
  const { id } = project.emulator.control.buyPort({ country: "GB" });
  await project.pulumi([
    "import",
    "proxies-sx:index:Port",
    "b",
    id,
    "--yes",
    "--skip-preview",
    "--generate-code=false",
    "--protect=false",
  ]);
  project.declare(port("a", { country: "PL" }), login("a"), port("b", { country: "GB" }));
  await project.run("up", "--skip-preview", "--expect-no-changes");
  expect(project.writes()).toEqual([]);
});

describe("a rotation that waits for its cooldown", () => {
  /** The vendor's time just after a rotation: on a slow machine its cooldown would be over by the next run. */
  let rotated: Date;
  const declare = (release: string): void =>
    project.declare(
      ...[port("a", { country: "PL" }), login("a"), port("b", { country: "GB" })],
      resource(
        "Rotation",
        "turn",
        { port: { $of: "b", output: "id" }, triggers: [release] },
        { customTimeouts: { update: "1s" } },
      ),
    );

  it("is ended by customTimeouts", async () => {
    declare("1");
    await project.up();
    rotated = project.emulator.control.clock.now();
    declare("2");
    const { code, output } = await project.tryRun("up", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("not done within 1 s, the resource's customTimeouts");
  });

  it("is ended by SIGINT", async () => {
    project.declare(
      ...[port("a", { country: "PL" }), login("a"), port("b", { country: "GB" })],
      resource("Rotation", "turn", { port: { $of: "b", output: "id" }, triggers: ["3"] }),
    );
    project.emulator.control.clock.set(rotated);
    const output = await interrupted((said) => said.includes("waiting for the cooldown"));
    expect(output).toContain("the run was interrupted while this waited");
  });

  it("is done by a later run", async () => {
    project.emulator.control.clock.advance(600_000);
    declare("3");
    expect((await project.up()).steps).toMatchObject({ turn: "update", a: "same", b: "same" });
  });
});

it("an up that is interrupted while the vendor asks all to wait waits no longer, and a later one buys what is missing", async () => {
  project.declare(
    ...["a", "b"].map((name) => port(name, { country: name === "a" ? "PL" : "GB" })),
    ...["c", "d", "e"].map((name) => port(name)),
  );
  const before = project.emulator.control.purchases().length;
  project.emulator.control.addFault({ method: "POST", path: "/ports", times: 1_000, status: 429, retryAfter: 100 });
  const output = await interrupted(() => project.emulator.control.faults().some(({ struck }) => struck > 0));
  expect(output).toContain("It is not sent again, since the run was interrupted");
  expect(output).not.toContain("Gave up after");
  expect(output).not.toContain("MaxListeners");
  expect(project.emulator.control.purchases()).toHaveLength(before);
  project.emulator.control.clearFaults();
  expect((await project.up()).steps).toMatchObject({ c: "create", d: "create", e: "create" });
  expect(project.emulator.control.purchases()).toHaveLength(before + 3);
});

it("what a renewal has released by then gets its successor all the same: the order waits out the pause", async () => {
  const { control } = project.emulator;
  const count = live().length;
  control.configure({ slots: { shared: count, private: 0 } });
  control.clock.advance(28 * 86_400_000);
  control.addFault({ method: "POST", path: "/ports", times: 2, status: 429, retryAfter: 2 });
  const before = control.purchases().length;
  project.writes();
  await interrupted(() => control.faults().some(({ struck }) => struck > 0));
  const released = project.writes().filter((call) => call.startsWith("DELETE")).length;
  expect(released).toBeGreaterThan(0);
  expect(control.purchases()).toHaveLength(before + released);
  expect(live()).toHaveLength(count);
  await project.up();
  expect(control.purchases()).toHaveLength(before + count);
  expect(live()).toHaveLength(count);
});

it("destroy releases all, and the account's ledger has no port that is left", async () => {
  expect((await project.run("destroy", "--skip-preview")).steps).toMatchObject({ a: "delete", b: "delete" });
  expect(live()).toEqual([]);
  expect((await project.state()).resources ?? []).toEqual([]);
});

it("a renewal that has released its port and ends by customTimeouts is finished on another machine, whatever onExpired says", async () => {
  const other = await openPluginProject();
  const { control } = other.emulator;
  control.configure({ slots: { shared: 1, private: 0 } });
  const declare = (options: object): void =>
    other.declare(port("a", { onExpired: "keep" }, { protect: true, ...options }));
  const kept = (): string[] => control.ports().map(({ id }) => id);
  try {
    declare({});
    await other.up();
    control.clock.advance("28d");
    control.addFault({ method: "POST", path: "/ports", times: 4, status: 409 });
    declare({ customTimeouts: { update: "2s" } });
    const { code, output } = await other.tryRun("up", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("not done within 2 s, the resource's customTimeouts");
    expect([kept(), control.purchases().length]).toEqual([[], 1]);
    control.clearFaults();
    other.env.PROXIES_SX_JOURNAL_DIR = join(other.folder, "another machine");
    await other.run("refresh", "--skip-preview");
    declare({});
    expect((await other.up()).steps).toMatchObject({ a: "update" });
    expect([kept().length, control.purchases().length]).toEqual([1, 2]);
  } finally {
    await other.close();
  }
});
