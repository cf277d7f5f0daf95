import { createRequire } from "node:module";
import { cleanLines, withoutCommands } from "../../text";
import { engineAddress } from "./engine-alive";

/** Severities of the engine's log service. */
const INFO = 1;
const WARNING = 2;

interface LogClient {
  log(request: unknown, answered: (error: unknown) => void): void;
}

/** What it takes to speak to the engine. */
export interface EngineModules {
  credentials: { createInsecure(): unknown };
  EngineClient: new (address: string, credentials: never) => LogClient;
  LogRequest: new () => object;
}

/** The SDK's own, whose copy of gRPC is no dependency of this package. */
let modules = (): EngineModules => {
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  return {
    ...(load("@grpc/grpc-js") as Pick<EngineModules, "credentials">),
    ...(load("./proto/engine_grpc_pb") as Pick<EngineModules, "EngineClient">),
    ...(load("./proto/engine_pb") as Pick<EngineModules, "LogRequest">),
  };
};

/** Speaks by these modules: a bundle has no SDK to look into. */
export function speakBy(given: EngineModules): void {
  modules = () => given;
}

let client: LogClient | undefined;

/** Shows a warning in the row of a resource, or in the stack's without a URN. */
export function warnOnResource(text: string, urn?: string): void {
  tell(WARNING, text, urn, false);
}

/** Shows in the row of a resource what a person may want to know, and need not act on. */
export function informOnResource(text: string, urn?: string): void {
  tell(INFO, text, urn, false);
}

/** Shows in the row of a resource what it is waiting for. Such a text is not kept. */
export function progressOnResource(text: string, urn?: string): void {
  tell(INFO, text, urn, true);
}

/** Speaks to the engine's log service. Where there is none, as in a test, the text goes to standard error. */
function tell(severity: number, said: string, urn: string | undefined, ephemeral: boolean): void {
  const text = cleanLines(said);
  const address = engineAddress();
  try {
    if (address === undefined) throw new Error("no engine");
    send(address, severity, text, urn, ephemeral);
  } catch {
    console.error(withoutCommands(text));
  }
}

function send(address: string, severity: number, text: string, urn: string | undefined, ephemeral: boolean): void {
  const { credentials, EngineClient, LogRequest } = modules();
  client ??= new EngineClient(address, credentials.createInsecure() as never);
  const request = new LogRequest() as Record<string, (value: unknown) => void>;
  request.setSeverity?.(severity);
  request.setMessage?.(text);
  request.setUrn?.(urn ?? "");
  request.setEphemeral?.(ephemeral);
  client.log(request, () => undefined);
}
