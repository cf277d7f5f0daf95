import { NETWORKS, VENDOR_PAYEES } from "../../api";
import { startEmulator } from "../../emulator";
import {
  baseSepolia,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  parseAbi,
} from "../emulator/x402-viem";
import { OTHER } from "../emulator/x402-wallet";
import { startAnvil } from "./anvil";
import { token } from "./token";

/** A chain on which payments are tested: Base Sepolia's id, and USDC at its address there. */
export interface TestChain {
  /** JSON-RPC */
  url: string;
  payTo: Hex;
  /** 100 USDC, and ETH for gas. */
  faucet(address: Hex): Promise<void>;
  mine(blocks: number): Promise<void>;
  /** Replaces the last blocks by empty ones. */
  reorganise(blocks: number): Promise<void>;
  /** Time goes by, and a block is made. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const { usdc } = NETWORKS["base-sepolia"];
const [payTo] = VENDOR_PAYEES;

export const TEST_CHAINS: [name: string, start: () => Promise<TestChain>][] = [
  ["the emulator's ledger", emulatorChain],
  ["anvil", anvilChain],
];

async function emulatorChain(): Promise<TestChain> {
  const noon = Date.now(); // a clock that stands: blocks come with transactions alone, as anvil's do
  const emulator = await startEmulator({ now: () => noon });
  const { clock, x402 } = emulator.control;
  return {
    url: `${emulator.url}/rpc`,
    payTo,
    faucet: async (address) => void x402.faucet(address),
    mine: async (blocks) => void x402.mine(blocks),
    reorganise: async (blocks) => void x402.reorganise({ blocks }),
    pass: async (seconds) => {
      clock.advance(`${seconds}s`);
      x402.mine();
    },
    close: () => emulator.close(),
  };
}

async function anvilChain(): Promise<TestChain> {
  const { url, rpc, stop } = await startAnvil();
  await rpc("anvil_setCode", usdc, token.code);
  const abi = parseAbi(["function mint(address to, uint256 value)"]);
  return {
    url,
    payTo,
    async faucet(address) {
      await rpc("anvil_setBalance", address, "0xde0b6b3a7640000");
      const data = encodeFunctionData({ abi, functionName: "mint", args: [address, 100_000_000n] });
      await rpc("eth_sendTransaction", { from: await first(rpc), to: usdc, data });
    },
    mine: async (blocks) => void (await rpc("anvil_mine", blocks)),
    reorganise: async (blocks) => void (await rpc("anvil_reorg", blocks, [])),
    async pass(seconds) {
      await rpc("evm_increaseTime", seconds);
      await rpc("anvil_mine", 1);
    },
    close: stop,
  };
}

/** An account that anvil signs for. */
const first = async (rpc: <T>(method: string) => Promise<T>): Promise<Hex> => (await rpc<[Hex]>("eth_accounts"))[0];

/** viem's clients for somebody who has nothing to do with the payment, and submits it. */
export function submitter({ url }: TestChain) {
  const transport = http(url);
  const reader = createPublicClient({ chain: baseSepolia, transport, pollingInterval: 1 });
  const writer = createWalletClient({ account: OTHER, chain: baseSepolia, transport });
  return { reader, writer };
}
