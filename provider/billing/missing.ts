import { isDeepStrictEqual } from "node:util";

/** What a state tells of the traffic that a resource bought. */
export interface Counted {
  triggers?: unknown;
  /** GB that were bought since the triggers changed last. */
  __countedGB?: unknown;
}

/** GB that are to be bought for what a program declares: all where the triggers changed, else what is not there yet. */
export function missingGB(olds: Counted, news: { amountGB: number; triggers?: unknown }): number {
  if (!isDeepStrictEqual(news.triggers, olds.triggers)) return news.amountGB;
  return Math.max(0, news.amountGB - (typeof olds.__countedGB === "number" ? olds.__countedGB : 0));
}
