import { expectEquipped, expectTruth } from "./account-truth";
import { type Declared, Project } from "./project";
import { equipped, fleet, group, withOptions } from "./resources";

/** The options of commands are the engine's. */
jest.setTimeout(900_000);

/** Ports of the program: one with its settings, and a fleet's two. */
const SIZE = 3;
let project: Project;
/** Whether the row before left all as it should be: else the next one begins anew. */
let isWhole = false;
afterAll(() => project.close());

const control = (): Project["emulator"]["control"] => project.emulator.control;
const slots = (free: number): void => control().configure({ slots: { shared: SIZE + free, private: 0 } });
const elapse = (): unknown => control().clock.advance("28d");
const urn = async (name: string): Promise<string> => {
  const found = (await project.state()).resources.find((one) => one.urn.endsWith(`::${name}`));
  return found?.urn ?? "";
};
const urns = (...names: string[]): Promise<string[]> => Promise.all(names.map(urn));
/** An option that takes one URN, for each of these. */
const each = async (flag: string, ...names: string[]): Promise<string[]> =>
  (await urns(...names)).flatMap((one) => [flag, one]);

const program = (protect: boolean): Declared[] => withOptions({ protect }, ...equipped("a"), fleet("f"));
/** What `pulumi state protect` and `unprotect` do. */
const protectOnly = (isOne: (urn: string) => boolean): void =>
  project.editState((resources) => {
    for (const one of resources) one.protect = isOne(one.urn);
  });
const isOurs = (urn: string): boolean => urn.includes("proxies-sx:");

/** Everything set, everything whole. */
async function prepare(protect: boolean, free: number): Promise<void> {
  if (!isWhole) {
    await project?.close();
    project = await Project.open({ config: { slots: { shared: SIZE, private: 0 } } });
    project.env.PULUMI_EXPERIMENTAL = "1"; // plans
  }
  project.declare(...program(protect));
  if (!isWhole) await project.up();
  protectOnly((one) => protect && isOurs(one));
  isWhole = false;
  slots(free);
}

/** Runs something, and returns how many ports it bought. State and account must agree afterwards. */
async function bought(run: () => Promise<unknown>): Promise<number> {
  const before = control().purchases().length;
  await run();
  await expectTruth([project]);
  return control().purchases().length - before;
}

interface Row {
  option: string;
  /** Free slots. @default 0 */
  free?: number;
  /** @default true */
  protect?: boolean;
  /** Done before the leases are due. */
  before?: () => unknown;
  /** The run with the option, or several in turn. */
  runs: (() => Promise<unknown>)[];
  /** Ports that they buy, and the plain runs after them. The run after those changes nothing. */
  buys: number[];
}

const fails = async (why: RegExp, ...args: string[]): Promise<void> => {
  const { code, output } = await project.tryRun(...args);
  expect(output).toMatch(why);
  expect(code).not.toBe(0);
};
const up = async (...args: string[]): Promise<unknown> => project.up(...args);
const declare = (...declared: Declared[]): void => project.declare(...withOptions({ protect: true }, ...declared));
const rename = async (from: string, to: string): Promise<unknown> =>
  project.pulumi(["state", "rename", "--yes", await urn(from), to]);

// The first two replace right after a run that bought: they wait for purchases that end with the run that made them.
const rows: Row[] = [
  {
    option: "a replacement that finds no slot, and --continue-on-error past a renewal that fails",
    protect: false,
    runs: [
      async () =>
        fails(/deleteBeforeReplace, or free a slot/, "up", "--skip-preview", ...(await each("--target-replace", "a"))),
      async () => {
        control().addFault({ method: "DELETE", path: "/ports/*", times: 1, status: 409 });
        await fails(/409/, "up", "--skip-preview", "--continue-on-error");
      },
    ],
    buys: [0, 2, 1],
  },
  {
    option: "--replace of one and state taint of another, with free slots",
    protect: false,
    free: 2,
    before: async () => project.pulumi(["state", "taint", "--yes", await urn("f-1")]),
    runs: [async () => up(...(await each("--replace", "a")))],
    buys: [3, 0],
  },
  {
    option:
      "--replace of a protected one, --target of settings alone, refresh --preview-only: nothing is renewed; then " +
      "--target of a Port alone, then of its settings alone, which follow",
    runs: [
      async () => fails(/protect/, "up", "--skip-preview", ...(await each("--target-replace", "a"))),
      async () => up(...(await each("--target", "a-login"))),
      async () => {
        const before = await project.state();
        await project.run("refresh", "--preview-only");
        expect((await project.state()).resources).toEqual(before.resources);
      },
      async () => up(...(await each("--target", "a"))),
      async () => {
        await project.up(...(await each("--target", "a-login")));
        const { a = "" } = await expectTruth([project]);
        expect(control().port(a)).toMatchObject({ proxyLogin: "team-a", osFingerprint: "" });
      },
    ],
    buys: [0, 0, 0, 1, 0, 2],
  },
  {
    option: "--exclude of a Port; then of its settings, with free slots: what clients use is not released before",
    runs: [
      async () => up("--exclude-dependents", ...(await each("--exclude", "a"))),
      async () => {
        slots(SIZE);
        await project.up(...(await each("--exclude", "a-login")));
      },
    ],
    buys: [2, 1, 0, 0],
  },
  {
    option: "--plan, of before the leases were due and of now",
    before: async () => project.run("preview", "--save-plan", "early.json"),
    runs: [
      async () => fails(/not allowed by the plan/, "up", "--skip-preview", "--plan", "early.json"),
      async () => {
        await project.run("preview", "--save-plan", "plan.json");
        await project.up("--plan", "plan.json");
      },
    ],
    buys: [0, 3],
  },
  {
    option: "state rename, there and back",
    runs: [
      async () => {
        await rename("a", "b");
        declare(...equipped("a").map((one) => renamed(one)), fleet("f"));
        await project.up();
      },
      async () => {
        await rename("b", "a");
        project.declare(...program(true));
        await project.up();
      },
    ],
    buys: [3, 0],
  },
  {
    option: "aliases into a component and out of it",
    runs: [
      async () => {
        const within = { parent: "group", aliases: [{ parent: "$stack" }] };
        declare(group("group"), ...withOptions(within, ...equipped("a"), fleet("f")));
        await project.up();
      },
      async () => {
        elapse();
        const aliases = [{ parent: await urn("group") }];
        protectOnly(isOurs); // not the component itself, which goes
        declare(...withOptions({ aliases }, ...equipped("a"), fleet("f")));
        await project.up();
      },
    ],
    buys: [3, 3],
  },
  {
    option: "destroy --exclude-protected: the port stays, with the login of its own",
    before: () => protectOnly((one) => one.endsWith("Port::a")),
    runs: [
      async () => {
        await project.run("destroy", "--skip-preview", "--exclude-protected");
        const ports = await expectTruth([project]);
        expect(Object.keys(ports)).toEqual(["a"]);
        expect(control().port(ports.a ?? "")?.proxyLogin).not.toBe("team-a");
      },
    ],
    // What was destroyed left slots, so the old port may retire.
    buys: [0, 3, 0],
  },
];

/** A Port under the name "b", and settings for it. */
const renamed = (one: Declared): Declared =>
  one.type === "Port" ? { ...one, name: "b" } : { ...one, args: { ...one.args, port: { $port: "b" } } };

it.each(rows)("$option", async ({ protect = true, free = 0, before, runs, buys }) => {
  await prepare(protect, free);
  await before?.();
  elapse();
  const counts = [];
  for (const one of buys.map((_, index) => runs[index] ?? up)) counts.push(await bought(() => one()));
  expect(counts).toEqual(buys);
  await project.up("--expect-no-changes");
  const ports = await expectTruth([project]);
  expect(Object.keys(ports)).toHaveLength(SIZE);
  expectEquipped(project, ports);
  isWhole = true;
});
