import type { Api, X402Api } from "../../api";
import { type Property } from "../../domain/kinds";
import { SLOT_TYPES } from "../../domain/slot-type";
import { type Client } from "./client";

/** Args of a function that has none. */
export type NoArgs = Record<string, never>;

/** What an argument is. A "number" is above 0, an "integer" from 0 on. */
export type LookupInput = Property & { readonly type: "string" | "number" | "integer" | "duration" };

/** An argument that the type of the args has as optional is so here, too. */
type InputOf<Value> = LookupInput &
  (undefined extends Value ? { readonly required?: never } : { readonly required: true });

export interface LookupForm<Args, Answer, A> {
  /** Of the function that programs call. */
  readonly name: string;
  readonly inputs: { readonly [name in keyof Args]-?: InputOf<Args[name]> };
  /** Of an answer that is a list: the output that has it, where answers must be objects. */
  readonly list?: string;
  /** Whether answers hold secrets. */
  readonly secret?: true;
  /** @param args as `answerOf` has checked them */
  ask(client: Client<A>, args: Args): Promise<Answer>;
}

/** A function that asks the vendor, for the classes' package and for the plugin. */
export interface Lookup<Args, Answer> extends LookupForm<Args, Answer, Api> {
  readonly keyless?: undefined;
}

/** One of what is open to all: of the account only the URL is used. */
export interface KeylessLookup<Args, Answer> extends LookupForm<Args, Answer, X402Api> {
  readonly keyless: true;
}

export type AnyLookup<Args = object, Answer = unknown> = Lookup<Args, Answer> | KeylessLookup<Args, Answer>;

/** Arguments that several functions have. */
export const TEXT = { type: "string" } as const;
export const PLACE = { ...TEXT, required: true } as const;
export const PORT_ID = { ...TEXT, required: true } as const;
export const SLOT_TYPE = { ...TEXT, oneOf: SLOT_TYPES } as const;
