import ts from "typescript";
import { LOOKUPS } from "../provider/lookups";
import { type AnyLookup, type LookupInput } from "../provider/lookups/lookup";
import { type Said, type Sources } from "./sources";
import { type Entry, type NamedTypes, refTo, typeFor } from "./types";

/** Functions, with the texts and types of those of the SDK. */
export function functionsOf(sources: Sources, named: NamedTypes): Entry {
  return Object.fromEntries(
    LOOKUPS.map((lookup) => [
      `proxies-sx:index:${lookup.name}`,
      {
        description: firstParagraph(sources.textOf(lookup.name)),
        inputs: inputsOf(lookup, sources, named),
        outputs: outputsOf(lookup, sources, named),
      },
    ]),
  );
}

/** What follows is of the SDK's two forms of a function. */
const firstParagraph = (text: string): string => text.split("\n\n")[0] ?? "";

function inputsOf({ name, inputs }: AnyLookup, sources: Sources, named: NamedTypes): Entry {
  const said = sources.argsOf(name);
  const all = Object.entries(inputs as Readonly<Record<string, LookupInput>>);
  if ([...said.keys()].sort().join() !== Object.keys(inputs).sort().join())
    throw new Error(`schema: the arguments of ${name} are not those of its entry.`);
  const properties = all.map(([input, one]) => [
    input,
    {
      description: textFor(`${name}.${input}`, said.get(input)),
      ...typeFor(input, one, sources, named),
      ...(one.secret && { secret: true }),
    },
  ]);
  const needed = all.filter(([, one]) => one.required).map(([input]) => input);
  return {
    type: "object",
    properties: Object.fromEntries(properties) as Entry,
    ...(needed.length > 0 && { required: needed }),
  };
}

/** Each is secret where the answer holds secrets: the plugin gives it as one in whole. */
function outputsOf({ name, list, secret }: AnyLookup, sources: Sources, named: NamedTypes): Entry {
  const answer = sources.answerOf(name);
  const isList = sources.elementOf(answer) !== undefined;
  if (isList !== (list !== undefined))
    throw new Error(`schema: only where the answer of ${name} is a list it is named.`);
  const { properties, required } =
    list === undefined
      ? objectOf(sources.membersIn(answer, name), nameOf(answer), sources, named)
      : {
          properties: {
            [list]: { description: FOUND, ...answerType(answer, { name: list, text: FOUND }, sources, named) },
          },
          required: [list],
        };
  const marked = Object.entries(properties).map(([output, one]) => [output, { ...one, ...(secret && { secret }) }]);
  return { type: "object", properties: Object.fromEntries(marked) as Entry, ...(required.length > 0 && { required }) };
}

/** @param of what objects without a name of their own are called by */
function objectOf(members: Map<string, Said>, of: string, sources: Sources, named: NamedTypes) {
  const properties = [...members].map(([name, said]): [string, Entry] => [
    name,
    {
      description: textFor(`${of}.${name}`, said),
      ...answerType(said.type, { name: nameWithin(of, name), text: said.text }, sources, named),
    },
  ]);
  const required = [...members].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return { properties: Object.fromEntries(properties), required };
}

const nameWithin = (of: string, member: string): string =>
  of.replace(/Info$/, "") + member.replace(/^./, (first) => first.toUpperCase());

function textFor(what: string, said: Said | undefined): string {
  if (said?.text) return said.text;
  throw new Error(`schema: ${what} has no text.`);
}

/** The only output of a function whose answer is a list. */
const FOUND = "What was found.";

const NONE = "__type";
const nameOf = (type: ts.Type): string => type.aliasSymbol?.name ?? type.symbol.name;

/** @param otherwise of an object that has no name of its own */
function answerType(
  type: ts.Type,
  otherwise: { name: string; text: string },
  sources: Sources,
  named: NamedTypes,
): Entry {
  const primitive = primitiveOf(type.isUnion() ? type.types : [type]);
  if (primitive) return primitive;
  const element = sources.elementOf(type);
  if (element) return { type: "array", items: answerType(element, otherwise, sources, named) };
  const value = sources.valueIn(type);
  if (value) return { type: "object", additionalProperties: answerType(value, otherwise, sources, named) };
  const hasName = nameOf(type) !== NONE;
  const name = hasName ? nameOf(type) : otherwise.name;
  const called = `${name.replace(/Info$/, "")}Info`;
  const token = `proxies-sx:index:${called}`;
  if (!(token in named)) {
    named[token] = {};
    const { properties, required } = objectOf(sources.membersIn(type, name), name, sources, named);
    named[token] = {
      type: "object",
      description: (hasName && sources.textOfType(type)) || otherwise.text,
      properties,
      ...(required.length > 0 && { required }),
    };
  }
  return { $ref: refTo(called) };
}

/** Of values that are objects there is none, and what may be of two types is of any. */
function primitiveOf(types: readonly ts.Type[]): Entry | undefined {
  const kinds = new Set(
    types.map(({ flags }) => {
      if (flags & ts.TypeFlags.NumberLike) return "number";
      if (flags & ts.TypeFlags.BooleanLike) return "boolean";
      return flags & ts.TypeFlags.StringLike ? "string" : undefined;
    }),
  );
  const [kind] = kinds;
  if (kinds.size > 1) return { $ref: "pulumi.json#/Any" };
  return kind && { type: kind };
}
