import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { adoptCommand } from "../../cli/commands/adopt";
import { Project } from "../engine/project";
import { port } from "../engine/resources";
import { hearing } from "./terminal";

/** The program that `adopt` writes is run, and the engine's state says what it took over. */
jest.setTimeout(900_000);

type Control = Project["emulator"]["control"];

let project: Project;
let control: Control;
const open = async (...options: Parameters<typeof Project.open>): Promise<void> => {
  project = await Project.open(...options);
  ({ control } = project.emulator);
};
afterEach(() => project.close());

async function adopt(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { apiKey, url } = project.emulator;
  const terminal = hearing({ ...project.env, PROXIES_API_KEY: apiKey, PROXIES_API_URL: url });
  const code = await adoptCommand(argv, terminal);
  const { out, err } = terminal.said;
  const secrets = control.ports().flatMap((one) => [one.proxyPassword, one.rotationToken]);
  for (const canary of [apiKey, ...secrets]) expect(out + err).not.toContain(canary);
  return { code, out, err };
}

/** Puts what `adopt` writes in the place of the project's program. */
async function become(language: "typescript" | "javascript"): Promise<void> {
  const main = language === "typescript" ? "index.ts" : "index.js";
  rmSync(join(project.program, "index.js"));
  writeFileSync(join(project.program, "package.json"), JSON.stringify({ main }));
  const { code } = await adopt("--language", language, "--output", join(project.program, main));
  expect(code).toBe(0);
}

/** Up, up again and refresh call nothing that changes anything. */
async function live(): Promise<void> {
  const before = control.ports();
  project.writes();
  const { steps } = await project.up();
  expect(new Set(Object.values(steps))).toEqual(new Set(["create"]));
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  expect(project.writes()).toEqual([]);
  expect(control.ports()).toEqual(before);
  const held = (await project.state()).resources.filter(({ type }) => type.endsWith("proxies-sx:Port"));
  expect(held.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
}

/** The rotation of each port that rotates is declared. */
async function holdsRotations(): Promise<void> {
  const rotating = control.ports().filter(({ rotationSettings }) => rotationSettings.enabled);
  const held = (await project.state()).resources.filter(({ type }) => type.endsWith(":RotationSettings"));
  expect(held.map(({ id }) => id)).toEqual(rotating.map(({ id }) => id));
}

async function end(): Promise<void> {
  await project.run("destroy", "--skip-preview");
  expect(control.ports()).toEqual([]);
}

/** Ports with everything that a person can have changed on them. */
function buyAll(): void {
  control.buyPort({ country: "DE", carrier: "Vodafone", expiresIn: "7d" });
  const rotating = control.buyPort({ country: "PL" }).id;
  control.editPort(rotating, { rotationSettings: { enabled: true, intervalSeconds: 900, matchCarrier: true } });
  const ownLogin = control.buyPort({ country: "US", expiresIn: 5_400 }).id;
  control.editPort(ownLogin, { proxyLogin: "by-hand", proxyPassword: "canary-by-hand" });
  control.buyPort({ country: "GB", slotType: "private", osFingerprint: "windows:1" });
  const suspended = control.buyPort({ country: "FR", slotType: "private" }).id;
  control.editPort(suspended, { suspended: true });
}

/** A login that was set by hand is the Port's own, without Credentials: its password is in the state, encrypted. */
async function keepsTheLoginSecret(): Promise<void> {
  // The engine's event log holds the SDK's debug messages.
  const files = project.files().filter(({ path }) => !path.endsWith("events.json"));
  expect(files.some(({ text }) => text.includes("by-hand"))).toBe(true);
  expect(files.filter(({ text }) => text.includes("canary-by-hand")).map(({ path }) => path)).toEqual([]);
  expect((await project.pulumi(["stack", "export", "--show-secrets"])).output).toContain("canary-by-hand");
}

it.each(["typescript", "javascript"] as const)(
  "the program in %s takes every port over without a call that changes anything",
  async (language) => {
    await open();
    buyAll();
    await become(language);
    await live();
    await holdsRotations();
    await keepsTheLoginSecret();
    await end();
  },
);

it("takes over ports that have the last devices of their country, also where answers have the fewest fields", async () => {
  await open({ config: { devicesPerCarrier: { shared: 1, private: 0 } } });
  control.setQuirks({ pageOnly: true, noRotationMatchFields: true, nullFingerprint: true });
  for (const carrier of ["Vodafone", "O2", "Telekom"]) control.buyPort({ country: "DE", carrier });
  await become("typescript");
  await live();
  await end();
});

it("leaves out what a stack manages, and takes only what is named", async () => {
  await open();
  project.declare(port("a"));
  await project.up();
  const [one, two] = [control.buyPort({ country: "DE" }).id, control.buyPort({ country: "DE" }).id];
  const stack = ["--stack", "dev", "--cwd", project.program];
  const all = await adopt(...stack);
  expect([...all.out.matchAll(/import: "([0-9a-f]{24})"/g)].map(([, id]) => id)).toEqual([one, two]);
  expect(all.err).toMatch(/Managed already, so left out: [0-9a-f]{24} \(a in dev\)/);
  expect((await adopt(...stack, two)).out).not.toContain(one);
  for (const id of [one, two]) control.removePort(id);
  expect(await adopt(...stack)).toMatchObject({ code: 1, out: "" });
});
