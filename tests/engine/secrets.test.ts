import { type Declared, Project } from "./project";
import { fingerprint, login, port, rotation } from "./resources";
import { shown } from "./stack-secrets";

/** The engine writes states and backups, and prints diffs and errors. */
jest.setTimeout(900_000);

const PASSWORD = "canary-password-0";
const ROTATED = "canary-password-1";
const BY_HAND = "canary-password-2";

let project: Project;
beforeAll(async () => {
  project = await Project.open();
  project.ownProcess = true;
});
afterAll(() => project.close());

const program = (password: string): Declared[] => [
  port("a"),
  rotation("r", "a", { intervalSeconds: 1800 }),
  login("l", "a", { proxyLogin: "team-a", proxyPassword: password }),
  fingerprint("f", "a", { osFingerprint: "windows:1" }),
];

/** What must be in no output and no file: the key, passwords in the program, and the secrets that the vendor made. */
function canaries(): string[] {
  const made = project.emulator.control
    .ports()
    .flatMap(({ proxyPassword, rotationToken }) => [proxyPassword, rotationToken]);
  return [project.emulator.apiKey, PASSWORD, ROTATED, BY_HAND, "canary-state", ...made].filter(
    (secret) => secret.length > 0,
  );
}

/** The program that declares the secrets, and the engine's event log, which holds the SDK's debug messages. */
const isOurs = (path: string): boolean => /resources\.json$|events\.json$/.test(path);

const outputs: string[] = [];

function search(where: string, text: string): void {
  for (const canary of canaries()) {
    if (text.includes(canary))
      throw new Error(
        `${where} holds ${canary}: …${text.slice(Math.max(0, text.indexOf(canary) - 300), text.indexOf(canary))}`,
      );
  }
}

it("a whole life leaves no secret in outputs, states, backups and the request log", async () => {
  const bought: string[] = [];
  const step = async (...args: string[]): Promise<void> => {
    outputs.push((await project.run(...args, "--diff")).output);
    bought.push(...canaries());
  };
  project.declare(...program(PASSWORD));
  await step("up"); // with its preview
  project.declare(...program(ROTATED));
  await step("up", "--skip-preview");
  project.emulator.control.editPort(await project.id("a"), { proxyPassword: BY_HAND });
  await step("refresh", "--skip-preview");
  search("the state after a drift of the password", JSON.stringify(await project.state()));
  await step("up", "--refresh");
  project.declare({ ...port("a", { slotType: "private" }) }, ...program(ROTATED).slice(1));
  await step("up");

  for (const text of outputs) search("an output of the CLI", text);
  for (const { path, text } of project.files().filter(({ path }) => !isOurs(path))) search(path, text);
  search("the emulator's request log", JSON.stringify(project.emulator.control.requests()));
  expect(new Set(bought).size).toBeGreaterThan(5);
});

it("a port that was bought and not read to the end leaves no secret in clear either", async () => {
  const { control } = project.emulator;
  const before = control.ports().map(({ id }) => id);
  control.setQuirks({ sparseCreate: true });
  control.addFault({ method: "GET", path: "/ports/*", status: 400, times: 1 });
  project.declare({ ...port("a", { slotType: "private" }) }, ...program(ROTATED).slice(1), port("b"));
  const { code, output } = await project.tryRun("up", "--skip-preview");
  control.setQuirks({ sparseCreate: false });
  control.clearFaults();
  expect(code).not.toBe(0);
  expect(before).not.toContain(await project.id("b"));
  expect(control.ports().map(({ id }) => id)).toContain(await project.id("b"));
  search("the output", output);
  search("the state", JSON.stringify(await project.state()));
  project.declare(port("b"));
  await project.up();
  search("the state afterwards", JSON.stringify(await project.state()));
});

it("what a port had before settings whose answer was lost is in the state, encrypted, and is put back", async () => {
  const { control } = project.emulator;
  /** The login that the port came with, from its own outputs. */
  const own = async (): Promise<string> => {
    const { outputs } = (await project.state()).resources.find(({ urn }) => urn.endsWith("::b")) ?? {};
    return (shown(outputs) as { proxyPassword: string }).proxyPassword;
  };
  /** Sets the login, with a lost answer, and then a refusal of another try. */
  const lose = async (): Promise<void> => {
    for (const fault of [{ status: 500, commit: true }, { status: 400 }])
      control.addFault({ path: "/ports/*/credentials", times: 1, ...fault });
    expect((await project.tryRun("up", "--skip-preview")).code).not.toBe(0);
    control.clearFaults();
    expect(control.port(await project.portId("b"))?.proxyPassword).toBe(PASSWORD);
    const { resources } = await project.state();
    const { __found: found } = resources.find(({ urn }) => urn.endsWith("::lost"))?.outputs ?? {};
    expect(found).toMatchObject({ ciphertext: expect.any(String) as string });
    const password = await own();
    for (const { path, text } of project.files().filter(({ path }) => !isOurs(path)))
      if (text.includes(password)) throw new Error(`${path} holds the port's own password`);
  };
  project.declare(port("b"), login("lost", "b", { proxyLogin: "team-a", proxyPassword: PASSWORD }));
  await lose();
  control.clock.advance("28d");
  await lose();
  await project.up();
  // With all that the next test begins with.
  project.declare(port("b"), ...program(PASSWORD));
  await project.up();
  expect(control.port(await project.portId("b"))?.proxyPassword).toBe(await own());
});

it("no failing path shows a secret", async () => {
  const id = await project.portId("a");
  const echo = { statusCode: 400, message: `refused ${PASSWORD} of ${project.emulator.apiKey}` };
  const faults: [string, Record<string, unknown>, string[]][] = [
    [
      "a refusal that echoes what was sent",
      { path: "/ports/*/credentials", status: 400, body: echo },
      ["up", "--skip-preview"],
    ],
    [
      "a page that is no JSON",
      { path: "/ports", method: "GET", status: 502, body: `<html>${PASSWORD}</html>` },
      ["refresh", "--skip-preview"],
    ],
    ["an answer that breaks off", { path: "/ports", method: "GET", truncate: true }, ["refresh", "--skip-preview"]],
    [
      "a delete that is refused",
      {
        path: `/ports/${id}`,
        method: "DELETE",
        status: 403,
        body: { statusCode: 403, message: `no ${project.emulator.apiKey}` },
      },
      ["destroy", "--skip-preview"],
    ],
    [
      "an account that cannot be read",
      {
        path: "/account",
        status: 401,
        body: { statusCode: 401, message: `no ${project.emulator.apiKey}` },
      },
      ["up", "--skip-preview"],
    ],
  ];
  for (const [what, rule, run] of faults) {
    project.declare(port("b"), ...program(ROTATED));
    project.emulator.control.addFault(rule);
    const { code, output } = await project.tryRun(...run);
    project.emulator.control.clearFaults();
    if (code === 0) throw new Error(`${what}: the run did not fail\n${output}`);
    search(what, output);
  }
  for (const { path, text } of project.files().filter(({ path }) => !isOurs(path))) search(path, text);
});

// Pulumi's SDK logs the inputs of a program in clear when debug logs are on, and at -v=9 the engine logs what it sends
// to providers: both are Pulumi's own. What is ours to keep out, the key, is in no log below that.
it("the engine's logs up to their last level but one hold no key", async () => {
  project.declare(port("b"), ...program(PASSWORD));
  const { output } = await project.tryRun("up", "--skip-preview", "--logtostderr", "--logflow", "-v=8");
  expect(output.length).toBeGreaterThan(10_000);
  expect(output).not.toContain(project.emulator.apiKey);
});
