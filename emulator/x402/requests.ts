import { z } from "zod";
import { isAddress } from "./chain/bytes";
import { type NodeState } from "./chain/rpc";

/** What control calls on wallets and their chain take. */

const address = z.string("is no address").refine(isAddress, { error: "is no address" });
const amount = z.union([z.string().max(20), z.number()]);

export interface Gift {
  address: string;
  /** @default 100 */
  usdc?: string | number;
  /** For gas, which is asked for and never taken. @default 1 */
  eth?: number;
}
export const GIFT = z.strictObject({
  address,
  usdc: amount.optional(),
  eth: z.number().min(0).max(1_000_000).optional(),
});

export interface Move {
  from: string;
  to: string;
  usdc: string | number;
}
export const MOVE = z.strictObject({ from: address, to: address, usdc: amount });

export interface Reorganisation {
  /** How many of the last blocks are replaced. @default 1 */
  blocks?: number;
  /** What becomes of their transactions. @default "dropped" */
  transactions?: "dropped" | "again";
}
export const REORGANISATION = z.strictObject({
  blocks: z.int().min(1).max(1_000).optional(),
  transactions: z.enum(["dropped", "again"]).optional(),
});

export const BLOCKS = z.strictObject({ blocks: z.int().min(1).max(1_000_000).optional() });
export const MINING = z.strictObject({ mining: z.enum(["auto", "manual"]) });
export const USED = z.strictObject({ usedGB: z.number().min(0).max(1e6) });

export type NodeEdit = Partial<NodeState>;
export const NODE = z
  .strictObject({
    down: z.boolean(),
    failing: z.array(z.string().min(1).max(100)).max(100),
    behindBlocks: z.int().min(0).max(1_000),
    logRange: z.int().min(0).max(10_000_000),
  })
  .partial();
