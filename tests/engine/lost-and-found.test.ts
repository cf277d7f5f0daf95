import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Host } from "../../domain/kinds";
import { type Emulator } from "../../emulator";
import { expectTruth } from "./account-truth";
import { useHost } from "./hosts";
import { type Declared, Project } from "./project";
import { forgetPurchases, killRun, upInPurchase } from "./purchase-run";
import { fleet, group, port, withOptions } from "./resources";

/** What one machine lost another one has found since, or another name: only the engine's own state knows. */
jest.setTimeout(900_000);

let project: Project;
afterEach(() => project.close());

const control = (): Emulator["control"] => project.emulator.control;
const bought = (): number => control().purchases().length;
const live = (): string[] =>
  control()
    .ports()
    .map(({ id }) => id)
    .sort();

it.each<Host>(["dynamic", "plugin"])(
  "a renewal that is killed in the run that gives the Port a new name (%s)",
  async (host) => {
    for (const args of [[], ["--refresh"]]) {
      project = await Project.open();
      useHost(project, host);
      project.declare(port("a"));
      await project.up();
      control().clock.advance("28d");
      project.declare(port("b", {}, { aliases: [{ name: "a" }] }));
      await killRun(project, await upInPurchase(project, { hang: "after" }));
      forgetPurchases(project);
      const both = live();
      await project.up(...args);
      expect([bought(), live()]).toEqual([2, both]);
      await project.up();
      expect([bought(), live()]).toEqual([2, [await project.portId("b")]]);
      if (args.length === 0) await project.close();
    }
  },
);

describe.each<Host>(["dynamic", "plugin"])(
  "a renewal that is killed, and another machine without a preview (%s)",
  (host) => {
    it.each<[string, string[], Declared[]]>([
      ["by the command of a schedule", ["up", "--refresh", "--run-program"], [fleet("f")]],
      ["without a preview, where the fleet has changed", ["up", "--skip-preview"], [fleet("f", { renewBefore: "3d" })]],
      ["without a preview, where something new comes first", ["up", "--skip-preview"], [group("g"), fleet("f")]],
    ])("%s", async (_what, args, program) => {
      project = await Project.open();
      useHost(project, host);
      project.ownProcess = true;
      project.declare(fleet("f"));
      await project.up();
      control().clock.advance("28d");
      await killRun(project, await upInPurchase(project, { hang: "after" }));
      forgetPurchases(project);
      project.declare(...program);
      await project.run(...args);
      expect([bought(), live().length]).toEqual([4, 4]);
      await project.up();
      expect([bought(), live().length]).toEqual([4, 2]);
    });
  },
);

it.each(["create", "renewal"])(
  "a %s that is killed, another machine, and a stack that gets a new name before",
  async (what) => {
    project = await Project.open();
    project.declare(port("a"));
    await project.up();
    if (what === "create") project.declare(port("a"), port("b"));
    else control().clock.advance("28d");
    await killRun(project, await upInPurchase(project, { hang: "after" }));
    forgetPurchases(project);
    await project.pulumi(["stack", "rename", "organization/other/dev"]);
    writeFileSync(join(project.program, "Pulumi.yaml"), "name: other\nruntime: nodejs\n");
    await project.up();
    await project.up();
    const names = what === "create" ? ["a", "b"] : ["a"];
    expect([bought(), live()]).toEqual([2, (await Promise.all(names.map((one) => project.portId(one)))).sort()]);
  },
);

it.each(["create", "renewal"])(
  "a %s that one machine lost and another one made takes no other resource's port",
  async (what) => {
    project = await Project.open();
    project.declare(port("a"), port("b", {}, { dependsOn: "a" }));
    if (what === "renewal") {
      await project.up();
      control().clock.advance("28d");
    }
    const before = bought();
    control().addFault({ method: "POST", path: "/ports", times: 1, cut: "before" });
    expect((await project.tryRun("up", "--skip-preview")).code).not.toBe(0);
    control().clearFaults();

    const here = project.env.PROXIES_SX_JOURNAL_DIR as string;
    project.env.PROXIES_SX_JOURNAL_DIR = `${here}-elsewhere`;
    await project.up();
    const held = [await project.portId("a"), await project.portId("b")];
    project.env.PROXIES_SX_JOURNAL_DIR = here;
    await project.up();
    await project.up();
    expect([bought() - before, [await project.portId("a"), await project.portId("b")]]).toEqual([2, held]);
    expect(live()).toEqual([...held].sort());
    await project.up("--expect-no-changes");
  },
);

it.each<[Host, string[]]>([
  ["dynamic", ["up", "--refresh"]],
  ["plugin", ["up", "--skip-preview"]],
])(
  "orders of a protected fleet's renewals that were lost and are carried out late: another machine takes them up (%s, %j)",
  async (host, args) => {
    project = await Project.open();
    useHost(project, host);
    const program = withOptions({ protect: true }, fleet("f"));
    project.declare(...program);
    await project.up();
    control().clock.advance("28d");
    control().addFault({ method: "POST", path: "/ports", times: 2, cut: "before" });
    expect((await project.tryRun("up", "--skip-preview", "--continue-on-error")).code).not.toBe(0);
    const order = { country: "DE", expiresIn: "30d", osFingerprint: "windows:1" };
    const late = [1, 2].map(() => control().buyPort(order).id).sort();
    forgetPurchases(project);
    control().clock.advance("6h");
    await project.run(...args);
    await project.up();
    expect([bought(), live()]).toEqual([4, late]);
    expect(Object.values(await expectTruth([project])).sort()).toEqual(late);
    await project.up("--expect-no-changes");
  },
);

it("a port that a killed run may have bought for a replacement is imported by it", async () => {
  project = await Project.open({ config: { slots: { shared: 2, private: 2 } } });
  project.declare(port("a"));
  await project.up();
  const mine = control().buyPort({ country: "DE", expiresIn: "30d", slotType: "private" });
  project.declare(port("a", { slotType: "private" }, { import: mine.id }));
  await project.up();
  expect([live(), await project.portId("a"), bought()]).toEqual([[mine.id], mine.id, 2]);
  // The option stays in the program. Nothing that is done by hand to the resource afterwards adopts it anew.
  const { resources } = await project.state();
  await project.up("--replace", resources.find(({ urn }) => urn.endsWith("::a"))?.urn as string);
  const [replaced = ""] = live();
  expect([live(), bought(), replaced === mine.id]).toEqual([[await project.portId("a")], 3, false]);
  await project.up("--expect-no-changes");
});
