import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { automateIn } from "./automate";
import { type Declared, Project } from "./project";
import { group } from "./resources";

/** The options of commands and resources are the engine's. */
jest.setTimeout(900_000);

/** A test key that everybody knows: nothing of worth may lie there. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const PAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER_KEY = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a";
const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const ARGS = { country: "DE", trafficGB: 0.5, duration: "24h", maxPrice: "2.00" };

let project: Project;
beforeAll(async () => {
  project = await Project.open();
  const { url, control } = project.emulator;
  control.x402.faucet(PAYER);
  Object.assign(project.env, {
    AGENT_WALLET_KEY: KEY,
    PROXIES_RPC_URL: `${url}/rpc`,
    PROXIES_SX_JOURNAL_DIR: join(project.folder, "journal"),
    PROXIES_API_URL: url, // of the Account
  });
});
afterAll(() => project.close());

const x402 = () => project.emulator.control.x402;
const lease = (name: string, options: Record<string, unknown> = {}, args: Record<string, unknown> = {}): Declared => ({
  ...{ type: "X402Lease", name, args: { ...ARGS, ...args }, options },
});
const account = (): Declared => ({ type: "Account", name: "second", args: { apiKey: project.emulator.apiKey } });
const program = (...more: Declared[]): Declared[] => [
  lease("a", { protect: true }),
  lease("b"),
  ...[group("g"), lease("c", { parent: "g" })],
  ...[account(), lease("d", { provider: "second" })],
  ...more,
];
const urn = async (name: string): Promise<string> =>
  (await project.state()).resources.find((one) => one.urn.endsWith(`::${name}`))?.urn ?? "";
const due = () => project.emulator.control.clock.advance("22h");

/** What a run pays, with how many sessions there are afterwards. */
async function paidBy(run: () => Promise<unknown>): Promise<[string, number]> {
  const before = Number(x402().balance(PAYER));
  await run();
  return [(before - Number(x402().balance(PAYER))).toFixed(2), x402().sessions().length];
}

test("protected, below a component, with an Account: each is bought once", async () => {
  project.declare(...program());
  expect(await paidBy(() => project.up())).toEqual(["8.00", 4]);
  expect(await paidBy(() => project.up("--expect-no-changes"))).toEqual(["0.00", 4]);
});

test("--target extends the one that it names, and a plain run the others: nothing is paid", async () => {
  due();
  expect((await project.up("--target", await urn("a"))).steps).toMatchObject({ a: "update" });
  const { steps } = await project.run("preview", "--refresh");
  expect(steps).toMatchObject({ a: "same", b: "update", c: "update", d: "update" });
  expect(await paidBy(() => project.up())).toEqual(["0.00", 4]);
  expect(await paidBy(() => project.up("--refresh", "--expect-no-changes"))).toEqual(["0.00", 4]);
});

test("tainted or replaced, also when it is due: another is bought once, and nothing else", async () => {
  await project.pulumi(["state", "taint", "--yes", await urn("b")]);
  due();
  const c = await urn("c");
  expect(await paidBy(() => project.up("--replace", c))).toEqual(["4.00", 6]);
  const held = (await project.state()).resources.flatMap(({ outputs }) => outputs?.["sessionId"] ?? []);
  expect(new Set(held).size).toBe(4);
  expect(await paidBy(() => project.up("--expect-no-changes"))).toEqual(["0.00", 6]);
});

test("retained or destroyed and declared again, it takes its session up", async () => {
  project.declare(...program(lease("e", { retainOnDelete: true }), lease("f")));
  expect(await paidBy(() => project.up())).toEqual(["4.00", 8]);
  project.declare(...program());
  expect((await project.up()).steps).toMatchObject({ f: "delete" });
  due();
  project.declare(...program(lease("e", { retainOnDelete: true }), lease("f")));
  expect(await paidBy(() => project.up())).toEqual(["0.00", 8]);
  await project.up(); // those that were taken up are due
  expect(await paidBy(() => project.up("--expect-no-changes"))).toEqual(["0.00", 8]);
});

test("moved to another stack, it is extended there; declared anew here, it takes up the same session", async () => {
  const other = project.another("other");
  const [source, dest] = ["test", "other"].map((name) => `organization/${name}/dev`) as [string, string];
  await project.pulumi(["state", "move", "--yes", "--source", source, "--dest", dest, await urn("b")]);
  due();
  other.declare(lease("b"));
  expect(await paidBy(() => other.up())).toEqual(["0.00", 8]);
  expect(await paidBy(() => other.up("--expect-no-changes"))).toEqual(["0.00", 8]);
  expect(await paidBy(() => project.up())).toEqual(["0.00", 8]);
  await project.up(); // it may be due
  expect(await paidBy(() => project.up("--expect-no-changes"))).toEqual(["0.00", 8]);
});

test("the stack's budget holds with an Account, too", async () => {
  project.set("proxies-sx:walletDailyBudget", "1");
  project.declare(...program(lease("e"), lease("f"), lease("new", { provider: "second" })));
  const { output, code } = await project.tryRun("up", "--skip-preview");
  expect(output).toMatch(/of its daily budget of 1\.00 USDC within 24 hours/);
  expect([code === 0, x402().sessions().length]).toEqual([false, 8]);
  project.set("proxies-sx:walletDailyBudget");
});

test("an inline program of the Automation API buys once, and extends", async () => {
  const folder = join(project.folder, "inline");
  mkdirSync(folder);
  const job = { projectName: "inline", leases: { a: ARGS } };
  expect(await paidBy(() => automateIn(project, folder, [job], [job]))).toEqual(["2.00", 9]);
  due();
  expect(await paidBy(() => automateIn(project, folder, [job]))).toEqual(["0.00", 9]);
});

test("what the state has lost is not paid again with another wallet's key, protected and with an Account", async () => {
  const other = project.another("lost");
  const { AGENT_WALLET_KEY } = project.env;
  other.declare(account(), lease("a", { protect: true }), lease("b", { provider: "second" }));
  expect(await paidBy(() => other.up())).toEqual(["4.00", 11]);
  for (const name of ["a", "b"])
    other.editState((all) =>
      all.splice(
        all.findIndex(({ urn }) => urn.endsWith(`::${name}`)),
        1,
      ),
    );
  project.env.AGENT_WALLET_KEY = OTHER_KEY;
  x402().faucet(OTHER);
  const { output, code } = await other.tryRun("up", "--skip-preview", "--continue-on-error");
  const named = output.matchAll(/error: nothing was paid: an earlier run bought session (\w+)/g);
  expect(new Set([...named].map(([, id]) => id)).size).toBe(2);
  expect([code === 0, x402().balance(OTHER), x402().sessions().length]).toEqual([false, "100.00", 11]);
  Object.assign(project.env, { AGENT_WALLET_KEY });
  expect(await paidBy(() => other.up())).toEqual(["0.00", 11]);
});
