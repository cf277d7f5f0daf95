import { Project } from "./project";
import { forgetPurchases } from "./purchase-run";
import { equipped, fleet, withOptions } from "./resources";

/** What the engine does with Ports whose first order was lost, and with what depends on them, only the engine shows. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open({ config: { slots: { shared: 10, private: 0 } } });
});
afterEach(() => project.close());

const live = (): string[] => project.emulator.control.ports().map(({ id }) => id);
const bought = (): number => project.emulator.control.purchases().length;
async function held(): Promise<unknown[]> {
  const { resources } = await project.state();
  return resources.filter(({ type }) => type.endsWith(":Port")).map(({ outputs }) => outputs?.portId);
}

/** The vendor carries out orders and answers none, and its list of ports fails from then on. */
async function upInOutage(): Promise<void> {
  const { control } = project.emulator;
  control.addFault({ method: "POST", path: "/ports", cut: "after" });
  control.addFault({ method: "GET", path: "/ports", after: 1, status: 503 });
  const failed = await project.tryRun("up", "--yes", "--skip-preview");
  expect(failed.code).not.toBe(0);
  expect(failed.output).toContain("The next run looks again before it buys");
  control.clearFaults();
}

it.each(["here", "elsewhere"])("an outage amid a first up: the next run, %s, buys nothing twice", async (where) => {
  project.declare(...withOptions({ protect: true }, fleet("f")), ...equipped("single"));
  await upInOutage();
  expect(bought()).toBe(3);
  if (where === "elsewhere") forgetPurchases(project);
  if (where === "elsewhere") await project.refresh();
  const { steps } = await project.run("preview");
  expect(Object.values(steps).filter((one) => one === "update")).toHaveLength(3);
  await project.up();
  expect(bought()).toBe(3);
  expect((await held()).sort()).toEqual(live().sort());
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
});

it("a Port that the program gives up after it: nothing is released, and the run says where to look", async () => {
  project.declare(...equipped("single"));
  await upInOutage();
  project.declare();
  const { output } = await project.up();
  expect(output).toContain("an order for it was lost, and may have bought a port");
  expect(live()).toHaveLength(1);
  expect(await held()).toEqual([]);
});
