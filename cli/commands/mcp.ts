import { type Api, createApi, createX402Api } from "../../api";
import { type Around, type ProxyLogin, serveAgents, type Streams } from "../../mcp";
import { Journal } from "../../provider/purchase/journal";
import { Purchases } from "../../provider/purchase/purchases";
import { accountFolder, walletFolder } from "../../provider/run/account-folder";
import { type Settings } from "../../provider/run/account-settings";
import { PortReader } from "../../provider/run/port-reader";
import { WalletSession } from "../../provider/run/wallet-session";
import { Redactor } from "../../text";
import { comparison } from "../state/fleet-source";
import { accountOf, NoKeyError } from "../state/open-api";
import { apiUrlOf } from "../state/open-x402";
import { stateSources } from "../state/state-source";
import { walletSettingsOf } from "../state/wallet-node";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { version } from "../terminal/version";
import { MCP_HELP, type McpArguments, readMcpArguments } from "./mcp-arguments";
import { stacksOf } from "./mcp-stacks";
import { FORMATS, type FormatName, whyLeftOut } from "./proxy-formats";
import { interrupted } from "./until-stopped";

const PROCESS: Streams = { input: process.stdin, output: process.stdout };

/** A server for agents. Standard output is the client's: what a person should know goes to standard error. */
export function mcpCommand(
  argv: string[],
  terminal: Terminal = processTerminal(),
  streams: Streams = PROCESS,
  stopped?: AbortSignal,
): Promise<number> {
  const run = async (args: McpArguments): Promise<number> => {
    const account = await accountIn(args, terminal);
    const { around, close } = aroundOf(args, account, terminal);
    try {
      await serveAgents(around, version(), streams, stopped ?? interrupted());
      return EXIT.fine;
    } finally {
      close();
    }
  };
  return runCommand({ name: "mcp", help: MCP_HELP, read: readMcpArguments, run }, argv, terminal);
}

/** Without a key tools say so when they are called: an agent learns nothing from a server that does not start. */
async function accountIn(args: McpArguments, terminal: Terminal): Promise<Settings | NoKeyError> {
  const { stacks, cwd } = args.states;
  try {
    return await accountOf(
      { apiUrl: args.apiUrl, onlyEnv: args.onlyEnv, stacks, cwd, changes: args.allow.size > 0 },
      terminal,
    );
  } catch (error) {
    if (!(error instanceof NoKeyError)) throw error;
    terminal.err(error.message);
    return error;
  }
}

/** Clients wait a minute for an answer, so ours end before. */
const PATIENCE = { deadlineMs: 45_000, queueMs: 45_000 };

function aroundOf(args: McpArguments, account: Settings | NoKeyError, terminal: Terminal) {
  const { env, err } = terminal;
  const isKnown = !(account instanceof NoKeyError);
  const apiUrl = isKnown ? account.apiUrl : apiUrlOf({ apiUrl: args.apiUrl, json: false }, () => undefined, terminal);
  const onNotice = (text: string): void => err(`note: ${text}`);
  const folder = isKnown ? accountFolder(account, env) : walletFolder({ apiUrl }, env);
  const x402 = createX402Api({ apiUrl, onNotice, ...PATIENCE });
  const apiKey = isKnown ? account.apiKey : "";
  let client: Api | undefined;
  const api = (): Api => {
    if (!isKnown) throw account;
    return (client ??= createApi({ ...account, onNotice, ...PATIENCE }));
  };
  const renew = (): void => {
    client?.close();
    client = undefined;
  };
  const { AGENT_WALLET_KEY: walletKey } = env;
  const { allow, maxSpend, maxPorts, showSecrets, states } = args;
  const sources = stateSources(states, terminal);
  const around: Around = {
    limits: { allow, maxSpend, maxPorts, showSecrets },
    redactor: new Redactor([apiKey, walletKey, walletKey?.replace(/^0x/i, "")]),
    ...{ api, renew, x402, apiUrl, folder, note: err },
    buying: () => {
      const journal = new Journal(folder, err);
      return { journal, purchases: new Purchases(api(), new PortReader(api()), journal) };
    },
    wallet: async () => {
      const settings = await walletSettingsOf({ apiUrl, json: false }, terminal);
      return new WalletSession(settings, { notice: err }, (secret) => terminal.hide(secret));
    },
    stacks: stacksOf(args, sources, terminal),
    programs: states.cwd,
    snapshot: {
      source: new URL(apiUrl).host,
      apiKey,
      ...(sources.length > 0 && { managed: comparison(sources) }),
    },
    formats,
  };
  const close = (): void => {
    renew();
    x402.close();
  };
  return { around, close };
}

/** As `proxies-sx export` writes them. */
function formats({ host, httpPort, socksPort, login, password }: ProxyLogin): Record<string, string> {
  const written = (Object.keys(FORMATS) as FormatName[]).flatMap((name) =>
    (["http", "socks5"] as const).flatMap((protocol): [string, string][] => {
      const format = FORMATS[name];
      const { write, noSocks5, isEndpoint } = format;
      const port = protocol === "http" ? httpPort : socksPort;
      if (isEndpoint || port === undefined || (protocol === "socks5" && noSocks5 !== undefined)) return [];
      const proxy = { name: "proxy", host, port, login, password };
      if (whyLeftOut(proxy, format, protocol) !== undefined) return [];
      const text = write([proxy], protocol).join("\n");
      return [[protocol === "http" ? name : `${name}-socks5`, text]];
    }),
  );
  return Object.fromEntries(written);
}
