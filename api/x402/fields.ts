import { z } from "zod";
import { isWord, MOST_ENTRIES } from "../fields";
import { parseMicro, parseUsdc } from "./money";

export const isEvmAddress = (value: unknown): value is string =>
  typeof value === "string" && /^0x[0-9a-fA-F]{40}$/.test(value);
const isSolanaAddress = (value: unknown): value is string =>
  typeof value === "string" && /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(value);
export const isAddress = (value: unknown): value is string => isEvmAddress(value) || isSolanaAddress(value);

/** Of a transaction: Base's, or Solana's signature. */
export const isTransactionHash = (value: unknown): value is string =>
  typeof value === "string" && /^(0x[0-9a-fA-F]{64}|[1-9A-HJ-NP-Za-km-z]{80,90})$/.test(value);

/** "base", "base-sepolia", "eip155:8453", "solana:5eykt4…" */
export const isNetworkName = (value: unknown): value is string =>
  typeof value === "string" && (isWord(value) || /^[a-z0-9-]{3,8}:[\w-]{1,32}$/.test(value));

export const isSessionToken = (value: unknown): value is string =>
  typeof value === "string" && /^[\x21-\x7e]{1,512}$/.test(value);

/** An EVM address in small letters: whether its capitals are a right checksum is not looked at. */
export const requiredAddress = z
  .string()
  .refine(isAddress, "is not an address")
  .transform((value) => (isEvmAddress(value) ? value.toLowerCase() : value));
export const walletAddress = requiredAddress.nullish();

export const transactionHash = z
  .string()
  .refine(isTransactionHash, "is not the hash of a transaction")
  .transform((value) => (value.startsWith("0x") ? value.toLowerCase() : value));

/** What stands for a transaction where nothing was paid (MCP client). */
export const hashOrNone = z
  .preprocess((value) => (value === "" || value === "duration-only" ? undefined : value), transactionHash.nullish())
  .nullish();

export const networkName = z.string().refine(isNetworkName, "is not the name of a network");

export const token = z.string().refine(isSessionToken, "is not a session token").nullish();

const read = <T>(parse: (value: unknown) => T | undefined, message: string) =>
  z.unknown().transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: "custom", message: value === undefined ? "is missing" : message, input: undefined });
    return z.NEVER;
  });

/** "4.00" or 4, in millionths. */
export const requiredUsdc = read(parseUsdc, "is not an amount of USDC");
/** "4000000", in millionths. */
export const requiredMicro = read(parseMicro, "is not a whole number of millionths of USDC");
export const usdc = requiredUsdc.nullish();

const MOST = 1e12;
const isQuantity = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= MOST;
/** GB, seconds, a number of things: decisions rest on it, so what is none is refused. */
export const exactQuantity = z.number().refine(isQuantity, "is not a quantity").nullish();

/** `http://user:password@host:port` or the same with socks5: clients connect to it. */
export const proxyUrl = z
  .string()
  .refine(
    (value) => /^(https?|socks5h?):\/\/[\x21-\x7e]{1,1000}$/.test(value) && URL.canParse(value),
    "is not a proxy's URL",
  )
  .nullish();

/** A thing under many names, as a `Record`; bounded as lists are. */
export const recordOf = <T extends z.ZodType>(entry: T) =>
  z
    .record(z.string(), z.unknown())
    .refine((record) => Object.keys(record).length <= MOST_ENTRIES, `has more than ${MOST_ENTRIES} entries`)
    .pipe(z.record(z.string(), entry));
