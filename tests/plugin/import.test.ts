import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { adoptCommand } from "../../cli/commands/adopt";
import { hearing } from "../cli/terminal";
import { type Project } from "../engine/project";
import { openPluginProject, resource } from "./plugin-project";

/** What exists comes under the plugin's management by `pulumi import`: that reads, checks and prints by rules of its own. */
jest.setTimeout(900_000);

let project: Project;
beforeEach(async () => {
  project = await openPluginProject();
});
afterEach(() => project.close());

const importing = (...args: string[]): Promise<{ output: string }> =>
  project.pulumi(["import", ...args, "--yes", "--skip-preview", "--protect=false", "--generate-code=false"]);

interface Held {
  type: string;
  urn: string;
  inputs: Record<string, unknown>;
}
const held = async (): Promise<Held[]> =>
  ((await project.state()).resources as Held[]).filter(({ type }) => type.startsWith("proxies-sx:"));

/** The program that Pulumi's code generation would write: each resource with the inputs that the import returned. */
async function declareImported(more: Record<string, object> = {}): Promise<void> {
  const all = (await held()).map(({ type, urn, inputs }) => {
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    const own = Object.entries(inputs).filter(([key]) => !key.startsWith("__"));
    return resource(type.slice(type.lastIndexOf(":") + 1) as "Port", name, {
      ...Object.fromEntries(own),
      ...more[name],
    });
  });
  project.declare(...all);
}

it("each kind: the program's first up changes nothing, and no call but reads is made", async () => {
  const { control } = project.emulator;
  const { id, proxyPassword } = control.buyPort({ country: "DE", carrier: "Vodafone", osFingerprint: "windows:1" });
  control.editPort(id, { rotationSettings: { enabled: true, intervalSeconds: 900, matchCarrier: true } });
  project.calls();
  const ids = { Port: id, RotationSettings: id, Credentials: id, OsFingerprint: id, Rotation: id, CountryChoice: "DE" };
  const resources = Object.entries(ids).map(([kind, at]) => ({
    type: `proxies-sx:index:${kind}`,
    name: kind.toLowerCase(),
    id: at,
  }));
  const file = join(project.program, "all.json");
  writeFileSync(file, JSON.stringify({ resources }));
  await importing("--file", file);
  expect((await held()).map(({ type }) => type.split(":")[2]).sort()).toEqual(Object.keys(ids).sort());
  expect(await project.id("countrychoice")).toBe("choice");
  // Of these Pulumi makes the code that it prints, in languages whose host can.
  expect(JSON.stringify((await held()).map(({ inputs }) => inputs))).not.toContain(proxyPassword);

  await declareImported({ credentials: { proxyPassword } });
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  expect(project.writes()).toEqual([]);
});

it("what cannot be imported says so", async () => {
  await expect(importing("proxies-sx:index:TrafficPurchase", "t", "1")).rejects.toThrow("cannot be imported");
  await expect(importing("proxies-sx:index:X402Lease", "x", "x402s_canary")).rejects.toThrow("token is a secret");
  await expect(importing("proxies-sx:index:Port", "p", "6926000000000000000000aa")).rejects.toThrow("does not exist");
});

it("all ports of an account by the file that `adopt --import-file` writes; no code holds a password", async () => {
  const { control, apiKey, url } = project.emulator;
  const bought = [
    control.buyPort({ country: "DE", expiresIn: "7d" }),
    control.buyPort({ country: "GB", slotType: "private", osFingerprint: "windows:1" }),
    control.buyPort({ country: "PL" }),
  ];
  const rotating = bought[2]?.id ?? "";
  control.editPort(rotating, { rotationSettings: { enabled: true, intervalSeconds: 900, matchCarrier: true } });
  project.calls();
  const file = join(project.program, "ports.json");
  const terminal = hearing({ ...project.env, PROXIES_API_KEY: apiKey, PROXIES_API_URL: url });
  expect(await adoptCommand(["--import-file", file], terminal)).toBe(0);
  expect(terminal.said.out).toBe("");
  await importing("--file", file);
  expect((await held()).length).toBe(4);

  await declareImported();
  await project.run("up", "--skip-preview", "--expect-no-changes");
  await project.refresh("--expect-no-changes");
  expect(project.writes()).toEqual([]);
  const program = readFileSync(join(project.program, "resources.json"), "utf8") + readFileSync(file, "utf8");
  for (const { proxyPassword, rotationToken } of bought)
    for (const secret of [proxyPassword, rotationToken]) expect(program).not.toContain(secret);
  await project.run("destroy", "--skip-preview");
  expect(control.ports()).toEqual([]);
});

it("an old port of a renewal is refused, and stays with the resource that releases it", async () => {
  const { control } = project.emulator;
  project.declare(resource("Port", "a", { country: "DE", expiresIn: "10d", renewBefore: "2d", overlap: "20d" }));
  await project.up();
  const [old] = control.ports();
  control.clock.advance("9d");
  await project.up();
  expect(control.ports()).toHaveLength(2);
  const { code, output } = await project.tryRun(
    "import",
    ...["proxies-sx:index:Port", "b", old?.id as string, "--yes", "--skip-preview", "--generate-code=false"],
  );
  expect(code).not.toBe(0);
  expect(output).toMatch(
    new RegExp(`port ${old?.id} is an old port of "a", which port [0-9a-f]{24} has taken the place of`),
  );
  expect((await held()).map(({ urn }) => urn.split("::").at(-1))).toEqual(["a"]);
});
