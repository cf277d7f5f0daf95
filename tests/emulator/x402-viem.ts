/** viem's code is CommonJS too, its types are those of an ES module: TypeScript refuses a plain import from here. */
import type * as Viem from "viem" with { "resolution-mode": "import" };
import type * as Accounts from "viem/accounts" with { "resolution-mode": "import" };
import type * as Chains from "viem/chains" with { "resolution-mode": "import" };

export const {
  createPublicClient,
  createWalletClient,
  custom,
  encodeFunctionData,
  erc20Abi,
  hashTypedData,
  hexToBytes,
  http,
  keccak256,
  parseAbi,
  parseSignature,
  parseTransaction,
  recoverTransactionAddress,
  stringToHex,
  toRlp,
} = require("viem") as typeof Viem;
export const { privateKeyToAccount } = require("viem/accounts") as typeof Accounts;
export const { base, baseSepolia } = require("viem/chains") as typeof Chains;
export type Hex = `0x${string}`;
