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

/** Serves until the input ends, or `stopped`. */
export async function serve(served: Served, stopped: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport(served.input, served.output);
  const handle = serveStdio(() => serverOf(served), {
    transport,
    onerror: (error) => served.note(error.message),
  });
  await new Promise<void>((resolve) => {
    served.input
      .once("end", resolve)
      .once("close", resolve)
      .once("error", () => resolve());
    served.output.once("error", () => resolve()).once("close", resolve);
    stopped.addEventListener("abort", () => resolve(), { once: true });
    if (stopped.aborted || served.input.readableEnded) resolve();
  });
  await served.ended();
  await handle.close();
}

function serverOf({ name, version, instructions, tools, answer }: Served): McpServer {
  const server = new McpServer({ name, version }, { instructions, capabilities: { tools: { listChanged: false } } });
  for (const tool of tools) {
    const config = { description: tool.does, inputSchema: tool.input, annotations: annotationsOf(tool) };
    server.registerTool(tool.name, config, async (args: unknown, { mcpReq }) => {
      const given = args as Record<string, unknown>;
      const { text, structured, isError } = await answer(tool, given, mcpReq.signal);
      return { content: [{ type: "text" as const, text }], structuredContent: structured, isError };
    });
  }
  return server;
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
