import { endLeftovers } from "../../bench/chaos/processes";
import { type Host } from "../../domain/kinds";
import { useHost } from "../engine/hosts";
import { Project } from "../engine/project";
import { forgetPurchases, killRun, type PurchaseRun, upInPurchase } from "../engine/purchase-run";
import { port } from "../engine/resources";

/** What the engine keeps of a killed run, and whether it still does once another host takes over. */
jest.setTimeout(900_000);

let project: Project;
let run: PurchaseRun | undefined;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(async () => {
  run?.cli.kill("SIGKILL");
  endLeftovers(run?.started.splice(0) ?? []);
  await project.close();
});

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const bought = (): number => project.emulator.control.purchases().length;
const other: Readonly<Record<Host, Host>> = { dynamic: "plugin", plugin: "dynamic" };

async function killedInPurchase(last = 1): Promise<void> {
  run = await upInPurchase(project, { hang: "after" }, last);
  await killRun(project, run);
}

describe.each<Host>(["plugin", "dynamic"])("killed under the %s", (host) => {
  it.each(["there", "lost"])(
    "in a purchase, with the journal %s: the other host takes the ports up",
    async (journal) => {
      useHost(project, host);
      project.declare(port("a"), port("b"), port("c"));
      await killedInPurchase(2);
      if (journal === "lost") forgetPurchases(project);
      useHost(project, other[host]);
      await project.up();
      expect(bought()).toBe(3);
      expect((await Promise.all(["a", "b", "c"].map((name) => project.id(name)))).sort()).toEqual(live().sort());
      await project.run("preview", "--refresh", "--expect-no-changes");
    },
  );

  it("in a renewal, with the journal there, and lost with a refresh before the move: the same", async () => {
    useHost(project, host);
    project.declare(port("a"));
    await project.up();
    let by = host;
    for (const isLost of [false, true]) {
      const before = bought();
      project.emulator.control.clock.advance("28d");
      await killedInPurchase();
      if (isLost) forgetPurchases(project);
      useHost(project, (by = other[by]));
      await project.up(...(isLost ? ["--refresh"] : []));
      const serving = await project.portId("a");
      await project.up();
      expect([live(), bought()]).toEqual([[serving], before + 1]);
    }
    await project.up("--expect-no-changes");
  });
});

it("in a renewal, on another machine and without a refresh: the plugin has read of it before the engine forgets, and takes it up", async () => {
  project.declare(port("a"));
  await project.up();
  project.emulator.control.clock.advance("28d");
  await killedInPurchase();
  const [old, bought] = live();
  forgetPurchases(project);
  useHost(project, "plugin");
  await project.up();
  expect([live(), await project.portId("a")]).toEqual([[old, bought], bought]);
});

it("in a renewal, after which the Port gets a new name, and then another in a replacement: one port at the end of each", async () => {
  const named = (name: string, before: string, args = {}): void =>
    project.declare(port(name, args, { aliases: [{ name: before }] }));
  project.emulator.control.configure({ slots: { shared: 2, private: 1 } });
  useHost(project, "plugin");
  project.declare(port("a"));
  await project.up();
  project.emulator.control.clock.advance("28d");
  await killedInPurchase();
  forgetPurchases(project);
  named("b", "a");
  await project.up();
  await project.up();
  expect([live(), bought()]).toEqual([[await project.portId("b")], 2]);
  named("c", "b", { slotType: "private" });
  await project.up();
  expect([live(), bought()]).toEqual([[await project.portId("c")], 3]);
});
