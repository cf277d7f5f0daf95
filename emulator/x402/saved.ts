import { z } from "zod";

const number = z.number();
const text = z.string();

/** What the rules build upon; a file that lacks it is no world, or a broken one. */
export const SAVED_X402 = z.looseObject({
  network: text,
  ledger: z.looseObject({
    blocks: z.looseObject({
      anchors: z.array(z.looseObject({ number, time: number })).min(1),
      forks: z.array(z.looseObject({ from: number, id: number })),
    }),
    transactions: z.array(
      z.looseObject({
        hash: text,
        from: text,
        to: text,
        block: number.nullable(),
        status: z.enum(["waiting", "success", "reverted"]),
        effect: z.looseObject({ from: text, to: text, value: z.string().regex(/^\d+$/) }).optional(),
      }),
    ),
    gasMoney: z.record(text, z.string().regex(/^\d+$/)),
    mining: z.enum(["auto", "manual"]),
    made: number,
  }),
  sessions: z.array(
    z.looseObject({ id: text, token: text, wallet: text, portId: text, allocatedGB: number, expiresAt: number }),
  ),
  payments: z.array(z.looseObject({ txHash: text, payer: text, amount: z.string().regex(/^\d+$/), key: text })),
  offers: z.array(z.looseObject({ id: text, key: text, amount: z.string().regex(/^\d+$/) })),
  agents: z.array(z.looseObject({ walletAddress: text })),
});
