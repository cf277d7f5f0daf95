import { type World, world } from "./harness";
import { type EmulatorOptions } from "../../emulator";
import { type Hex, keccak256, privateKeyToAccount, stringToHex } from "./x402-viem";

/** A test key that everybody knows: nothing of worth may lie there. */
export const PAYER = privateKeyToAccount("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
export const OTHER = privateKeyToAccount("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");
export const ORDER = "?country=DE&duration=3600&traffic=1";
export const PROXY = `GET /v1/x402/proxy${ORDER}`;

export interface Accept {
  scheme: string;
  network: string;
  maxAmountRequired: string;
  payTo: Hex;
  asset: Hex;
  extra: { name: string; version: string };
}

export interface Offered {
  x402Version: number;
  error: string;
  accepts: Accept[];
  payment: { payTo: Hex; amount: string; currency: string; network: string; paymentId: string; expires: string };
  paymentRequirement: { accepts: Accept[] };
}

export interface Bought {
  success: boolean;
  sessionToken: string;
  credentials: { host: string; httpPort: number; socksPort: number; username: string; password: string };
  session: { id: string; status: string; expiresAt: string; rotationUrl: string; location: { countryCode: string } };
  payment: { network: string; transactionHash: Hex; amountPaid: string };
}

/** An emulator whose payer has 100 USDC. */
export function shop(options: EmulatorOptions = {}): World {
  const here = world(options);
  here.control.x402.faucet(PAYER.address);
  return here;
}

const TYPES = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

export const nonceOf = (word: string): Hex => keccak256(stringToHex(word));

export interface Change {
  account?: typeof PAYER;
  to?: Hex;
  value?: bigint;
  validAfter?: bigint;
  validBefore?: bigint;
  /** Different words are different purchases. */
  nonce?: string;
  chainId?: number;
}

/** Signs an authorization with viem. @returns its message and signature, for an offer of this emulator's. */
export async function authorize(here: World, change: Change = {}) {
  const { account = PAYER, nonce = "one", chainId } = change;
  const view = here.control.x402.ledgerView();
  const now = BigInt(Math.floor(here.control.clock.now().getTime() / 1_000));
  const message = {
    from: account.address,
    to: change.to ?? (view.payTo as Hex),
    value: change.value ?? 4_000_000n,
    validAfter: change.validAfter ?? now - 60n,
    validBefore: change.validBefore ?? now + 300n,
    nonce: nonceOf(nonce),
  };
  const isMainnet = view.network === "base";
  const domain = {
    name: isMainnet ? "USD Coin" : "USDC",
    version: "2",
    chainId: chainId ?? view.chainId,
    verifyingContract: view.asset as Hex,
  };
  const typed = { domain, types: TYPES, primaryType: "TransferWithAuthorization", message } as const;
  return { typed, message, signature: await account.signTypedData(typed) };
}

const base64 = (value: unknown) =>
  Buffer.from(JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each))).toString(
    "base64",
  );

/** The header of version 1. */
export async function v1(here: World, change: Change = {}): Promise<Record<string, string>> {
  const { message, signature } = await authorize(here, change);
  const { network } = here.control.x402.ledgerView();
  const payload = { signature, authorization: message };
  return { "X-PAYMENT": base64({ x402Version: 1, scheme: "exact", network, payload }) };
}

/** The header of version 2. */
export async function v2(here: World, change: Change = {}, accepted: object = {}): Promise<Record<string, string>> {
  const { message, signature } = await authorize(here, change);
  const { chainId, asset, payTo } = here.control.x402.ledgerView();
  const terms = { scheme: "exact", network: `eip155:${chainId}`, asset, payTo, amount: String(message.value) };
  const payload = { signature, authorization: message };
  return { "PAYMENT-SIGNATURE": base64({ x402Version: 2, accepted: { ...terms, ...accepted }, payload }) };
}

export const decoded = (header: string | null): Record<string, unknown> =>
  JSON.parse(Buffer.from(header ?? "", "base64").toString("utf8")) as Record<string, unknown>;

/** Buys with a fresh authorization. */
export async function buy(here: World, nonce = "one", line = PROXY, change: Change = {}): Promise<Bought> {
  const reply = await here.call<Bought>(line, { key: null, headers: await v1(here, { nonce, ...change }) });
  if (reply.status !== 200) throw new Error(`not bought: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

/** What the server got is what it has receipts of, and no payer paid twice for one thing. */
export function expectBalanced(here: World): void {
  const { balances, payTo } = here.control.x402.ledgerView();
  const got = balances.find(({ address }) => address === payTo)?.usdc ?? "0.00";
  const sum = here.control.x402
    .receipts()
    .filter(({ mined }) => mined)
    .reduce((total, { amountUSDC }) => total + Number(amountUSDC), 0);
  expect(Number(got)).toBeCloseTo(sum, 6);
}

/** One call of JSON-RPC. */
export async function rpc<T>(here: World, method: string, params: unknown[] = []): Promise<T> {
  const { body } = await here.call<{ result?: T; error?: { code: number; message: string } }>("POST /rpc", {
    key: null,
    body: { jsonrpc: "2.0", id: 1, method, params },
  });
  if (body.error) throw Object.assign(new Error(body.error.message), body.error);
  return body.result as T;
}
