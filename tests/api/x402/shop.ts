import { createX402Api, type KeylessOptions, type X402Api } from "../../../api";
import { type Vendor, vendors } from "../vendor";

export const WALLET = `0x${"a1".repeat(20)}`;
export const HASH = `0x${"b2".repeat(32)}`;
export const TOKEN = "x402s_canaryTokenOfASession012345678";
export const USDC = "0x036cbd53842c5426634e7929541ec2318f3dcf7e";

/** The x402 client of a scripted vendor. */
export function shops() {
  const make = vendors();
  const open: X402Api[] = [];
  afterEach(() => open.splice(0).forEach((one) => one.close()));
  return async (
    script: Parameters<typeof make>[0],
    options: KeylessOptions = {},
  ): Promise<Omit<Vendor, "api"> & { x402: X402Api }> => {
    const vendor = await make(script);
    const { url, waits, notices, pass } = vendor;
    const x402 = createX402Api({
      apiUrl: url,
      onNotice: (text) => notices.push(text),
      now: () => 1_000,
      sleep: async (ms) => {
        waits.push(ms);
        pass(ms);
      },
      random: () => 0.5,
      ...options,
    });
    open.push(x402);
    return { ...vendor, x402 };
  };
}

export const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

/** Each documented form of a 402, of 4 USDC. */
export const ACCEPT = {
  scheme: "exact",
  network: "base-sepolia",
  chainId: "84532",
  maxAmountRequired: "4000000",
  payTo: "0xF8cD900794245fc36CBE65be9afc23CDF5103042",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  resource: "http://127.0.0.1/v1/x402/proxy",
  maxTimeoutSeconds: 300,
  extra: { name: "USDC", version: "2" },
};
export const ACCEPT_V2 = {
  scheme: "exact",
  network: "eip155:84532",
  amount: "4000000",
  payTo: ACCEPT.payTo,
  asset: ACCEPT.asset,
  maxTimeoutSeconds: 300,
  extra: ACCEPT.extra,
};
export const PAGE = {
  payTo: ACCEPT.payTo,
  amount: "4.00",
  currency: "USDC",
  network: "base-sepolia",
  paymentId: "pay_0123456789ab",
  expires: "2026-01-15T12:05:00.000Z",
};
export const required = (accepts: unknown[] = [ACCEPT_V2], more: object = {}) => ({
  "PAYMENT-REQUIRED": base64({ x402Version: 2, accepts, ...more }),
});
