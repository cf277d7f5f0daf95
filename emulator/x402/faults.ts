import { z } from "zod";
import { validate } from "../world/validate";

/**
 * What goes wrong inside a payment. An answer that is lost or replaced is a fault of the API: `path: "/x402/proxy"` with
 * `paid: true`.
 */
export interface X402Fault {
  /**
   * settleRefused: the facilitator refuses, nothing moves.
   * settleLate: 402, and the payment is mined so many seconds later.
   * settleLost: 402, though the payment is mined.
   * outOfStock: paid, then 409; sent again it is delivered.
   * terms: other terms than were offered: 402 with those, nothing moves.
   * hashRefused: a transaction that is mined is refused.
   */
  kind: "settleRefused" | "settleLate" | "settleLost" | "outOfStock" | "terms" | "hashRefused";
  /** How often it strikes; for ever by default. */
  times?: number;
  /** So many calls that it could strike pass unharmed before. */
  after?: number;
  /** Of settleLate. @default 30 */
  seconds?: number;
  /** Of terms: the price by a quarter, or by one micro-USDC, or another payee, asset or network. @default "price" */
  change?: "price" | "unit" | "payTo" | "asset" | "network";
}

const FAULT = z.strictObject({
  kind: z.enum(["settleRefused", "settleLate", "settleLost", "outOfStock", "terms", "hashRefused"]),
  times: z.int().min(0).optional(),
  after: z.int().min(0).optional(),
  seconds: z.number().min(1).max(86_400).optional(),
  change: z.enum(["price", "unit", "payTo", "asset", "network"]).optional(),
});
const MOST = 1_000;

export class X402Faults {
  private armed: { rule: X402Fault; seen: number; struck: number }[] = [];

  /** All of them or none. */
  add(...given: X402Fault[]): void {
    const rules = given.map((rule) =>
      validate<X402Fault>(FAULT, rule, "a fault has no field", Object.keys(FAULT.shape)),
    );
    if (this.armed.length + rules.length > MOST) throw new Error(`there are ${MOST} faults at most; delete some`);
    this.armed.push(...rules.map((rule) => ({ rule, seen: 0, struck: 0 })));
  }

  list(): (X402Fault & { struck: number })[] {
    return this.armed.map(({ rule, struck }) => ({ ...rule, struck }));
  }

  clear(): void {
    this.armed = [];
  }

  /** The first fault of the kind that strikes now. */
  strike(kind: X402Fault["kind"]): X402Fault | undefined {
    for (const each of this.armed) {
      if (each.rule.kind !== kind) continue;
      each.seen++;
      if (each.seen <= (each.rule.after ?? 0) || each.struck >= (each.rule.times ?? Infinity)) continue;
      each.struck++;
      return each.rule;
    }
    return undefined;
  }
}
