import { isKind } from "../../domain/kinds";
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { keptByRun } from "./kept-by-run";

/** A Port of the stack's state, as before this run: what a program needs of its outputs. */
export interface PortInState {
  urn: string;
  outputs: Readonly<Partial<Record<(typeof NEEDED)[number], unknown>>>;
}

/** No secret is among them. */
const NEEDED = [
  "country",
  "carrier",
  "cityId",
  "regionId",
  "slotType",
  "status",
  "expiresAt",
  "renewAt",
  "retiring",
] as const;

const state = keptByRun(() => readPorts());

/**
 * The Ports of the program's own stack, once a run: a program cannot see its state otherwise. The engine answers from
 * the run's own backend, whatever the folder. It leaves out what is about to be deleted. Nothing where there is no
 * engine, as under Pulumi's mocks.
 *
 * @throws Error in one line, where the state cannot be read
 */
export async function portsInState(): Promise<PortInState[]> {
  return pulumi.runtime.getEngine() ? state() : [];
}

/** The engine saves the state while it is read, and Pulumi's file backend writes in place: half a state is read again. */
const TRIES = 4;
const WAIT_MS = 250;

async function readPorts(triesLeft = TRIES - 1): Promise<PortInState[]> {
  const stack = fullNameOfStack();
  try {
    return portsIn(await askEngine("pulumi:pulumi:readStackResourceOutputs", { stackName: stack }));
  } catch (error) {
    if (triesLeft > 0) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      return readPorts(triesLeft - 1);
    }
    const { details, message } = error as { details?: string; message: string };
    throw new Error(`the state of stack ${stack} cannot be read (${details ?? message}).`, { cause: error });
  }
}

/**
 * With its organization, where the backend has any: it would look in the user's default one. Without, the engine knows
 * the project, and a file backend of before projects takes no longer name.
 */
function fullNameOfStack(): string {
  const organization = pulumi.getOrganization();
  const stack = pulumi.getStack();
  return organization === "organization" ? stack : `${organization}/${pulumi.getProject()}/${stack}`;
}

/** All secrets of the stack stand in an answer in clear: only what is needed leaves this function. */
function portsIn(answer: Answer): PortInState[] {
  const all = Object.entries(answer.outputs ?? {}).filter(([, { type }]) => isKind("Port", type));
  return all.map(([urn, { outputs = {} }]) => ({
    urn,
    outputs: Object.fromEntries(NEEDED.map((name) => [name, unwrapped(outputs[name])])),
  }));
}

/** The wire form of a value that a program made secret. */
const SECRET = "4dabf18193072939515e22adb298388d";

const unwrapped = (value: unknown): unknown =>
  typeof value === "object" && value !== null && SECRET in value ? (value as { value?: unknown }).value : value;

/** By URN. */
interface Answer {
  outputs?: Record<string, { type: string; outputs?: Record<string, unknown> }>;
}

interface Message {
  [setter: `set${string}`]: (value: unknown) => void;
}

/**
 * Not by `pulumi.runtime.invoke`: that writes the whole answer into the engine's debug messages, where it is printed by
 * `--debug` and kept by event logs.
 */
async function askEngine(token: string, args: Record<string, unknown>): Promise<Answer> {
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
