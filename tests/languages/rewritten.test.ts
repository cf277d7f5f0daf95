import { isKind, kindOfType } from "../../domain/kinds";
import { nameOf } from "../../domain/urn";
import { type Declared, Project } from "../engine/project";
import { equipped, withOptions } from "../engine/resources";
import { declaringYaml, type YamlProgram } from "./yaml-project";

/**
 * A program in TypeScript that is rewritten in YAML. The engine is needed: a program in YAML passes no hidden inputs, and
 * the engine compares it with a state that has them. fleet-moves.test.ts is about fleets.
 */
jest.setTimeout(900_000);

const DECLARED: Declared[] = [
  ...withOptions({ protect: true }, ...equipped("a")),
  ...equipped("old", { overlap: "20d" }),
  { type: "Rotation", name: "turn", args: { port: { $port: "a" }, triggers: ["1"] } },
  { type: "TrafficPurchase", name: "traffic", args: { amountGB: 1, maxPrice: 50 } },
];

const inYaml = ({ type, name, args, options }: Declared): [string, YamlProgram["resources"][string]] => {
  const { port: of, ...rest } = args as { port?: { $port: string } };
  const properties = { ...rest, ...(of && { port: `\${${of.$port}.id}` }) };
  return [name, { type: `proxies-sx:${type}`, properties, ...(options && { options }) }];
};

let project: Project;
beforeAll(async () => {
  project = await Project.open();
});
afterAll(() => project.close());

const stateOf = async (): Promise<Record<string, object>> => {
  const { resources } = await project.state();
  const ours = resources.filter(({ type }) => kindOfType(type));
  return Object.fromEntries(
    ours.map(({ urn, id, protect, outputs: { portId } }) => [nameOf(urn), { id, protect, portId }]),
  );
};

it("its resources keep what they have, one under another name too: only updates, only reads, and a quiet refresh", async () => {
  const { control } = project.emulator;
  project.declare(...DECLARED);
  await project.up();
  control.clock.advance("28d");
  await project.up(); // renews; one old port serves on for its overlap
  await project.up();
  const [{ turn: turned, ...before }, ports] = [await stateOf(), control.ports().map(({ id }) => id)];
  expect(ports).toHaveLength(3);

  const { turn, ...resources } = Object.fromEntries(DECLARED.map(inYaml));
  const aliases = ["urn:pulumi:dev::test::pulumi-nodejs:dynamic/proxies-sx:Rotation::turn"];
  declaringYaml(project)({
    resources: { ...resources, turned: { ...turn, options: { aliases } } } as typeof resources,
  });
  project.calls();
  const { steps } = await project.run("up");
  expect(new Set(Object.values(steps))).toEqual(new Set(["update"]));
  expect(await stateOf()).toEqual({ ...before, turned });
  await project.refresh("--expect-no-changes");
  await project.run("up", "--expect-no-changes");
  expect(project.writes()).toEqual([]);
  expect([control.ports().map(({ id }) => id), control.purchases().length]).toEqual([ports, 4]);
});

it("and they are renewed, and end, as any others", async () => {
  const { control } = project.emulator;
  control.clock.advance("28d");
  const { steps } = await project.up();
  expect(steps).toMatchObject({ a: "update", "a-login": "update", old: "update", "old-rotation": "update" });
  await project.up();
  const { resources } = await project.state();
  const serving = resources.flatMap(({ type, outputs }) => (isKind("Port", type) ? [outputs.portId as string] : []));
  for (const id of serving)
    expect(control.port(id)).toMatchObject({
      proxyLogin: "team-a",
      osFingerprint: "windows:1",
      rotationSettings: { intervalSeconds: 1800, matchCarrier: true },
    });
  await project.pulumi(["state", "unprotect", "--all", "--yes"]);
  await project.run("destroy", "--skip-preview");
  expect(control.ports()).toEqual([]);
});
