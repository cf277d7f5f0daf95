import type * as Log from "../../../provider/hosts/engine-log";

/** Requests that the engine's log service got, with its address. */
let told: { severity: number; message: string; urn: string; ephemeral: boolean }[];
let addresses: string[];
/** Whether no client of the service can be made. */
let broken: boolean;

/** The module in a process whose engine is at an address, if it has one. */
function fresh(engine: string | undefined): typeof Log {
  jest.replaceProperty(process, "argv", ["node", "index.js", ...(engine === undefined ? [] : [engine])]);
  jest.doMock("@grpc/grpc-js", () => ({ credentials: { createInsecure: () => "insecure" } }));
  jest.doMock("@pulumi/pulumi/proto/engine_pb", () => ({
    LogRequest: class {
      setSeverity(severity: number) {
        Object.assign(this, { severity });
      }
      setMessage(message: string) {
        Object.assign(this, { message });
      }
      setUrn(urn: string) {
        Object.assign(this, { urn });
      }
      setEphemeral(ephemeral: boolean) {
        Object.assign(this, { ephemeral });
      }
    },
  }));
  jest.doMock("@pulumi/pulumi/proto/engine_grpc_pb", () => ({
    EngineClient: class {
      constructor(address: string) {
        if (broken) throw new Error("no service");
        addresses.push(address);
      }
      log(request: object) {
        told.push({ ...request } as (typeof told)[number]);
      }
    },
  }));
  let log: typeof Log | undefined;
  jest.isolateModules(() => (log = require("../../../provider/hosts/engine-log") as typeof Log));
  return log as typeof Log;
}

let printed: string[];
beforeEach(() => {
  [told, addresses, printed, broken] = [[], [], [], false];
  jest.spyOn(console, "error").mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => jest.restoreAllMocks());

it("the engine shows each text in its row: warnings, information, and what passes", () => {
  const log = fresh("127.0.0.1:4242");
  log.warnOnResource("careful", "urn:a");
  log.informOnResource("told", "urn:b");
  log.progressOnResource("waiting");
  expect(told).toEqual([
    { severity: 2, message: "careful", urn: "urn:a", ephemeral: false },
    { severity: 1, message: "told", urn: "urn:b", ephemeral: false },
    { severity: 1, message: "waiting", urn: "", ephemeral: true },
  ]);
  expect([addresses, printed]).toEqual([["127.0.0.1:4242"], []]);
});

it("no text commands a terminal, wherever it goes", () => {
  const hostile = "\u001b[2Jcareful";
  fresh("127.0.0.1:4242").warnOnResource(hostile);
  fresh(undefined).warnOnResource(hostile);
  for (const text of [told[0]?.message, printed[0]]) {
    expect(text).toContain("careful");
    expect(text).not.toContain("\u001b");
  }
});

it.each<[string, string | undefined, boolean]>([
  ["there is no engine", undefined, false],
  ["its service cannot be made", "127.0.0.1:4242", true],
])("where %s, the text goes to standard error", (_what, engine, isBroken) => {
  broken = isBroken;
  fresh(engine).informOnResource("told", "urn:b");
  expect([printed, told]).toEqual([["told"], []]);
});
