import * as net from "node:net";
import { z } from "zod";
import { isSafeId } from "./path";
import { clean } from "../text";

/** Entries of one list at most; more are no account's. */
export const MOST_ENTRIES = 20_000;
const MOST = 1e12;
const LONGEST_SECRET = 1_000;
const LONGEST_LINK = 2_000;
/** Statuses and types, also those that no source knows yet. */
export const isWord = (value: string): boolean => /^\w[\w-]{0,39}$/.test(value);
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Most names: nothing to clean. */
const PLAIN = /^[\x21-\x7e][\x20-\x7e]{0,98}[\x21-\x7e]$/;

/** Marks what a field that only informs breaks: it is left out, the answer stands. */
const informs = (message: string) => ({ message, params: { informs: true } });
const isBetween = (least: number, most: number) => (value: number) => value >= least && value <= most;

/** A name or sentence that is shown: one line, at most 300 characters. */
export const requiredName = z.string().transform((value) => (PLAIN.test(value) ? value : clean(value)));
export const text = requiredName.nullish();

/** A status or the like; "unknown" for what is none. */
export const word = z
  .string()
  .transform((value) => (isWord(value) ? value : "unknown"))
  .nullish();

/** One of few words on which decisions rest: left out when it is none. */
export const kind = z.string().refine(isWord, informs("is not a word")).nullish();

export const requiredId = z.string().refine(isSafeId, "is not an id");
export const id = requiredId.nullish();

/** An id that nothing is asked by. */
export const informingId = z.string().refine(isSafeId, informs("is not an id")).nullish();

export const portNumber = z
  .number()
  .refine((value) => Number.isInteger(value) && isBetween(1, 65_535)(value), "is not a port number")
  .nullish();

/** A host name or an address, to connect to. */
export const host = z.string().refine(isHost, "is not a host name or an address").nullish();

/** A public address that was seen. */
export const address = z
  .string()
  .refine((value) => net.isIP(value) > 0, informs("is not an address"))
  .nullish();

/** Login and password become part of URLs and of lines. */
export const login = z
  .string()
  .refine((value) => value.length <= LONGEST_SECRET && !CONTROL.test(value), "is not a login")
  .nullish();

export const link = z
  .string()
  .refine((value) => value.length <= LONGEST_LINK && /^https?:\/\/[\x21-\x7e]+$/.test(value), informs("is not a URL"))
  .nullish();

/** "windows:1"; "" means none. */
export const fingerprint = z
  .string()
  .refine((value) => /^[\w:.-]{0,40}$/.test(value), informs("is not a fingerprint"))
  .nullish();

/** A whole number from 0. */
export const count = z
  .number()
  .refine((value) => Number.isInteger(value) && isBetween(0, 1e9)(value), informs("is not a count"))
  .nullish();

/** A number from 0: GB, milliseconds, a price. */
export const quantity = z.number().refine(isBetween(0, MOST), informs("is not a quantity")).nullish();

/** A number that may be below 0: a balance, days left. */
export const amount = z.number().refine(isBetween(-MOST, MOST), informs("is not an amount")).nullish();

/** Its length is looked at before its entries: each that is broken would cost memory. */
export function listOf<T extends z.ZodType>(entry: T) {
  return z
    .array(z.unknown())
    .refine((list) => list.length <= MOST_ENTRIES, `has more than ${MOST_ENTRIES} entries`)
    .pipe(z.array(entry));
}

/** An object, or the one field of it that says it all. */
export function orJust<T extends z.ZodType>(field: string, schema: T) {
  return z.preprocess((value) => (typeof value === "string" ? { [field]: value } : value), schema);
}

function isHost(value: string): boolean {
  if (net.isIP(value) > 0) return true;
  return value.length <= 253 && value.split(".").every((label) => /^\w([\w-]{0,61}\w)?$/.test(label));
}
