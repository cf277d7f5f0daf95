import { spawn } from "node:child_process";
import { join } from "node:path";
import { below, isProvider } from "../../bench/chaos/processes";
import { type Declared, Project } from "./project";

jest.setTimeout(600_000);

/** A test key that everybody knows: nothing of worth may lie there. */
const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const PAYER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

let project: Project;
beforeEach(async () => {
  project = await Project.open();
  const { url, control } = project.emulator;
  control.x402.faucet(PAYER);
  Object.assign(project.env, {
    AGENT_WALLET_KEY: KEY,
    PROXIES_RPC_URL: `${url}/rpc`,
    PROXIES_SX_JOURNAL_DIR: join(project.folder, "journal"),
  });
  // No account is needed.
  project.set("proxies-sx:apiKey");
});
afterEach(() => project.close());

const lease = (args: Record<string, unknown> = {}): Declared => ({
  type: "X402Lease",
  name: "a",
  args: { country: "DE", trafficGB: 1, duration: "24h", maxPrice: "4.00", network: "base-sepolia", ...args },
});
const x402 = () => project.emulator.control.x402;
/** Their owner comes with the first session. */
const ports = () => (x402().sessions().length > 0 ? project.emulator.control.ports("x402") : []);
const secrets = (): string[] => [
  KEY.slice(2),
  ...x402()
    .sessions()
    .map(({ token }) => token),
  ...ports().flatMap(({ proxyPassword, rotationToken }) => [proxyPassword, rotationToken]),
];

/** Files of the program and its state, without the engine's event log. */
const files = () => project.files().filter(({ path }) => !/events\.json$|\/journal\//.test(path));

test("a whole life: bought once, topped up, moved, forgotten; no secret in outputs, states and logs", async () => {
  const outputs: string[] = [];
  const known = new Set<string>();
  const step = async (...args: string[]) => {
    const { steps, output } = await project.run(...args, "--diff");
    outputs.push(output);
    for (const secret of secrets()) known.add(secret);
    return steps;
  };
  project.declare(lease());
  project.env.AGENT_WALLET_KEY = "a preview looks at no key";
  expect(await step("preview")).toEqual({ a: "create" });
  expect(project.calls()).toEqual(["GET /v1/x402/countries"]);
  project.env.AGENT_WALLET_KEY = KEY;
  expect(await step("up", "--skip-preview")).toEqual({ a: "create" });
  expect(x402().balance(PAYER)).toBe("96.00");
  const { httpUrls } = (await project.outputs()) as { httpUrls: Record<string, string> };
  const [port] = ports();
  expect(httpUrls["a"]).toBe(`http://${port?.proxyLogin}:${port?.proxyPassword}@${port?.serverIp}:${port?.httpPort}`);
  await step("up", "--skip-preview", "--refresh", "--expect-no-changes");

  project.declare(lease({ trafficGB: 1.5, country: "GB", duration: "48h" }));
  expect(await step("up", "--skip-preview")).toEqual({ a: "update" });
  expect(x402().balance(PAYER)).toBe("94.00");
  expect(await step("destroy", "--skip-preview")).toEqual({ a: "delete" });
  expect(outputs.at(-1)).toMatch(/session \w+ is forgotten and runs on for .* with 1\.5 GB left/);
  project.declare(lease({ trafficGB: 1.5, country: "GB", duration: "48h" }));
  expect(await step("up", "--skip-preview")).toEqual({ a: "create" });
  expect(x402().balance(PAYER)).toBe("94.00");

  expect(known.size).toBeGreaterThan(4);
  for (const secret of known) {
    for (const text of outputs) expect(text).not.toContain(secret);
    for (const { path, text } of files()) if (text.includes(secret)) throw new Error(`${path} holds a secret`);
  }
  const journal = project.files().filter(({ path }) => /\/journal\//.test(path));
  expect(journal.length).toBeGreaterThan(0);
  for (const { text } of journal) expect(text).not.toContain(KEY.slice(2));
});

test("imported by its token, which stands in no state; bad input is one line of the preview", async () => {
  project.declare(lease());
  await project.up();
  const [session] = x402().sessions();
  await project.pulumi([
    "state",
    "delete",
    "--yes",
    (await project.state()).resources.find(({ type }) => type.includes("X402"))?.urn ?? "",
  ]);
  project.declare({ ...lease(), options: { import: session?.token } });
  const { steps, output } = await project.run("up");
  expect(Object.values(steps)).toEqual(["create"]);
  expect(x402().balance(PAYER)).toBe("96.00");
  const token = session?.token ?? "none";
  expect(output).not.toContain(token);
  expect(JSON.stringify(await project.state())).not.toContain(token);

  project.declare({ ...lease({ network: "base" }), name: "b" });
  const bad = await project.tryRun("preview");
  expect(bad.output).toContain('network: "base" (chain 8453) is real money, and the API is on this machine');
  expect(bad.code).not.toBe(0);
});

test("killed after it paid, with no answer: the next run takes up what was paid", async () => {
  project.declare(lease());
  project.emulator.control.addFault({ path: "/x402/proxy", paid: true, times: 1, hang: "after" });
  const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive", "-s", "dev"], {
    ...{ cwd: project.program, env: project.env, stdio: "ignore" },
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  for (const deadline = Date.now() + 60_000; x402().receipts().length === 0;) {
    if (Date.now() > deadline) throw new Error("nothing was paid in a minute");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const provider = below(child.pid as number).find(isProvider);
  process.kill(provider?.pid as number, "SIGKILL");
  child.kill("SIGKILL");
  await ended;
  project.mendState();
  project.unlock();
  await project.up();
  expect(x402().balance(PAYER)).toBe("96.00");
  expect(x402().sessions()).toHaveLength(1);
  expect(await project.id("a")).toBe(x402().sessions()[0]?.id);
});
