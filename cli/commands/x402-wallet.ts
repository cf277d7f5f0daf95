import { formatUsdc, type NetworkName, NETWORKS } from "../../api";
import { ownWallet, usdcOf, X402_HELP, X402_OPTIONS, type X402Arguments, x402Arguments } from "../state/open-x402";
import { isHere, isNetwork, NETWORK_NAMES, walletSettingsOf, withChain } from "../state/wallet-node";
import { parseArguments } from "../terminal/arguments";
import { EXIT, runCommand } from "../terminal/exit-codes";
import { tell } from "../terminal/result";
import { table } from "../terminal/table";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { UsageError } from "../terminal/usage-error";

const NAMES = NETWORK_NAMES.join(", ");

const HELP = `Usage: proxies-sx x402 wallet [options]

Address and USDC balance of the wallet that pays. Its key is read from AGENT_WALLET_KEY, and shown nowhere. A node of
the chain is asked for the balance: that of PROXIES_RPC_URL, else a public one of the network, or the emulator's.

  --network NAME  ${NAMES} (default: base, or base-sepolia where the API is on this machine)
${X402_HELP}

Exit code: 0 done, 1 the wallet holds no USDC, 2 wrong usage, 3 the chain could not be asked.`;

const OPTIONS = { network: { type: "string" }, ...X402_OPTIONS } as const;

interface WalletArguments extends X402Arguments {
  network?: NetworkName;
}

/** The wallet that pays. */
export function walletCommand(argv: string[], terminal: Terminal = processTerminal()): Promise<number> {
  return runCommand({ name: "x402 wallet", help: HELP, read: readArguments, run: wallet }, argv, terminal);
}

function readArguments(argv: string[]): WalletArguments | "help" {
  const { values } = parseArguments(argv, OPTIONS);
  if (values.help) return "help";
  const { network } = values;
  if (network !== undefined && !isNetwork(network)) throw new UsageError(`--network takes one of: ${NAMES}`);
  return { ...x402Arguments(values), ...(network !== undefined && { network }) };
}

async function wallet(args: WalletArguments, terminal: Terminal): Promise<number> {
  const address = ownWallet(terminal);
  const settings = await walletSettingsOf(args, terminal);
  const network = args.network ?? (isHere(settings) ? "base-sepolia" : "base");
  return withChain(network, settings, terminal, async (chain) => {
    const balance = await chain.balanceOf(address);
    tell(args, terminal, {
      json: { address, network, chainId: NETWORKS[network].chainId, usdc: usdcOf(balance) },
      text: (width) => table(["ADDRESS", "NETWORK", "USDC"], [[address, network, formatUsdc(balance)]], width),
    });
    return balance > 0n ? EXIT.fine : EXIT.attention;
  });
}
