import { PassThrough } from "node:stream";
import { Client, ReadBuffer, serializeMessage, type Transport } from "@modelcontextprotocol/client";
import { mcpCommand } from "../../cli/commands/mcp";
import { type Emulator } from "../../emulator";
import { type Heard, hearing } from "../cli/terminal";

/** What a tool answered. */
export interface Answered {
  text: string;
  data: Record<string, unknown>;
  isError: boolean;
}

/** An agent at a server of this process. */
export interface Agent {
  client: Client;
  call(name: string, args?: object): Promise<Answered>;
  /** All that the server wrote. */
  written(): string;
  terminal: Heard;
  /** Closes the server's input, and waits for its exit code. */
  leave(): Promise<number>;
}

/** The official client on streams of this process. */
class Streams implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport["onmessage"];
  written = "";
  private readonly buffer = new ReadBuffer();

  constructor(
    private readonly to: PassThrough,
    private readonly from: PassThrough,
  ) {}

  async start(): Promise<void> {
    this.from.on("data", (chunk: Buffer) => {
      this.written += chunk.toString();
      this.buffer.append(chunk);
      for (let one = this.buffer.readMessage(); one; one = this.buffer.readMessage()) this.onmessage?.(one);
    });
  }

  async send(message: Parameters<Transport["send"]>[0]): Promise<void> {
    this.to.write(serializeMessage(message));
  }

  async close(): Promise<void> {
    this.to.end();
    this.onclose?.();
  }
}

export async function agentAt(
  emulator: Pick<Emulator, "url" | "apiKey">,
  argv: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Agent> {
  const { PROXIES_SX_JOURNAL_DIR } = process.env;
  const terminal = hearing({
    PROXIES_API_KEY: emulator.apiKey,
    PROXIES_API_URL: emulator.url,
    PROXIES_SX_JOURNAL_DIR,
    ...env,
  });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const transport = new Streams(input, output);
  const ended = mcpCommand(argv, terminal, { input, output }, new AbortController().signal);
  const client = new Client({ name: "test", version: "1" });
  await Promise.race([
    client.connect(transport),
    ended.then((code) => {
      throw new Error(`it ended: ${code}\n${terminal.said.err}`);
    }),
  ]);
  return {
    client,
    terminal,
    call: (name, args = {}) => answerOf(client, name, args),
    written: () => transport.written,
    leave: async () => {
      await client.close();
      return ended;
    },
  };
}

export async function answerOf(client: Client, name: string, args: object): Promise<Answered> {
  const { content, structuredContent, isError = false } = await client.callTool({ name, arguments: { ...args } });
  const text = content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return { text, data: structuredContent as Record<string, unknown>, isError };
}

export const EVERY_GROUP = [
  "--allow",
  "ports,rotation,credentials,purchases,payments,tickets,wallet",
  "--max-spend",
  "1000",
];
