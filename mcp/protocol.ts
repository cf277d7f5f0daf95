import { type Readable, type Writable } from "node:stream";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { type Answer } from "./answer";
import { type Tool } from "./tool";

/**
 * The one module that knows the protocol. The build puts the official SDK into it, so that users install none: its
 * types go no further.
 */
export interface Served {
  name: string;
  version: string;
  /** For the model: what the server is, and what it may do. */
  instructions: string;
  tools: readonly Tool[];
  answer: (tool: Tool, args: Record<string, unknown>, cancelled: AbortSignal) => Promise<Answer>;
  /** Awaited once the client has gone, before the output is closed. */
  ended(): Promise<void>;
  /** Reported of what goes wrong outside of calls. */
  note(text: string): void;
  input: Readable;
  /** Gets messages of the protocol, and nothing else. */
  output: Writable;
}

/** The SDK's words for a message over its bound. It reads no more then, and does not say that it has ended. */
const TOO_LONG = /^ReadBuffer exceeded/;

const NO_MESSAGE = "the client sent something that is no message of the protocol: it got no answer";

/** Serves until the input ends, or `stopped`. @throws where a message is too long to be read */
export async function serve(served: Served, stopped: AbortSignal): Promise<void> {
  const { input, output } = served;
  const tooLong = new AbortController();
  const handle = serveStdio(() => serverOf(served), {
    transport: new StdioServerTransport(input, output),
    onerror: ({ name, message }) => {
      if (TOO_LONG.test(message)) return tooLong.abort();
      served.note(name === "ZodError" ? NO_MESSAGE : message);
    },
  });
  await new Promise<void>((resolve) => {
    input
      .once("end", resolve)
      .once("close", resolve)
      .once("error", () => resolve());
    output.once("error", () => resolve()).once("close", resolve);
    for (const signal of [stopped, tooLong.signal]) signal.addEventListener("abort", () => resolve(), { once: true });
    if (stopped.aborted || input.readableEnded) resolve();
  });
  await served.ended();
  await handle.close();
  if (tooLong.signal.aborted) throw new Error("the client sent a message of more than 10 MiB, so this server ends");
}

function serverOf({ name, version, instructions, tools, answer }: Served): McpServer {
  const server = new McpServer({ name, version }, { instructions, capabilities: { tools: { listChanged: false } } });
  const once = oncePerId();
  for (const tool of tools) {
    const config = { description: tool.does, inputSchema: tool.input, annotations: annotationsOf(tool) };
    server.registerTool(tool.name, config, async (args: unknown, { mcpReq }) => {
      const given = args as Record<string, unknown>;
      const { text, structured, isError } = await once(mcpReq.id, () => answer(tool, given, mcpReq.signal));
      return { content: [{ type: "text" as const, text }], structuredContent: structured, isError };
    });
  }
  return server;
}

/**
 * Carries no call out while one of its id is under way: the SDK would. It is refused after that one is answered, since
 * a client takes the first answer of an id for that of its first call.
 */
function oncePerId() {
  const message = "nothing was done: a call of the same id was under way. Give each call an id of its own.";
  const refusal: Answer = { text: message, structured: { error: { message } }, isError: true };
  const underWay = new Map<unknown, Promise<Answer>>();
  return (id: unknown, call: () => Promise<Answer>): Promise<Answer> => {
    const first = underWay.get(id);
    if (first) return first.then(() => refusal);
    const answered = call().finally(() => underWay.delete(id));
    underWay.set(id, answered);
    return answered;
  };
}

const annotationsOf = ({ group, isDestructive, isRepeatable }: Tool) =>
  group === "read"
    ? { readOnlyHint: true, openWorldHint: true }
    : {
        readOnlyHint: false,
        destructiveHint: isDestructive !== undefined,
        idempotentHint: isRepeatable !== undefined,
        openWorldHint: true,
      };
