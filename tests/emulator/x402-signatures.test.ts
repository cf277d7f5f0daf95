import fc from "fast-check";
import { digestOf, isSignedByPayer } from "../../emulator/x402/chain/authorization";
import { checksum, fromHex, toHex } from "../../emulator/x402/chain/bytes";
import { readRawTransaction } from "../../emulator/x402/chain/raw-transaction";
import { decode, encode, type Item } from "../../emulator/x402/chain/rlp";
import { NETWORKS } from "../../emulator/x402/networks";
import { authorize, OTHER, PAYER } from "./x402-wallet";
import { world } from "./harness";
import {
  hashTypedData,
  hexToBytes,
  keccak256,
  privateKeyToAccount,
  recoverTransactionAddress,
  toRlp,
} from "./x402-viem";
import { runsOf } from "../cases";

const ORDER_OF_THE_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
const amount = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n });

test("60 authorizations that viem signs are those that the token takes, and nobody else's", async () => {
  const token = NETWORKS["base-sepolia"];
  const types = (await authorize(world())).typed.types;
  const sample = fc.record({ key: word, to: address, value: amount, after: amount, before: amount, nonce: word });
  for (const { key, to, value, after, before, nonce } of fc.sample(sample, { numRuns: runsOf(60), seed: 402 })) {
    const account = privateKeyToAccount(toHex(key) as `0x${string}`);
    const message = {
      from: account.address,
      to: checksum(to) as `0x${string}`,
      value,
      validAfter: after,
      validBefore: before,
      nonce: toHex(nonce) as `0x${string}`,
    };
    const domain = {
      name: "USDC",
      version: "2",
      chainId: 84_532,
      verifyingContract: checksum(token.address) as `0x${string}`,
    };
    const typed = { domain, types, primaryType: "TransferWithAuthorization", message } as const;
    expect(toHex(digestOf(token, message))).toBe(hashTypedData(typed));
    const signature = hexToBytes(await account.signTypedData(typed));
    expect(isSignedByPayer(token, message, signature)).toBe(true);
    expect(isSignedByPayer(token, { ...message, from: PAYER.address }, signature)).toBe(false);
    expect(isSignedByPayer(NETWORKS.base, message, signature)).toBe(false);
  }
});

test("a signature of a high s, of another length or v, or of nothing is refused", async () => {
  const { message, signature } = await authorize(world());
  const token = NETWORKS["base-sepolia"];
  const bytes = hexToBytes(signature);
  const takes = (changed: Uint8Array) => isSignedByPayer(token, message, changed);
  expect(takes(bytes)).toBe(true);
  const s = ORDER_OF_THE_CURVE - BigInt(toHex(bytes.subarray(32, 64)));
  const high = Buffer.concat([
    bytes.subarray(0, 32),
    fromHex(`0x${s.toString(16).padStart(64, "0")}`),
    Uint8Array.of(bytes[64] === 27 ? 28 : 27),
  ]);
  expect(takes(high)).toBe(false);
  expect(takes(bytes.subarray(0, 64))).toBe(false);
  expect(takes(Buffer.concat([bytes.subarray(0, 64), Uint8Array.of((bytes[64] ?? 27) - 27)]))).toBe(false);
  expect(takes(new Uint8Array(65))).toBe(false);
});

describe("raw transactions", () => {
  const common = { chainId: 84_532, nonce: 3, gas: 90_000n, to: OTHER.address, value: 5n, data: "0xa9059cbb" } as const;
  const kinds = [
    ["legacy", { type: "legacy", gasPrice: 7n }],
    ["eip2930", { type: "eip2930", gasPrice: 7n, accessList: [{ address: OTHER.address, storageKeys: [] }] }],
    ["eip1559", { type: "eip1559", maxFeePerGas: 7n, maxPriorityFeePerGas: 2n }],
  ] as const;

  test.each(kinds)("%s is read as viem wrote it", async (_name, kind) => {
    const raw = await PAYER.signTransaction({ ...common, ...kind });
    const read = readRawTransaction(fromHex(raw));
    expect(checksum(read.from)).toBe(
      await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` }),
    );
    expect(read).toMatchObject({ hash: keccak256(raw), chainId: 84_532, nonce: 3, to: OTHER.address.toLowerCase() });
    expect(read).toMatchObject({ value: 5n, gas: 90_000n, data: "0xa9059cbb", maxFeePerGas: 7n });
    expect(read.maxPriorityFeePerGas).toBe(kind.type === "eip1559" ? 2n : 7n);
  });

  test("what is no such transaction is refused in one line", async () => {
    const raw = fromHex(await PAYER.signTransaction({ ...common, type: "legacy", gasPrice: 7n }));
    const unprotected = await PAYER.signTransaction({ ...common, chainId: undefined, type: "legacy", gasPrice: 7n });
    for (const [bytes, why] of [
      [Uint8Array.of(3, 0xc0), "type not supported"],
      [new Uint8Array(), "type not supported"],
      [raw.subarray(0, 20), "rlp"],
      [fromHex(unprotected), "replay-protected"],
      [Buffer.concat([raw, Uint8Array.of(0)]), "rlp"],
      [new Uint8Array(40_000), "oversized"],
    ] as const)
      expect(() => readRawTransaction(bytes)).toThrow(why);
  });
});

test("RLP is that of viem, there and back; what is cut or not the shortest form is refused", () => {
  const bytes = fc.uint8Array({ maxLength: 80 });
  const item = fc.letrec<{ item: Item }>((tie) => ({
    item: fc.oneof({ maxDepth: 4 }, bytes, fc.array(tie("item"), { maxLength: 4 })),
  })).item;
  const plain = (each: Item): unknown => (each instanceof Uint8Array ? toHex(each) : each.map(plain));
  fc.assert(
    fc.property(item, (given) => {
      const coded = encode(given);
      expect(toHex(coded)).toBe(toRlp(plain(given) as `0x${string}`));
      expect(plain(decode(coded))).toEqual(plain(given));
      if (coded.length > 1) expect(() => decode(coded.subarray(0, -1))).toThrow("rlp");
    }),
  );
  for (const broken of ["0x8105", "0xb80101", "0xb90001ff", "0xc1", "0xf800"])
    expect(() => decode(fromHex(broken))).toThrow("rlp");
});
