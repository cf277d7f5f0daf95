import { z } from "zod";
import { isAddress } from "./chain/bytes";

/** What control calls on wallets and their chain take. */

const address = z.string("is no address").refine(isAddress, { error: "is no address" });
const amount = z.union([z.string().max(20), z.number()]);

export const GIFT = z.strictObject({
  address,
  usdc: amount.optional(),
  eth: z.number().min(0).max(1_000_000).optional(),
});

export const MOVE = z.strictObject({ from: address, to: address, usdc: amount });

export const REORGANISATION = z.strictObject({
  blocks: z.int().min(1).max(1_000).optional(),
  transactions: z.enum(["dropped", "again"]).optional(),
});

export const BLOCKS = z.strictObject({ blocks: z.int().min(1).max(1_000_000).optional() });
export const MINING = z.strictObject({ mining: z.enum(["auto", "manual"]) });
export const USED = z.strictObject({ usedGB: z.number().min(0).max(1e6) });

export const NODE = z
  .strictObject({
    down: z.boolean(),
    failing: z.array(z.string().min(1).max(100)).max(100),
    behindBlocks: z.int().min(0).max(1_000),
    logRange: z.int().min(0).max(10_000_000),
  })
  .partial();
