import fc from "fast-check";
import {
  addressOfKey,
  checkWalletKey,
  derivedNonce,
  digestOf,
  NETWORKS,
  type PaymentRules,
  signTransfer,
  VENDOR_PAYEES,
} from "../../../api";
import { hashTypedData, type Hex, privateKeyToAccount } from "../../emulator/x402-viem";
import { runsOf } from "../../cases";

const KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const [PAYEE] = VENDOR_PAYEES;
const RULES: PaymentRules = { apiUrl: "https://api.example", network: "base-sepolia", maxPrice: 10n ** 12n };
const NONCE = `0x${"ab".repeat(32)}`;
const types = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((each): Hex => `0x${Buffer.from(each).toString("hex")}`);

describe("a signed authorization", () => {
  test("is what viem signs, on 50 samples", async () => {
    const sample = fc.record({
      key: hex(32).filter((key) => checkWalletKey(key) === undefined),
      to: hex(20),
      amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      validAfter: fc.bigInt({ min: 0n, max: 2_000_000_000n }),
      seconds: fc.bigInt({ min: 1n, max: 100_000n }),
      nonce: hex(32),
      network: fc.constantFrom("base" as const, "base-sepolia" as const),
    });
    await fc.assert(
      fc.asyncProperty(sample, async ({ key, to, amount, validAfter, seconds, nonce, network: name }) => {
        const network = NETWORKS[name];
        const transfer = { network, payTo: to, amount };
        const intent = { transfer, nonce, validAfter, validBefore: validAfter + seconds };
        const { authorization, signature } = signTransfer(key, intent, { ...RULES, network: name, payees: [to] });
        const account = privateKeyToAccount(key);
        expect(authorization.from).toBe(account.address.toLowerCase());
        const domain = { ...network.domain, chainId: network.chainId, verifyingContract: network.usdc as Hex };
        const message = { ...authorization, from: account.address, to, nonce };
        const typed = { domain, types, primaryType: "TransferWithAuthorization", message } as const;
        expect(`0x${Buffer.from(digestOf(network, authorization)).toString("hex")}`).toBe(hashTypedData(typed));
        expect(signature).toBe(await account.signTypedData(typed));
      }),
      { numRuns: runsOf(50) },
    );
  });

  const transfer = { network: NETWORKS["base-sepolia"], payTo: PAYEE, amount: 4_000_000n };
  const intent = { transfer, nonce: NONCE, validBefore: 2_000_000_000n };
  test("again is the same", () => {
    expect(signTransfer(KEY, intent, RULES)).toEqual(signTransfer(KEY.slice(2), intent, RULES));
  });

  test.each([
    [
      "one unit above the cap",
      { ...intent, transfer: { ...transfer, amount: 4_000_001n } },
      "the price is 4.000001 USDC, and may be 4.00 at most",
    ],
    [
      "to another payee",
      { ...intent, transfer: { ...transfer, payTo: `0x${"1".repeat(40)}` } },
      "is not among those that are allowed",
    ],
    [
      "on another network",
      { ...intent, transfer: { ...transfer, network: NETWORKS.base } },
      "may be base-sepolia only",
    ],
    ["of a nonce that is none", { ...intent, nonce: "0x12" }, "the nonce must be"],
    ["that is over before it begins", { ...intent, validAfter: 2_000_000_000n }, "never be valid, or for ever"],
    ["for ever", { ...intent, validBefore: 1n << 60n }, "never be valid, or for ever"],
  ])("%s is refused in one line without the key", (_what, wanted, why) => {
    const sign = () => signTransfer(KEY, wanted, { ...RULES, maxPrice: 4_000_000n });
    expect(sign).toThrow(why);
    expect(sign).toThrow(/^nothing was signed: [^\n]+$/);
    expect(sign).not.toThrow(/59c6995e/i);
  });
});

describe("a wallet's key", () => {
  test("has the address that viem derives", () => {
    expect(addressOfKey(KEY)).toBe(privateKeyToAccount(KEY).address.toLowerCase());
  });

  test.each([
    [undefined, "is missing"],
    ["", "is missing"],
    [7, "must be a string"],
    [`${KEY} `, "white space"],
    [KEY.slice(0, -1), "64 hexadecimal digits"],
    [`${KEY.slice(0, -1)}g`, "64 hexadecimal digits"],
    [`0x${"0".repeat(64)}`, "no key of the curve"],
    [`0x${"f".repeat(64)}`, "no key of the curve"],
  ])("%#", (key, rule) => {
    const problem = checkWalletKey(key)!;
    expect(problem).toContain(rule);
    expect(problem).not.toContain("\n");
    if (typeof key === "string" && key) {
      expect(problem).not.toContain(key.slice(2, 12));
      for (const use of [() => addressOfKey(key), () => derivedNonce(key, NAME)]) expect(use).toThrow(problem);
    }
  });
});

const NAME = {
  purpose: "proxy",
  urn: "urn:pulumi:dev::shop::proxies-sx:X402Lease::a",
  backend: "file://state",
  serial: 0,
};

describe("a derived nonce", () => {
  // A contract with every purchase that was ever made: add rows, never edit one.
  test.each([
    [KEY, NAME, "0x756d68417a867008496c89693d1fafc9436735dee41689b94f87b0a1ecd34ce4"],
    [KEY, { ...NAME, serial: 1 }, "0x0492c6a50ef2f7fd793c4ce25118163a5cd3a8f838d8797ba955451c3255b143"],
    [
      KEY,
      { ...NAME, purpose: "topup", serial: "6650:2.5" },
      "0x34626b7fd91084f788504d42a2c7136d47628a626d68f37b0b09a1ce39b29db7",
    ],
  ])("%#", (key, name, nonce) => {
    expect(derivedNonce(key, name)).toBe(nonce);
    expect(derivedNonce(key.slice(2), { ...name })).toBe(nonce);
  });

  test("is another one for each name and each key", () => {
    const names = [
      NAME,
      { ...NAME, serial: 10 },
      { ...NAME, backend: "file://state2" },
      { ...NAME, urn: `${NAME.urn}b` },
      { ...NAME, urn: `${NAME.urn}","`, backend: "" },
      { ...NAME, purpose: "topup" },
    ];
    const all = [KEY, `0x${"1".repeat(64)}`].flatMap((key) => names.map((name) => derivedNonce(key, name)));
    expect(new Set(all).size).toBe(12);
    expect(all.every((nonce) => /^0x[0-9a-f]{64}$/.test(nonce))).toBe(true);
  });
});
