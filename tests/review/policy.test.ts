import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { type Limits, proxiesPolicies } from "../../review/policy";
import { PORT_TYPE } from "../../domain/kinds";
import { PolicyServer, type Told, type Violation } from "./policy-server";
import { recorded } from "./recordings";

jest.setTimeout(60_000);

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const PASSWORD = "canary-password-1";

/**
 * The resources of a recorded preview as the engine sends them: secrets marked, what is not known yet as such, and
 * without properties that begin with "__".
 */
function resourcesOf(name: string): Told[] {
  return recorded(name).steps.flatMap(({ urn, type, op, old, new: next }) => {
    if (!next || op === "delete") return [];
    const known = op === "same" || op === "update" ? old?.outputs : { portId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    const properties = { ...known, ...next.inputs };
    const shown = Object.entries(properties).filter(([key]) => !key.startsWith("__"));
    const sent = shown.map(([key, value]) => [key, value === "[secret]" ? { ...SECRET, value: PASSWORD } : value]);
    return [
      {
        urn,
        type,
        properties: Object.fromEntries(sent) as Record<string, unknown>,
        protect: next.protect,
        propertyDependencies: next.propertyDependencies,
      },
    ];
  });
}

let server: PolicyServer | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

const packWith = (limits: Limits, env: Record<string, string> = {}, levels = {}): Promise<PolicyServer> =>
  PolicyServer.start(
    {
      program: `const { PolicyPack } = require("@pulumi/policy");
      const { proxiesPolicies } = require("pulumi-proxies-sx/policy");
      new PolicyPack("test", { policies: proxiesPolicies(${JSON.stringify(limits)}, ${JSON.stringify(levels)}) });`,
    },
    { PROXIES_API_KEY: "", PULUMI_CONFIG: "{}", ...env },
  );

/** The stack's settings, as the engine gives them to a pack. */
const keyOf = ({ apiKey, url }: Emulator): Record<string, string> => ({
  PULUMI_CONFIG: JSON.stringify({ "proxies-sx:apiKey": apiKey, "proxies-sx:apiUrl": url }),
});

/** All that a pack with these limits says of a recorded preview. */
async function said(limits: Limits, name: string, env: Record<string, string> = {}, levels = {}): Promise<Violation[]> {
  server = await packWith(limits, env, levels);
  const resources = resourcesOf(name);
  const found: Violation[] = [];
  for (const resource of resources) found.push(...(await server.analyze(resource)));
  found.push(...(await server.analyzeStack(resources)));
  expect(JSON.stringify(found)).not.toContain(PASSWORD);
  return found;
}

const lines = (found: Violation[]): string[] => found.map(({ message }) => message.trim().split("\n").at(-1) ?? "");

it("says of each port what plan says of it", async () => {
  const found = await said(
    { countries: ["DE"], maxLease: "8d", carriers: ["Vodafone"], protectStacks: ["dev"] },
    "mixed",
  );
  const of = (limit: string): string[] => lines(found.filter(({ policy }) => policy === `proxies-sx-${limit}`)).sort();
  expect(of("countries")).toEqual([
    "adopted: countries: GB is not one of DE. Choose one of these, by its ISO code, or add it to the limit.",
    "bought: countries: GB is not one of DE. Choose one of these, by its ISO code, or add it to the limit.",
    "relocated: countries: PL is not one of DE. Choose one of these, by its ISO code, or add it to the limit.",
  ]);
  expect(of("max-lease")).toHaveLength(4);
  expect(of("carriers")).toHaveLength(5);
  expect(of("protect-stacks")).toHaveLength(5); // "new-name" is protected
  expect(new Set(found.map(({ level }) => level))).toEqual(new Set(["mandatory"]));
});

it("says of the stack what needs all of it", async () => {
  const limits = { maxPorts: 5, requireRotation: true, requireFingerprint: true, noPasswordInCode: true };
  const found = await said(limits, "mixed");
  const named = lines(found).map((line) => line.split(": ").slice(0, 2).join(" "));
  expect(named.sort()).toEqual(
    [
      ...["adopted", "bought", "kept", "new-name", "private-now"].flatMap((name) => [
        `${name} requireFingerprint`,
        `${name} requireRotation`,
      ]),
      "relocated-login noPasswordInCode",
      "stack dev maxPorts",
    ].sort(),
  );
});

it("a fleet that keeps to its limits is let through", async () => {
  const limits = {
    countries: ["DE", "GB"],
    maxPorts: 4,
    requireRotation: true,
    requireFingerprint: true,
    noPasswordInCode: true,
  };
  expect(await said(limits, "fresh-fleet")).toEqual([]);
});

it("a password from the stack's settings is none in the code", async () => {
  const env = { PULUMI_CONFIG: JSON.stringify({ "test:login": JSON.stringify({ password: PASSWORD }) }) };
  expect(await said({ noPasswordInCode: true }, "mixed", env)).toEqual([]);
});

it("asks the account that the stack uses", async () => {
  const emulator = await startEmulator({ config: { slots: { shared: 3, private: 1 } } });
  try {
    const limits = { minFreeSlots: 4, maxMonthlyCost: 39, minTrafficGB: 1 };
    const found = await said(limits, "fresh-fleet", keyOf(emulator));
    expect(lines(found)).toEqual([
      "stack dev: maxMonthlyCost: 40.00 USD in 30 days, at most 39.00 allowed. Declare fewer or cheaper ports, or raise the limit.",
      "stack dev: minFreeSlots: free shared slots: 3, at least 4 required. Release ports, or buy slots.",
    ]);
  } finally {
    await emulator.close();
  }
});

it("slots of old ports of renewals count as free: the next run releases them", async () => {
  const emulator = await startEmulator({ config: { slots: { shared: 3, private: 1 } } });
  try {
    const old = emulator.control.buyPort({ country: "DE" });
    server = await packWith({ minFreeSlots: 3 }, keyOf(emulator));
    const urn = `urn:pulumi:dev::test::${PORT_TYPE}::a`;
    const properties = { country: "DE", expiresIn: "30d", slotType: "shared", portId: "new" };
    const retiring = [{ portId: old.id, since: new Date().toISOString() }];
    expect(await server.analyzeStack([{ urn, type: PORT_TYPE, properties: { ...properties, retiring } }])).toEqual([]);
    const gone = [{ ...retiring[0], portId: "released-early" }];
    for (const more of [{}, { retiring: gone }]) {
      expect(
        lines(await server.analyzeStack([{ urn, type: PORT_TYPE, properties: { ...properties, ...more } }])),
      ).toEqual([expect.stringContaining("free shared slots: 2, at least 3 required")]);
    }
  } finally {
    await emulator.close();
  }
});

it("during an update, ports that the report of use does not name yet cost their slots", async () => {
  const emulator = await startEmulator();
  try {
    server = await packWith({ maxMonthlyCost: 40 }, keyOf(emulator));
    const bought = (createdAt: number): Told[] =>
      resourcesOf("fresh-fleet").map((one, index) =>
        one.type === PORT_TYPE
          ? {
              ...one,
              properties: { ...one.properties, portId: `new-${index}`, createdAt: new Date(createdAt).toISOString() },
            }
          : one,
      );
    const now = Date.now();
    expect(await server.analyzeStack(bought(now))).toEqual([]);
    expect(lines(await server.analyzeStack(bought(now - 2 * 86_400_000)))).toEqual([
      expect.stringContaining(
        "the cost cannot be checked (the vendor's answer does not have the traffic of each shared",
      ),
    ]);
  } finally {
    await emulator.close();
  }
});

it("a port's traffic is that of its own age", async () => {
  const emulator = await startEmulator();
  try {
    const port = emulator.control.buyPort({ country: "DE" });
    emulator.control.editPort(port.id, { usedTraffic: 2 });
    const createdAt = new Date(Date.now() - 6 * 86_400_000).toISOString();
    const urn = `urn:pulumi:dev::test::${PORT_TYPE}::a`;
    const properties = { country: "DE", expiresIn: "30d", slotType: "shared", portId: port.id, createdAt };
    server = await packWith({ maxMonthlyCost: 20 }, keyOf(emulator));
    expect(lines(await server.analyzeStack([{ urn, type: PORT_TYPE, properties }]))).toEqual([
      // 10 for the slot, and 10 GB in 30 days.
      expect.stringContaining("50.00 USD in 30 days, at most 20.00 allowed"),
    ]);
  } finally {
    await emulator.close();
  }
});

it("without a key it says that it could not check, and no more", async () => {
  const found = await said({ minFreeSlots: 1 }, "fresh-fleet");
  expect(lines(found)).toEqual([expect.stringContaining("cannot be checked (proxies-sx:apiKey is not set")]);
});

it("levels are for all, or for one", async () => {
  const levels = { enforcementLevel: "advisory", levels: { maxPorts: "mandatory" } };
  const found = await said({ countries: ["DE"], maxPorts: 1 }, "fresh-fleet", {}, levels);
  expect(Object.fromEntries(found.map(({ policy, level }) => [policy, level]))).toEqual({
    "proxies-sx-countries": "advisory",
    "proxies-sx-max-ports": "mandatory",
  });
});

it("the example is a pack with a policy for each limit of its file", async () => {
  server = await PolicyServer.start({ folder: join(__dirname, "../../examples/policy") });
  const policies = await server.policies();
  expect(policies.map(({ name }) => name)).toEqual([
    "proxies-sx-countries",
    "proxies-sx-max-lease",
    "proxies-sx-protect-stacks",
    "proxies-sx-no-password-in-code",
    "proxies-sx-max-ports",
  ]);
  expect(policies.every(({ description }) => description.endsWith("."))).toBe(true);
});

it("a limit that is misspelt stops the pack in one line", () => {
  expect(() => proxiesPolicies({ maxPort: 3 } as Limits)).toThrow(/^proxiesPolicies: maxPort: no such limit\./);
});

it("ports of another account cost nothing in this one", async () => {
  const emulator = await startEmulator();
  try {
    server = await packWith({ maxMonthlyCost: 0, minFreeSlots: 51 }, keyOf(emulator));
    const provider = "urn:pulumi:dev::test::pulumi:providers:pulumi-nodejs::second";
    expect(await server.analyzeStack(resourcesOf("fresh-fleet").map((one) => ({ ...one, provider })))).toEqual([]);
    expect(await server.analyzeStack(resourcesOf("fresh-fleet"))).toHaveLength(2);
  } finally {
    await emulator.close();
  }
});
