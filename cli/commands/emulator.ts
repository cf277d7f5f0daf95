import { type EmulatorOptions, startEmulator } from "../../emulator";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const HELP = `Usage: proxies-sx emulator [options]

  --port N      port to listen on (default 8787; 0 takes any free one)
  --host HOST   address to listen on (default 127.0.0.1)
  --data FILE   keep its state in FILE across restarts; one emulator at a time
  --seed N      another seed, other ids and names (default 1); refused where FILE has a world of another
  --latency MS  wait before each answer, until it ends
  --rate N      requests per second and key, until it ends; more are answered with 429
  --help        this text

Exit code: 0 ended, 2 wrong usage, 3 it cannot listen there, or FILE cannot be used.`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  data: { type: "string" },
  seed: { type: "string" },
  latency: { type: "string" },
  rate: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs until Ctrl-C. */
export function emulatorCommand(
  argv: string[],
  terminal: Terminal = processTerminal({}), // the key of an emulator is meant to be shown
): Promise<number> {
  return runCommand({ name: "emulator", help: HELP, read: readArguments, run: emulate }, argv, terminal);
}

async function emulate(settings: EmulatorOptions, terminal: Terminal): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  const emulator = await startEmulator(settings).catch((error: NodeJS.ErrnoException) => {
    const { code, syscall } = error;
    if (syscall !== "listen" && syscall !== "getaddrinfo") throw error;
    throw new Error(
      code === "EADDRINUSE"
        ? `--port ${settings.port}: something listens there already, perhaps another emulator. Give another port, or 0 for a free one`
        : code === "EACCES"
          ? `--port ${settings.port}: this user may not listen there (EACCES). Give a port above 1023`
          : `--host ${settings.host}: it cannot listen there (${code}). Give a name or address of this machine`,
    );
  });
  terminal.out(`proxies.sx emulator on ${emulator.url}

  export PROXIES_API_URL=${emulator.url}
  export PROXIES_API_KEY=${emulator.apiKey}

page:    ${emulator.url}/
control: ${emulator.url}/_emulator/state
secrets: curl -H 'X-Emulator-Token: ${emulator.token}' '${emulator.url}/_emulator/state?secrets=1'
stop it with Ctrl-C`);
  await stopped;
  await emulator.close();
  return EXIT.fine;
}

function readArguments(argv: string[]): EmulatorOptions | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { host, data } = values;
  const seed = count("seed", values.seed);
  const latencyMs = count("latency", values.latency, 600_000);
  const requestsPerSecond = count("rate", values.rate, 1_000_000);
  return {
    port: count("port", values.port, 65_535) ?? 8_787,
    ...(host !== undefined && { host }),
    ...(data !== undefined && { data }),
    ...(seed !== undefined && { seed }),
    config: {
      ...(latencyMs !== undefined && { latencyMs }),
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    },
  };
}

function count(name: string, text: string | undefined, most = 2 ** 31 - 1): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) throw new UsageError(`--${name} is a whole number from 0 to ${most}`);
  return value;
}
