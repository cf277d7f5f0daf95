import { runSubcommand } from "../terminal/subcommands";
import { processTerminal, type Terminal } from "../terminal/terminal";
import { adoptLeasesCommand } from "./x402-adopt";
import { claimsCommand } from "./x402-claims";
import { quoteCommand } from "./x402-quote";
import { receiptsCommand } from "./x402-receipts";
import { sessionsCommand } from "./x402-sessions";
import { walletCommand } from "./x402-wallet";

const COMMANDS = {
  quote: quoteCommand,
  wallet: walletCommand,
  sessions: sessionsCommand,
  receipts: receiptsCommand,
  claims: claimsCommand,
  adopt: adoptLeasesCommand,
};

const HELP = `Usage: proxies-sx x402 <command>

Proxies that a wallet pays for in USDC, without an account. docs/x402.md explains how that works.

Commands:
  quote     the price of a proxy, and whom it is paid to. Nothing is bought
  wallet    address and balance of the wallet whose key is in AGENT_WALLET_KEY
  sessions  what a wallet has rented
  receipts  what runs on this machine have paid
  claims    what is paid and not delivered, with what the vendor's support needs
  adopt     what a wallet has rented, as a program that takes it under management

  --help    this text; after a command, the command's own

Exit code: 0 done, 1 done, with something to look at, 2 wrong usage, 3 it could not be done.`;

/** The commands about wallets. */
export const x402Command = (argv: string[], terminal: Terminal = processTerminal()): Promise<number> =>
  runSubcommand({ name: "x402", help: HELP, commands: COMMANDS }, argv, terminal);
