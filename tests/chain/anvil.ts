import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** As many blocks make a block safe, and twice as many make it final. */
const SAFE_BLOCKS = 6;

export interface Anvil {
  /** JSON-RPC */
  url: string;
  rpc: <T = unknown>(method: string, ...params: unknown[]) => Promise<T>;
  stop: () => Promise<void>;
}

/** A real chain with Base Sepolia's id, on a free port of this machine. Each transaction makes a block. */
export async function startAnvil(): Promise<Anvil> {
  const argv = ["--host", "127.0.0.1", "--port", "0", "--chain-id", "84532", "--slots-in-an-epoch", `${SAFE_BLOCKS}`];
  const child = spawn(binary(), argv, { stdio: ["ignore", "pipe", "pipe"] });
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  const url = `http://${await address(child)}`;
  return {
    url,
    rpc: async <T>(method: string, ...params: unknown[]) => rpcAt(url, method, params) as Promise<T>,
    async stop() {
      process.off("exit", killed);
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Lies in the package of this platform: the other package only looks for it. */
function binary(): string {
  const { platform, arch } = process;
  const folder = dirname(require.resolve("@foundry-rs/anvil/package.json"));
  const name = `anvil-${platform}-${arch === "x64" ? "amd64" : arch}`;
  return join(folder, "..", name, "bin", platform === "win32" ? "anvil.exe" : "anvil");
}

async function address(child: ChildProcess): Promise<string> {
  let said = "";
  for (const stream of [child.stderr, child.stdout]) stream?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`anvil ended: ${said}`)));
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const [, at] = /^Listening on (\S+)$/.exec(line) ?? [];
      if (at !== undefined) resolve(at);
    });
  });
  return Promise.race([listening, ended]);
}

async function rpcAt(url: string, method: string, params: unknown[]): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}
