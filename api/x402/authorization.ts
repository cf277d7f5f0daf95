import { checkTransfer, type PaymentRules, type Transfer } from "./check-terms";
import { type Network } from "./networks";
import { curve, keccak, walletKey, addressOfKey } from "./wallet";

/** What EIP-3009's TransferWithAuthorization says. Amounts in millionths, times in epoch seconds. */
export interface Authorization {
  from: string;
  to: string;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  /** 0x and 64 hex digits. */
  nonce: string;
}

/** Worth its value until it is used or over: whoever has it can have it paid, to its payee and nobody else. */
export interface SignedAuthorization {
  authorization: Authorization;
  /** r, s and v of 27 or 28: 0x and 130 hex digits. */
  signature: string;
}

/** What is known of a payment before its message is made. */
export interface Intent {
  transfer: Transfer;
  /** From `derivedNonce`. */
  nonce: string;
  /** Epoch seconds, exclusive. @default 0 */
  validAfter?: bigint;
  /** Epoch seconds, exclusive. */
  validBefore: bigint;
}

const DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const TRANSFER =
  "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

/**
 * Signs a payment. The rules are checked here once more, on what is signed and not on an offer.
 * @throws one line, which never holds the key.
 */
export function signTransfer(key: string, intent: Intent, rules: PaymentRules): SignedAuthorization {
  const { transfer, nonce, validAfter = 0n, validBefore } = intent;
  const bytes = walletKey(key);
  const problem = checkTransfer(transfer, rules) ?? checkTimes(validAfter, validBefore) ?? checkNonce(nonce);
  if (problem) throw new Error(`nothing was signed: ${problem}`);
  const { network, payTo, amount } = transfer;
  const authorization = { from: addressOfKey(key), to: payTo, value: amount, validAfter, validBefore, nonce };
  const signed = curve().sign(digestOf(network, authorization), bytes);
  const v = (27 + signed.recovery).toString(16);
  return { authorization, signature: `0x${signed.toCompactHex()}${v}` };
}

/** EIP-712: what the wallet's key signs. */
export function digestOf({ chainId, usdc, domain }: Network, message: Authorization): Uint8Array {
  const { from, to, value, validAfter, validBefore, nonce } = message;
  const separator = keccak(
    Buffer.concat([
      keccak(DOMAIN),
      keccak(domain.name),
      keccak(domain.version),
      word(BigInt(chainId)),
      word(BigInt(usdc)),
    ]),
  );
  const struct = keccak(
    Buffer.concat([
      keccak(TRANSFER),
      ...[BigInt(from), BigInt(to), value, validAfter, validBefore, BigInt(nonce)].map(word),
    ]),
  );
  return keccak(Buffer.concat([Buffer.from([0x19, 0x01]), separator, struct]));
}

const word = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, "0"), "hex");

function checkNonce(nonce: string): string | undefined {
  return /^0x[0-9a-f]{64}$/.test(nonce) ? undefined : "the nonce must be 0x and 64 hexadecimal digits";
}

const MOST = 1n << 48n;
function checkTimes(validAfter: bigint, validBefore: bigint): string | undefined {
  const isRight = validAfter >= 0n && validAfter < validBefore && validBefore < MOST;
  return isRight ? undefined : "it would never be valid, or for ever";
}
