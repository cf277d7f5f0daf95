import ts from "typescript";
import { type Said, type Sources } from "./sources";
import { type Entry, type NamedTypes, refTo } from "./types";

/** Functions of the plugin, and what their answers are called where they are lists. */
const FUNCTIONS = {
  getCountries: { args: "GetCountriesArgs", list: "countries" },
  getCarriers: { args: "GetCarriersArgs", list: "carriers" },
  getPort: { args: "GetPortArgs" },
} as const;

/** Functions, with the texts and types of those of the SDK. */
export function functionsOf(sources: Sources, named: NamedTypes): Entry {
  return Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, of]) => {
      const inputs = sources.membersOf(of.args);
      const answer = sources.answerOf(name);
      const outputs =
        "list" in of
          ? { properties: { [of.list]: { description: "What was found.", ...answerType(answer, sources, named) } } }
          : { properties: properties(sources.membersIn(answer, name), sources, named) };
      return [
        `proxies-sx:index:${name}`,
        {
          description: firstParagraph(sources.textOf(name)),
          inputs: { type: "object", properties: properties(inputs, sources, named), ...required(inputs) },
          outputs: { type: "object", ...outputs },
        },
      ];
    }),
  );
}

/** What follows is of the SDK's two forms of a function. */
const firstParagraph = (text: string): string => text.split("\n\n")[0] ?? "";

function properties(members: Map<string, Said>, sources: Sources, named: NamedTypes): Entry {
  return Object.fromEntries(
    [...members].map(([name, { text, type }]) => [
      name,
      { ...(text && { description: text }), ...answerType(type, sources, named) },
    ]),
  );
}

function required(members: Map<string, Said>): Entry {
  const names = [...members].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return names.length > 0 ? { required: names } : {};
}

function answerType(type: ts.Type, sources: Sources, named: NamedTypes): Entry {
  if (type.flags & ts.TypeFlags.NumberLike) return { type: "number" };
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
  if (type.flags & ts.TypeFlags.StringLike) return { type: "string" };
  if (type.isUnion())
    return { type: type.types.every(({ flags }) => flags & ts.TypeFlags.BooleanLike) ? "boolean" : "string" };
  const element = sources.elementOf(type);
  if (element) return { type: "array", items: answerType(element, sources, named) };
  const name = type.aliasSymbol?.name ?? type.symbol.name;
  if (name === "__type") return { $ref: "pulumi.json#/Any" };
  const called = `${name}${name.endsWith("Info") ? "" : "Info"}`;
  const token = `proxies-sx:index:${called}`;
  if (!(token in named)) {
    named[token] = {};
    const members = sources.membersIn(type, name);
    named[token] = {
      type: "object",
      description: sources.textOfType(type) || "A part of an answer.",
      properties: properties(members, sources, named),
    };
  }
  return { $ref: refTo(called) };
}
