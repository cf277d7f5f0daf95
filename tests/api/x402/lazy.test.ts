import type * as Api from "../../../api";

let loaded = 0;
jest.mock("@noble/curves/secp256k1", () => (loaded++, jest.requireActual<object>("@noble/curves/secp256k1")));
jest.mock("@noble/hashes/sha3", () => (loaded++, jest.requireActual<object>("@noble/hashes/sha3")));

test("who pays by no wallet does not load the curve", () => {
  const { addressOfKey, createX402Api, parseUsdc } = require("../../../api") as typeof Api;
  createX402Api().close();
  expect(parseUsdc("4")).toBe(4_000_000n);
  expect(loaded).toBe(0);
  addressOfKey("1".repeat(64));
  expect(loaded).toBe(2);
});
