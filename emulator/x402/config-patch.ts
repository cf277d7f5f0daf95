import { z } from "zod";
import { isAddress } from "./chain/bytes";

const price = z.number().min(0).max(1_000);
const seconds = z.int().min(1).max(315_360_000);

export const X402_PATCH = z
  .strictObject({
    network: z.enum(["base-sepolia", "base"]),
    payTo: z.string().refine(isAddress, { error: "is no address" }),
    sharedPerGB: price,
    privatePerGB: price,
    sharedPerHour: price,
    privatePerHour: price,
    minDuration: seconds,
    maxDuration: seconds,
    minTrafficGB: z.number().min(0.001).max(1_000),
    offerSeconds: seconds,
    replacements: z.int().min(0).max(1_000),
    blockSeconds: z.int().min(1).max(600),
    finalityBlocks: z.int().min(0).max(1_000),
  })
  .partial();
