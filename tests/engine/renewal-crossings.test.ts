import { once } from "node:events";
import { rmSync } from "node:fs";
import { below, endLeftovers, type Row } from "../../bench/chaos/processes";
import { type Host } from "../../domain/kinds";
import { type Emulator, startEmulator } from "../../emulator";
import { expectEquipped, expectTruth, protectedIn } from "./account-truth";
import { automateIn, type Job, type Result, startJobs } from "./automate";
import { type Declared, Project } from "./project";
import { useHost } from "./hosts";
import { forgetPurchases, killRun, until, upInPurchase } from "./purchase-run";
import { fleet, port, rotation, withOptions } from "./resources";

/** Renewals cross with targets, kills and accounts in the engine's own order. */
jest.setTimeout(900_000);

let project: Project;
afterEach(() => project.close());

const control = (): Emulator["control"] => project.emulator.control;
const bought = (): number => control().purchases().length;
const live = (emulator = project.emulator): string[] =>
  emulator.control
    .ports()
    .map(({ id }) => id)
    .sort();

const ALL = ["ports:read", "ports:write", "ports:rotate"] as const;
const account = (): Declared => {
  const { apiKey, url: apiUrl } = project.emulator;
  return { type: "Account", name: "first", args: { apiKey, apiUrl } };
};

it("two accounts in one stack: none makes room with the old port of the other", async () => {
  project = await Project.open({ config: { slots: { shared: 1, private: 0 } } });
  const other = await startEmulator({ seed: 7, config: { slots: { shared: 2, private: 0 } } });
  try {
    const program: Declared[] = [
      { type: "Account", name: "second", args: { apiKey: other.apiKey, apiUrl: other.url } },
      port("mine"),
      port("theirs", { overlap: "1d" }, { provider: "second" }),
    ];
    project.declare(...program);
    await project.up();
    const old = await project.portId("theirs");
    other.control.clock.advance("28d");
    await project.up();
    const both = [old, await project.portId("theirs")].sort();
    expect([live(other), bought()]).toEqual([both, 1]);

    // Full, and another port is ordered: only the other account has an old one that could go.
    project.declare(...program, port("more"));
    expect((await project.tryRun("up", "--skip-preview")).code).not.toBe(0);
    project.declare(...program);
    control().clock.advance("28d");
    await project.up();
    expect(live(other)).toEqual(both);
    expect([live(), bought()]).toEqual([[await project.portId("mine")], 2]);

    other.control.clock.advance("25h");
    await project.up();
    expect(live(other)).toEqual([await project.portId("theirs")]);
    await project.up("--expect-no-changes");
    expect([bought(), other.control.purchases().length]).toEqual([2, 2]);
  } finally {
    await other.close();
  }
});

it.each<Host>(["dynamic", "plugin"])(
  "two accounts, renewals of both killed, and another machine: each takes up what its own run bought (%s)",
  async (host) => {
    project = await Project.open();
    useHost(project, host);
    const other = await startEmulator({ seed: 7 });
    try {
      project.declare(
        { type: "Account", name: "second", args: { apiKey: other.apiKey, apiUrl: other.url } },
        port("mine"),
        port("theirs", {}, { provider: "second" }),
      );
      await project.up();
      for (const { control: one } of [project.emulator, other]) one.clock.advance("28d");
      other.control.addFault({ method: "POST", path: "/ports", times: 1, hang: "after" });
      const run = await upInPurchase(project, { hang: "after" }, 1, 4);
      await until(() => other.control.purchases().length === 2);
      await killRun(project, run);
      other.control.clearFaults();
      forgetPurchases(project);
      const both = [live(), live(other)];

      await project.up("-p=1");
      expect([bought(), other.control.purchases().length]).toEqual([2, 2]);
      expect([live(), live(other)]).toEqual(both);
      await project.up();
      expect([live(), live(other)]).toEqual([[await project.portId("mine")], [await project.portId("theirs")]]);
      await project.up("--expect-no-changes");
      expect([bought(), other.control.purchases().length]).toEqual([2, 2]);
    } finally {
      await other.close();
    }
  },
);

it.each([
  ["an Account is made", () => [account()], { dependsOn: "first" }],
  ["the key has changed", () => (project.useKey(control().keys.addKey(ALL)), []), {}],
] as const)(
  "a renewal that is killed, and a run on another machine that begins with another change, %s: its preview has seen it",
  async (_what, others, options) => {
    project = await Project.open();
    project.declare(port("a"));
    await project.up();
    control().clock.advance("28d");
    await killRun(project, await upInPurchase(project, { hang: "after" }));
    forgetPurchases(project);
    project.declare(...others(), port("a", {}, options));
    const both = live();
    await project.run("up", "-p=1");
    expect([bought(), live()]).toEqual([2, both]);
    await project.up();
    expect([bought(), live()]).toEqual([2, [await project.portId("a")]]);
  },
);

it.each<Host>(["dynamic", "plugin"])(
  "a port that gets another Account and another name in one run is kept (%s)",
  async (host) => {
    project = await Project.open();
    useHost(project, host);
    const often = { intervalSeconds: 900 };
    project.declare(account(), port("old"), rotation("r", "old", often));
    await project.up();
    const [id = ""] = live();
    const settings = { ...rotation("s", "new", often), options: { provider: "first" } };
    project.declare(account(), port("new", {}, { provider: "first", import: id }), settings);
    const { output } = await project.up();
    expect(output).toContain(`port ${id} is kept: this run imports it under another name.`);
    expect([live(), bought(), await project.portId("new")]).toEqual([[id], 1, id]);
    expect(control().port(id)).toMatchObject({ rotationSettings: { enabled: true, ...often } });
    project.declare(account());
    await project.up();
    expect(live()).toEqual([]);
  },
);

it("an inline program that is killed in a renewal goes on where there is no journal, with the port that was bought, also where something else comes first", async () => {
  project = await Project.open();
  const job: Job = { projectName: "inline", declared: true, folder: project.program };
  const { id: outside } = control().buyPort();
  const first: Declared = { type: "RotationSettings", name: "s", args: { port: outside, intervalSeconds: 900 } };
  project.declare(port("a"));
  const run = async (): Promise<Result> => (await automateIn(project, project.program, [job]))[0]?.[0] as Result;
  await run();
  const [old] = live().filter((id) => id !== outside);
  control().clock.advance("28d");
  control().addFault({ method: "POST", path: "/ports", times: 1, hang: "after" });
  const { child, results } = startJobs(project, project.program, [job]);
  const failed = expect(results).rejects.toThrow();
  while (bought() < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  const started: Row[] = below(child.pid as number);
  child.kill("SIGKILL");
  endLeftovers(started);
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  await failed;
  control().clearFaults();
  project.mendState("inline");
  project.unlock();
  rmSync(project.env.PROXIES_SX_JOURNAL_DIR as string, { recursive: true });

  const both = live();
  project.declare(first, port("a", {}, { dependsOn: "s" }));
  expect((await run()).output).toMatch(/port [0-9a-f]{24}, which a run bought that did not end well, is taken up/);
  expect([bought(), live()]).toEqual([3, both]);
  await run();
  expect(live()).toEqual(both.filter((id) => id !== old));
  expect((await run()).output).not.toMatch(/updated|created/);
  expect(bought()).toBe(3);
});

it("a fleet with everything set, on a full account, one member of which is a run's target on renewal day", async () => {
  project = await Project.open({ config: { slots: { shared: 2, private: 0 } } });
  project.declare(...withOptions({ protect: true }, fleet("f")));
  await project.up();
  const all = (await protectedIn(project)).sort();
  const before = await expectTruth([project]);
  control().clock.advance("28d");
  const { resources } = await project.state();
  const member = resources.find(({ urn }) => urn.endsWith("::f-1"))?.urn as string;

  await project.up("--target", member);
  const halfway = await expectTruth([project]);
  expect(bought()).toBe(3);
  expect(halfway).toEqual({ ...before, "f-1": expect.not.stringMatching(before["f-1"] as string) as string });
  await project.up();
  const after = await expectTruth([project]);
  expect(bought()).toBe(4);
  expect([after["f-1"], after["f-2"] === before["f-2"]]).toEqual([halfway["f-1"], false]);
  expectEquipped(project, after);
  expect((await protectedIn(project)).sort()).toEqual(all);
  await project.up("--expect-no-changes");
  expect([bought(), Object.values(after).sort()]).toEqual([4, live()]);
});
