import { type PortInState, readPorts, type StateAnswer } from "../../domain/fleet/members";
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { keptByRun } from "./kept-by-run";

const state = keptByRun(() =>
  readPorts(
    { organization: pulumi.getOrganization(), project: pulumi.getProject(), stack: pulumi.getStack() },
    askEngine,
  ),
);

/**
 * The Ports of the program's own stack, once a run: a program cannot see its state otherwise. Nothing
 * where there is no engine, as under Pulumi's mocks.
 */
export async function portsInState(): Promise<PortInState[]> {
  return pulumi.runtime.getEngine() ? state() : [];
}

interface Message {
  [setter: `set${string}`]: (value: unknown) => void;
}

/**
 * Not by `pulumi.runtime.invoke`: that writes the whole answer into the engine's debug messages, where it is printed by
 * `--debug` and kept by event logs.
 */
async function askEngine(token: string, args: { stackName: string }): Promise<StateAnswer> {
  // The SDK's own copies, which are no dependencies of this package.
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const { ResourceInvokeRequest } = load("./proto/resource_pb") as { ResourceInvokeRequest: new () => Message };
  const { Struct } = load("google-protobuf/google/protobuf/struct_pb.js") as {
    Struct: { fromJavaScript(value: object): unknown };
  };
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor | undefined;
  if (!monitor) throw new Error("no engine");
  const request = new ResourceInvokeRequest();
  request.setTok?.(token);
  request.setArgs?.(Struct.fromJavaScript(args));
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    return await new Promise((resolve, reject) => {
      monitor.invoke(request, (error, reply) => {
        if (error) reject(error);
        else resolve(reply?.getReturn()?.toJavaScript() ?? {});
      });
    });
  } finally {
    done();
  }
}

interface Monitor {
  invoke(
    request: unknown,
    answered: (
      error: (Error & { details?: string }) | null,
      reply?: { getReturn(): { toJavaScript(): unknown } | undefined },
    ) => void,
  ): void;
}
