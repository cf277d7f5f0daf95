import * as pulumi from "@pulumi/pulumi";
import { portsInState } from "../../sdk/engine/program-state";

const PORT = "pulumi-nodejs:dynamic/proxies-sx:Port";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

type Answer = { error?: string; outputs?: object };
let answers: Answer[];
let asked: unknown[];
const stackOf = (): unknown => asked.at(-1);

/** An engine that gives these answers, one after the other; the last for ever. */
const monitor = {
  invoke(
    request: { getTok(): string; getArgs(): { toJavaScript(): { stackName: string } } },
    answered: (error: unknown, reply?: unknown) => void,
  ): void {
    asked.push(request.getArgs().toJavaScript().stackName);
    const { error, outputs } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
    if (error !== undefined) return answered(Object.assign(new Error(`2 UNKNOWN: ${error}`), { details: error }));
    answered(null, { getReturn: () => ({ toJavaScript: () => ({ name: "dev", outputs }) }) });
  },
};

let run: object;
beforeEach(async () => {
  [answers, asked, run] = [[], [], {}];
  await useOrganization("organization");
  jest.spyOn(pulumi.runtime, "getEngine").mockReturnValue({} as never);
  jest.spyOn(pulumi.runtime, "getMonitor").mockReturnValue(monitor as never);
  jest.spyOn(pulumi.runtime, "getStackResource").mockImplementation(() => run as never);
  jest.spyOn(global, "setTimeout").mockImplementation(((then: () => void) => void then()) as never);
});
afterEach(() => jest.restoreAllMocks());

async function useOrganization(name: string): Promise<void> {
  const mocks = { newResource: ({ name }: { name: string }) => ({ id: name, state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "project", "dev", false, name);
}

it("has the Ports, and of them what is needed: no secret stays", async () => {
  const outputs = {
    country: "DE",
    status: "active",
    retiring: [{ portId: "b" }],
    proxyPassword: { ...SECRET, value: "canary" },
    renewAt: { ...SECRET, value: "2026-11-25T00:00:00.000Z" },
  };
  answers = [{ outputs: { "urn:a": { type: PORT, outputs }, "urn:b": { type: "other:Port", outputs } } }];
  const ports = await portsInState();
  expect(ports).toMatchObject([
    {
      urn: "urn:a",
      outputs: {
        country: "DE",
        status: "active",
        retiring: [{ portId: "b" }],
        renewAt: "2026-11-25T00:00:00.000Z",
      },
    },
  ]);
  expect(JSON.stringify(ports)).not.toContain("canary");
});

it("has fleets, and what the vendor has not reported as it is", async () => {
  const FLEET = "proxies-sx:index:ProxyFleet";
  answers = [{ outputs: { "urn:f": { type: FLEET }, "urn:a": { type: PORT, outputs: { carrier: null } } } }];
  const ports = await portsInState();
  expect(ports.map(({ urn, outputs }) => [urn, outputs.carrier])).toEqual([
    ["urn:f", undefined],
    ["urn:a", null],
  ]);
});

it("a stack that was never updated has none", async () => {
  answers = [{ outputs: {} }];
  expect(await portsInState()).toEqual([]);
});

it("asks once a run, and anew in the next run of the same process", async () => {
  answers = [{ outputs: {} }, { outputs: { "urn:a": { type: PORT } } }];
  expect(await Promise.all([portsInState(), portsInState()])).toEqual([[], []]);
  expect(asked).toHaveLength(1);
  run = {};
  expect(await portsInState()).toHaveLength(1);
  expect(asked).toHaveLength(2);
});

it.each([
  ["organization", "dev"],
  ["acme", "acme/project/dev"],
])("asks a backend of organization %s for %s", async (organization, stack) => {
  await useOrganization(organization);
  answers = [{ outputs: {} }];
  await portsInState();
  expect(stackOf()).toBe(stack);
});

it("half a state, as the file backend shows it while the engine writes, is read again", async () => {
  answers = [{ error: "EOF" }, { error: "EOF" }, { outputs: { "urn:a": { type: PORT } } }];
  expect(await portsInState()).toHaveLength(1);
});

it("what stays unreadable is reported in one line", async () => {
  answers = [{ error: "unrecognized function name" }];
  await expect(portsInState()).rejects.toThrow(
    /^the state of stack dev cannot be read \(unrecognized function name\)\.$/,
  );
  expect(asked).toHaveLength(4);
});

it("without an engine, as under mocks, there is no state", async () => {
  jest.mocked(pulumi.runtime.getEngine).mockReturnValue(undefined);
  expect(await portsInState()).toEqual([]);
  expect(asked).toEqual([]);
});
