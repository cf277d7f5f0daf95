import { createRequire } from "node:module";

/** Severities of the engine's log service. */
const WARNING = 2;

interface LogClient {
  log(request: unknown, answered: (error: unknown) => void): void;
}

let client: LogClient | undefined;

/**
 * Shows a warning in the row of a resource, or in the stack's without a URN, by the engine's log service. Its address
 * is this process's second argument. Where there is none, as in a test, the text goes to standard error.
 */
export function warnOnResource(text: string, urn?: string): void {
  const address = process.argv[2];
  if (!address || !/^127\.0\.0\.1:\d+$/.test(address)) {
    console.error(text);
    return;
  }
  try {
    send(address, text, urn);
  } catch {
    console.error(text);
  }
}

function send(address: string, text: string, urn: string | undefined): void {
  // The SDK's own copy of gRPC, which is no dependency of this package.
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = load("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
  const { EngineClient } = load("./proto/engine_grpc_pb") as {
    EngineClient: new (address: string, credentials: unknown) => LogClient;
  };
  const { LogRequest } = load("./proto/engine_pb") as {
    LogRequest: new () => Record<string, (value: unknown) => void>;
  };
  client ??= new EngineClient(address, grpc.credentials.createInsecure());
  const request = new LogRequest();
  request.setSeverity?.(WARNING);
  request.setMessage?.(text);
  request.setUrn?.(urn ?? "");
  client.log(request, () => undefined);
}
