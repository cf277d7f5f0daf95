import { addressWord, concat, fromHex, type Hex, keccak, wordOf } from "./bytes";
import { recover } from "./signature";

/** A token of USDC's kind: its address is its domain's verifyingContract. */
export interface Token {
  address: Hex;
  chainId: number;
  name: string;
  version: string;
}

/** What EIP-3009 signs. Times are in seconds; the value has six decimals. */
export interface Authorization {
  from: Hex;
  to: Hex;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  nonce: Hex;
}

const DOMAIN = keccak("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const TRANSFER = keccak(
  "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)",
);

export function domainSeparator({ name, version, chainId, address }: Token): Uint8Array {
  return keccak(concat(DOMAIN, keccak(name), keccak(version), wordOf(chainId), addressWord(address)));
}

/** EIP-712: what the payer's key signs. */
export function digestOf(token: Token, { from, to, value, validAfter, validBefore, nonce }: Authorization): Uint8Array {
  const struct = keccak(
    concat(
      ...[TRANSFER, addressWord(from), addressWord(to)],
      ...[wordOf(value), wordOf(validAfter), wordOf(validBefore), fromHex(nonce)],
    ),
  );
  return keccak(concat(Uint8Array.of(0x19, 0x01), domainSeparator(token), struct));
}

export function isSignedByPayer(token: Token, authorization: Authorization, signature: Uint8Array): boolean {
  return recover(digestOf(token, authorization), signature) === authorization.from.toLowerCase();
}
