import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { below, isProvider } from "../../bench/chaos/processes";
import { accountFolder } from "../../provider/run/account-folder";
import { useHost } from "./hosts";
import { Project } from "./project";
import { forgetPurchases } from "./purchase-run";

/** What only the engine shows: rows of a preview, what a killed run leaves in its state, when a run has ended. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await Project.open();
});
afterEach(() => project.close());

const declare = (args: Record<string, unknown>): void =>
  project.declare({ type: "TrafficPurchase", name: "t", args: { amountGB: 5, maxPrice: 30, ...args } });
const isOrder = (path: string): boolean => path.includes("/purchase-traffic");
const orders = (): number => project.emulator.control.requests().filter(({ path }) => isOrder(path)).length;
/** What the next run would look for. */
function open(): string[] {
  const { apiKey, url: apiUrl } = project.emulator;
  const folder = join(accountFolder({ apiKey, apiUrl }, project.env), "balance");
  return existsSync(folder) ? readdirSync(folder) : [];
}

it("one life: a price in the preview, one purchase, the difference, a trigger, and nothing at the end", async () => {
  declare({});
  const preview = await project.run("preview");
  expect(preview.steps).toEqual({ t: "create" });
  expect(preview.output).toContain("buys 5 GB of shared traffic for $20.00 ($4.00 for a GB).");
  expect(orders()).toBe(0);

  expect((await project.up()).steps).toEqual({ t: "create" });
  expect([orders(), open()]).toEqual([1, []]);
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  const id = await project.id("t");

  declare({ amountGB: 8 });
  expect((await project.run("preview")).output).toContain("buys 3 GB of shared traffic for $12.00");
  expect((await project.up()).steps).toEqual({ t: "update" });
  declare({ amountGB: 8, triggers: ["2026-11"] });
  const dear = await project.tryRun("preview");
  expect(dear.code).not.toBe(0);
  expect(dear.output).toContain("maxPrice: 8 GB of shared traffic cost $32.00, more than $30.00. Nothing is bought");
  declare({ amountGB: 8, maxPrice: 32, triggers: ["2026-11"] });
  expect((await project.up()).steps).toEqual({ t: "update" });
  expect(await project.id("t")).toBe(id);
  expect([orders(), open()]).toEqual([3, []]);

  await project.run("destroy", "--skip-preview");
  expect(orders()).toBe(3);
});

it("killed after the vendor sold it: the next run takes it up, and it is bought once", async () => {
  declare({});
  project.emulator.control.addFault({ method: "POST", path: "/billing/purchase-*", times: 1, hang: "after" });
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "-s", "dev"], {
    cwd: project.program,
    env: project.env,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const deadline = Date.now() + 300_000;
  // A call that hangs is in no log of requests until its caller gives up.
  const isSold = (): boolean => project.emulator.control.faults().every(({ struck }) => struck > 0);
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await until(isSold);
  const provider = below(child.pid as number).find(isProvider);
  if (provider) process.kill(provider.pid, "SIGKILL");
  child.kill("SIGKILL");
  await ended;
  await until(() => orders() > 0);
  expect(orders()).toBe(1);

  project.mendState();
  project.unlock();
  expect((await project.up()).steps).toEqual({ t: "create" });
  expect([orders(), open()]).toEqual([1, []]);
  const { resources } = await project.state();
  expect(resources.find(({ urn }) => urn.endsWith("::t"))?.outputs).toMatchObject({ boughtGB: 5, pricePaid: 20 });
  await project.run("preview", "--expect-no-changes");
});

it.each(["dynamic", "plugin"] as const)(
  "whose outcome is not known is in the state, for any machine: %s",
  async (host) => {
    useHost(project, host);
    declare({});
    const { control } = project.emulator;
    control.addFault({ method: "POST", path: "/billing/purchase-*", cut: "after", times: 1 });
    control.addFault({ path: "/account/summary", after: 1, status: 403 });
    const lost = await project.tryRun("up", "--yes", "--skip-preview");
    expect(lost.output).toContain("The next run asks again before anything is bought.");
    control.clearFaults();
    forgetPurchases(project);
    expect((await project.run("preview")).output).toContain("What it bought is taken up, and only the rest is bought.");
    expect((await project.up()).steps).toEqual({ t: "update" });
    expect([orders(), open()]).toEqual([1, []]);
    await project.run("up", "--skip-preview", "--expect-no-changes");
    const { resources } = await project.state();
    const { outputs } = resources.find(({ urn }) => urn.endsWith("::t")) ?? {};
    expect(outputs).toMatchObject({ boughtGB: 5, pricePaid: 20 });
    expect(outputs).not.toHaveProperty("__open");
  },
);
