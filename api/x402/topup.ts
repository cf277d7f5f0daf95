import { z } from "zod";
import { listOf, requiredId, word } from "../fields";
import { present, type Reader, reader } from "../reading";
import { time } from "../time";
import { exactQuantity, requiredUsdc, usdc } from "./fields";
import { type MicroUsdc } from "./money";
import { type Settlement, settlementIn } from "./paying";
import { paymentSchema } from "./session-schema";

/** What a top-up gives. */
export interface ToppedUp {
  sessionId: string;
  /** In total, from now on. */
  allocatedGB?: number;
  /** Epoch ms. */
  expiresAt?: number;
  /** Missing where there was nothing to pay. */
  transactionHash?: string;
  paid?: MicroUsdc;
  /** Ids, and epoch ms. */
  ports?: { id: string; expiresAt?: number }[];
  settlement?: Settlement;
}

export const readToppedUp: Reader<ToppedUp> = reader(
  z.object({
    sessionId: requiredId,
    trafficAllocatedGB: exactQuantity,
    expiresAt: time,
    payment: paymentSchema.nullish(),
    ports: listOf(z.object({ id: requiredId, expiresAt: time })).nullish(),
  }),
  ({ sessionId, trafficAllocatedGB, expiresAt, payment, ports }, context) =>
    present<ToppedUp>({
      sessionId,
      allocatedGB: trafficAllocatedGB,
      expiresAt,
      transactionHash: payment?.transactionHash ?? payment?.txHash,
      paid: payment?.amountUSDC ?? payment?.amountPaid,
      ports: ports?.map((port) => present(port)),
      settlement: settlementIn(context),
    }),
);

/** What a top-up would cost. */
export interface TopupPrice {
  total: MicroUsdc;
  trafficCost?: MicroUsdc;
  durationCost?: MicroUsdc;
  perGB?: MicroUsdc;
  tier?: string;
}

export const readTopupPrice: Reader<TopupPrice> = reader(
  z.object({
    trafficCost: usdc,
    durationCost: usdc,
    totalCost: requiredUsdc,
    breakdown: z.object({ trafficPricePerGB: usdc, tier: word }).nullish(),
  }),
  ({ totalCost, trafficCost, durationCost, breakdown }) =>
    present<TopupPrice>({
      total: totalCost,
      trafficCost,
      durationCost,
      perGB: breakdown?.trafficPricePerGB,
      tier: breakdown?.tier,
    }),
);
