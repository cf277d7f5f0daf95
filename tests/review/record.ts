import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useHost } from "../engine/hosts";
import { type Declared, Project } from "../engine/project";
import { equipped, fingerprint, login, port, rotation } from "../engine/resources";

/**
 * Previews of the real engine, kept under recorded/ for tests that need no engine:
 * `node --require ts-node/register/transpile-only tests/review/record.ts` writes them anew.
 */
const START = "2026-03-01T00:00:00Z";
const OUT = join(__dirname, "recorded");
const FLEET = join(__dirname, "../engine/fleet.js");

/** Names all of a stack's resources: what `proxies-sx plan` asks for. */
const PREVIEW = ["preview", "--json", "--show-sames"];

const fleet = {
  size: 4,
  locations: [{ country: "DE", weight: 3 }, { country: "GB" }],
  lease: { expiresIn: "30d", renewBefore: "3d", stagger: 0, maxRenewalsPerUpdate: 2 },
  rotation: { intervalSeconds: 900 },
  credentials: { proxyLogin: "team-a" },
  osFingerprint: "windows:1",
};

async function freshFleet(project: Project): Promise<void> {
  declareFleet(project, fleet);
  await keep("fresh-fleet", project, PREVIEW);
}

/**
 * A protected fleet whose leases are renewed; then their old ports, as the next run finds them. None waits for its turn:
 * by this machine's clock, which the program goes by, all of them are over.
 */
async function renewalDue(project: Project): Promise<void> {
  declareFleet(project, fleet, { protect: true });
  await project.up();
  project.emulator.control.clock.set("2026-03-28T12:00:00Z");
  await keep("renewal-due", project, PREVIEW);
  await project.up();
  await keep("renewal-after", project, PREVIEW);
}

/** An overlap that lasts, ports that are gone, and old ports that go with theirs. */
async function overlaps(project: Project): Promise<void> {
  const declared = (...names: string[]): Declared[] =>
    names.flatMap((name) => equipped(name, { renewBefore: "3d", overlap: name === "serving-on" ? "1d" : undefined }));
  const all = ["serving-on", "released-with-it", "released-early"];
  project.declare(...declared(...all), port("kept", { expiresIn: "90d" }), port("gone", { expiresIn: "90d" }));
  await project.up();
  project.emulator.control.clock.set("2026-03-28T12:00:00Z");
  await keep("overlap-due", project, PREVIEW);
  await project.up();
  project.emulator.control.removePort(await project.id("gone"));
  project.declare(
    ...declared("serving-on", "released-early"),
    port("kept", { expiresIn: "60d" }),
    port("gone", { expiresIn: "90d" }),
  );
  await keep("overlap-after", project, [...PREVIEW, "--refresh"]);
}

/** A port that is only read: `Port.get`. */
const reading = (name: string, get: string): Declared => ({ ...port(name), get }) as Declared;

const BEFORE: Declared[] = [
  ...equipped("relocated"),
  port("private-now"),
  port("released"),
  port("released-too"),
  rotation("released-too-rotation", "released-too", { intervalSeconds: 900 }),
  port("kept", { expiresIn: "2d" }),
  port("old-name"),
];

async function mixed(project: Project): Promise<void> {
  const { id } = project.emulator.control.buyPort({ country: "GB" });
  const read = reading("read", project.emulator.control.buyPort({ country: "FR" }).id);
  project.declare(...BEFORE, read);
  await project.up();
  project.declare(
    read,
    port("relocated", { country: "PL" }),
    rotation("relocated-rotation", "relocated", { intervalSeconds: 600 }),
    login("relocated-login", "relocated", { proxyLogin: "team-b", proxyPassword: "canary-password-1" }),
    fingerprint("relocated-os", "relocated", { osFingerprint: "macosx:3" }),
    port("private-now", { slotType: "private" }),
    port("kept", { expiresIn: "2d" }),
    port("new-name", {}, { aliases: [{ name: "old-name" }], protect: true }),
    port("bought", { country: "GB", carrier: "Vodafone", expiresIn: "7d" }),
    port("adopted", { country: "GB" }, { import: id }),
  );
  await keep("mixed", project, PREVIEW);
  await keep("without-sames", project, ["preview", "--json"]);
  project.emulator.control.removePort(await project.id("kept"));
  await keep("refreshed", project, [...PREVIEW, "--refresh"]);
}

/** The stack goes on behind the plugin, in the run of a renewal. */
async function hostMove(project: Project): Promise<void> {
  const declare = (country: string): void =>
    project.declare(...equipped("stays"), port("due", { expiresIn: "20d" }), port("relocated", { country }));
  declare("DE");
  await project.up();
  declare("PL");
  project.emulator.control.clock.set("2026-03-20T12:00:00Z");
  useHost(project, "plugin");
  await keep("host-move", project, PREVIEW);
}

async function releaseSome(project: Project): Promise<void> {
  project.declare(...equipped("a"), ...equipped("b"), port("c"));
  await project.up();
  project.declare(...equipped("a"));
  await keep("release-some", project, PREVIEW);
}

async function refused(project: Project): Promise<void> {
  project.declare(port("lost", { country: "Atlantis" }));
  await keep("refused", project, PREVIEW);
}

function declareFleet({ program }: Project, args: object, options: object = {}): void {
  writeFileSync(join(program, "fleets.json"), JSON.stringify({ scraper: { args, options } }));
}

async function keep(name: string, project: Project, args: string[]): Promise<void> {
  const { output } = await project.pulumi(args, true);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, `${name}.json`), steady(output, project.emulator.url));
}

/** The same text whenever it is recorded: without the engine's times, the emulator's port and where this is checked out. */
function steady(text: string, apiUrl: string): string {
  const drop = new Set(["created", "modified", "duration", "sourcePosition", "stackTrace"]);
  const kept: unknown = JSON.parse(text, (key, value: unknown) => (drop.has(key) ? undefined : value));
  return `${JSON.stringify(kept, undefined, 1)
    .replaceAll(apiUrl, "http://127.0.0.1:8080")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) =>
      id === "04da6b54-80e4-46f7-96ec-b56ff0331ba9" ? id : "00000000-0000-4000-8000-000000000000",
    )}\n`;
}

async function scenario(run: (project: Project) => Promise<void>, program?: string): Promise<void> {
  const project = await Project.open({}, program);
  try {
    project.emulator.control.clock.set(START);
    await run(project);
  } finally {
    await project.close();
  }
}

async function main(): Promise<void> {
  await scenario(freshFleet, FLEET);
  await scenario(renewalDue, FLEET);
  await scenario(overlaps);
  await scenario(mixed);
  await scenario(hostMove);
  await scenario(releaseSome);
  await scenario(refused);
}

void main();
