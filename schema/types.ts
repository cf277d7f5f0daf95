import { KINDS, type Property } from "../domain/kinds";
import { SLOT_TYPES } from "../domain/slot-type";
import { type Sources } from "./sources";

/** A property, a type or a function of a schema. */
export type Entry = Record<string, unknown>;
/** By token. */
export type NamedTypes = Record<string, Entry>;

/** Names of the enums. None is also a resource's: generators would rename it. */
export const ENUMS: Readonly<Record<string, { text: string; values: readonly string[] }>> = {
  SlotType: { text: "Shares of a device, or a device of one's own.", values: SLOT_TYPES },
  OnExpired: { text: "What a run does about what has expired or is gone.", values: KINDS.Port.inputs.onExpired.oneOf },
  ChoiceBy: { text: "What decides between countries.", values: KINDS.CountryChoice.inputs.by.oneOf },
  WalletNetwork: { text: "A chain that a wallet pays on.", values: KINDS.X402Lease.inputs.network.oneOf },
  X402SessionFilter: { text: "Which sessions are listed.", values: ["active", "expired", "all"] },
  PaymentProof: { text: "How the vendor is shown that it is paid.", values: KINDS.X402Lease.inputs.proof.oneOf },
};

/** Names of the interfaces that lists are of. */
const ITEMS = { retiringPorts: "RetiringPort", receipts: "X402Receipt" } as const;

export const refTo = (name: string): string => `#/types/proxies-sx:index:${name}`;

/** The type of a property as a schema writes it. */
export function typeFor(name: string, { type, oneOf }: Property, sources: Sources, named: NamedTypes): Entry {
  switch (type) {
    case "string":
      return oneOf ? enumOf(name, oneOf) : { type: "string" };
    case "number":
    case "integer":
    case "boolean":
      return { type };
    case "duration":
      return { oneOf: [{ type: "integer" }, { type: "string" }] };
    case "usdc":
      return { oneOf: [{ type: "number" }, { type: "string" }] };
    case "strings":
      return { type: "array", items: { type: "string" } };
    case "any":
      return { type: "array", items: { $ref: "pulumi.json#/Any" } };
    case "retiringPorts":
    case "receipts":
      return { type: "array", items: { $ref: objectType(ITEMS[type], sources, named) } };
    case "found":
    case "sentBetween":
    case "openOrder":
      throw new Error(`schema: ${name} is of a type that only the provider knows.`);
  }
}

/** Values with a colon, as those of fingerprints, or that begin with a digit make no names of constants: they are texts. */
export function enumOf(name: string, values: readonly string[]): Entry {
  const found = Object.entries(ENUMS).find(([, one]) => one.values.join() === values.join());
  if (found) return { $ref: refTo(found[0]) };
  if (values.some((value) => !/^[A-Za-z_][\w-]*$/.test(value))) return { type: "string" };
  throw new Error(`schema: the values of ${name} have no name in ENUMS.`);
}

/** A reference to an interface of the SDK, which is added to the types. */
function objectType(name: string, sources: Sources, named: NamedTypes): string {
  const members = sources.membersOf(name);
  named[`proxies-sx:index:${name}`] = {
    description: sources.textOf(name),
    ...objectOf(name, members),
  };
  return refTo(name);
}

function objectOf(name: string, members: ReturnType<Sources["membersOf"]>): Entry {
  const properties = [...members].map(([member, { text }]) => {
    if (!text) throw new Error(`schema: ${name}.${member} has no text.`);
    return [member, { description: text, type: "string" }];
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties) as Entry,
    required: [...members].filter(([, { isOptional }]) => !isOptional).map(([member]) => member),
  };
}
