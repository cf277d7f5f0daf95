import { formatUsdc, parseUsdc } from "../api";
import { adoptIn } from "../domain/hidden-inputs";
import { isKind } from "../domain/kinds";
import { isOver, leaseIn, timeOf } from "../domain/lease";
import { isMoved, lacksTraffic } from "../provider/x402-lease/need";
import { type Known } from "./known";
import { type Preview, type PreviewStep } from "./preview";

/** A lease that a wallet pays for, and what a run does to it. Amounts are USDC, as "4.00". */
export interface LeaseChange {
  urn: string;
  name: string;
  country: string;
  does: "pay" | "renew" | "raise" | "move" | "adopt" | "change" | "keep" | "forget";
  /** The most that the run pays for it. */
  mostNow: Known<string>;
  /** What its receipts hold of the 30 days before. */
  paidLately: string;
}

type Values = Readonly<Record<string, unknown>>;

const MONTH_MS = 30 * 86_400_000;

/** @param now epoch ms */
export const leaseChanges = ({ steps }: Preview, now: number): LeaseChange[] =>
  steps.filter(({ type, op }) => isKind("X402Lease", type) && op !== "read").map((step) => leaseChange(step, now));

function leaseChange(step: PreviewStep, now: number): LeaseChange {
  const { urn, name, old, new: next } = step;
  const does = deedOf(step, now);
  const { country } = next?.inputs ?? old?.inputs ?? {};
  return {
    urn,
    name,
    country: typeof country === "string" ? country : "",
    does,
    mostNow: mostFor(does, next?.inputs ?? {}),
    paidLately: paidLately(old?.outputs ?? {}, now),
  };
}

function deedOf({ op, old, new: next }: PreviewStep, now: number): LeaseChange["does"] {
  if (op === "delete" || !next) return "forget";
  if (op === "replace") return "pay";
  if (op === "create") return adoptIn(next.inputs) === undefined ? "pay" : "adopt";
  return updateOf(old?.outputs ?? {}, next.inputs, now) ?? (op === "same" ? "keep" : "change");
}

/** What an update does to a lease, by the provider's own rules; undefined where it costs nothing for sure. */
export function updateOf(outputs: Values, inputs: Values, now: number): "renew" | "raise" | "move" | undefined {
  if (isOver(leaseIn(outputs), now)) return (inputs.onExpired ?? "replace") === "replace" ? "renew" : undefined;
  if (lacksTraffic(outputs.trafficAllocatedGB, inputs.trafficGB)) return "raise";
  return isMoved(outputs, inputs) ? "move" : undefined;
}

/** A run pays at most the maxPrice of a lease. A move is free, but for one that the vendor makes no more. */
export function mostFor(does: LeaseChange["does"], { maxPrice }: Values): Known<string> {
  if (does === "adopt" || does === "change" || does === "keep" || does === "forget") return { value: formatUsdc(0n) };
  const most = parseUsdc(maxPrice);
  return most === undefined ? { unknown: "maxPrice is known only when the program runs" } : { value: formatUsdc(most) };
}

export function paidLately({ receipts }: Values, now: number): string {
  const told = Array.isArray(receipts) ? (receipts as { amount?: unknown; at?: unknown }[]) : [];
  return sumOf(told.filter(({ at }) => (timeOf(at) ?? 0) > now - MONTH_MS).map(({ amount }) => amount));
}

/** Of amounts of USDC. What is none counts as nothing. */
export const sumOf = (amounts: readonly unknown[]): string =>
  formatUsdc(amounts.reduce<bigint>((sum, one) => sum + (parseUsdc(one) ?? 0n), 0n));

/** Whether one amount of USDC is more than another. */
export const isMore = (amount: string, than: number): boolean => (parseUsdc(amount) ?? 0n) > (parseUsdc(than) ?? 0n);
