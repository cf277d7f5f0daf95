import { type Authorization, domainSeparator, isSignedByPayer, type Token } from "./authorization";
import { bigintOf, concat, fromHex, type Hex, keccak, textResult, toHex, wordOf } from "./bytes";

/** What the token's contract knows at one block. */
export interface TokenState {
  balanceOf(address: Hex): bigint;
  /** An authorization of this payer and nonce was used. */
  isUsed(payer: Hex, nonce: Hex): boolean;
}

/** What a call that changes the token did. */
export interface Effect {
  from: Hex;
  to: Hex;
  value: bigint;
  /** Of the authorization that was used, if it was one. */
  nonce?: Hex;
}

/** The contract refuses. */
export class Revert extends Error {}

const DECIMALS = 6;
const SYMBOL = "USDC";
const WORD = 32;
const AUTHORIZED = "address,address,uint256,uint256,uint256,bytes32";

const selector = (signature: string) => toHex(keccak(signature).subarray(0, 4));
const BY_SELECTOR = new Map<Hex, string>(
  [
    ...["balanceOf(address)", "authorizationState(address,bytes32)", "allowance(address,address)"],
    ...["name()", "symbol()", "version()", "decimals()", "DOMAIN_SEPARATOR()"],
    "transfer(address,uint256)",
    `transferWithAuthorization(${AUTHORIZED},uint8,bytes32,bytes32)`,
    `transferWithAuthorization(${AUTHORIZED},bytes)`,
  ].map((signature) => [selector(signature), signature]),
);

/** A call that only asks. Undefined for one that would change something. */
export function view(token: Token, state: TokenState, data: Hex): Uint8Array | undefined {
  const { method, words } = parse(data);
  switch (method ?? "") {
    case "balanceOf(address)":
      return wordOf(state.balanceOf(addressAt(words, 0)));
    case "authorizationState(address,bytes32)":
      return wordOf(state.isUsed(addressAt(words, 0), toHex(at(words, 1))) ? 1 : 0);
    case "allowance(address,address)":
      return wordOf(0);
    case "name()":
      return textResult(token.name);
    case "symbol()":
      return textResult(SYMBOL);
    case "version()":
      return textResult(token.version);
    case "decimals()":
      return wordOf(DECIMALS);
    case "DOMAIN_SEPARATOR()":
      return domainSeparator(token);
    default:
      return undefined;
  }
}

/**
 * A call that changes the token.
 * @param seconds The block's time.
 * @throws Revert, in the words of USDC's contract.
 */
export function change(token: Token, state: TokenState, sender: Hex, data: Hex, seconds: number): Effect {
  const { method, words, bytes } = parse(data);
  if (method === "transfer(address,uint256)")
    return move(state, { from: sender, to: addressAt(words, 0), value: bigintOf(at(words, 1)) });
  if (!method?.startsWith("transferWithAuthorization(")) throw new Revert("");
  const authorization: Authorization = {
    from: addressAt(words, 0),
    to: addressAt(words, 1),
    value: bigintOf(at(words, 2)),
    validAfter: bigintOf(at(words, 3)),
    validBefore: bigintOf(at(words, 4)),
    nonce: toHex(at(words, 5)),
  };
  const now = BigInt(Math.floor(seconds));
  if (now <= authorization.validAfter) throw new Revert("FiatTokenV2: authorization is not yet valid");
  if (now >= authorization.validBefore) throw new Revert("FiatTokenV2: authorization is expired");
  if (state.isUsed(authorization.from, authorization.nonce))
    throw new Revert("FiatTokenV2: authorization is used or canceled");
  if (!isSignedByPayer(token, authorization, signatureOf(method, words, bytes)))
    throw new Revert("FiatTokenV2: invalid signature");
  const { from, to, value, nonce } = authorization;
  return move(state, { from, to, value, nonce });
}

/** The call that settles an authorization, as a facilitator sends it. */
export function settlementData(authorization: Authorization, signature: Uint8Array): Hex {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const address = (text: Hex) => concat(new Uint8Array(12), fromHex(text));
  const padding = new Uint8Array((WORD - (signature.length % WORD)) % WORD);
  return toHex(
    concat(
      fromHex(selector(`transferWithAuthorization(${AUTHORIZED},bytes)`)),
      ...[address(from), address(to), wordOf(value), wordOf(validAfter), wordOf(validBefore), fromHex(nonce)],
      ...[wordOf(7 * WORD), wordOf(signature.length), signature, padding],
    ),
  );
}

function move(state: TokenState, effect: Effect): Effect {
  if (BigInt(effect.to) === 0n) throw new Revert("ERC20: transfer to the zero address");
  if (state.balanceOf(effect.from) < effect.value) throw new Revert("ERC20: transfer amount exceeds balance");
  return effect;
}

function signatureOf(method: string, words: Uint8Array[], bytes: Uint8Array): Uint8Array {
  if (!method.endsWith(",bytes)")) return concat(at(words, 7), at(words, 8), at(words, 6).subarray(WORD - 1));
  const offset = Number(bigintOf(at(words, 6)));
  const length = offset + WORD <= bytes.length ? Number(bigintOf(bytes.subarray(offset, offset + WORD))) : NaN;
  if (!(length <= 1_000)) throw new Revert("");
  return bytes.subarray(offset + WORD, offset + WORD + length);
}

/** @returns `method` undefined where the contract has no such function. */
function parse(data: Hex): { method: string | undefined; words: Uint8Array[]; bytes: Uint8Array } {
  const all = fromHex(data);
  const bytes = all.subarray(4);
  const words: Uint8Array[] = [];
  for (let from = 0; from + WORD <= bytes.length; from += WORD) words.push(bytes.subarray(from, from + WORD));
  return { method: BY_SELECTOR.get(toHex(all.subarray(0, 4))), words, bytes };
}

function at(words: Uint8Array[], index: number): Uint8Array {
  const word = words[index];
  if (!word) throw new Revert("");
  return word;
}

const addressAt = (words: Uint8Array[], index: number): Hex => toHex(at(words, index).subarray(12));
