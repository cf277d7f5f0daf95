import ts from "typescript";
import { changeOf, type Said, type Sources } from "./sources";
import { enumOf, type Entry, type NamedTypes, refTo } from "./types";

/** What the objects among its inputs are called. */
const OBJECTS: Readonly<Record<string, { name: string; text?: string }>> = {
  locations: { name: "FleetLocation" },
  lease: { name: "FleetLease" },
  credentials: { name: "FleetCredentials" },
  rotation: { name: "FleetRotation", text: "When each member gets a new address by itself, as RotationSettings." },
};
const WHOLE = new Set(["size", "maxRenewalsPerUpdate", "intervalSeconds"]);
const SECRET = new Set(["proxyPassword"]);
/** Objects with parts that may be known later: so may they. */
const OF_LATER = new Set(["credentials", "rotation"]);

const OUTPUTS: Readonly<Record<string, Entry>> = {
  ports: { type: "array", items: { $ref: "#/resources/proxies-sx:index:Port" } },
  httpUrls: { type: "array", items: { type: "string" }, secret: true },
  socks5Urls: { type: "array", items: { type: "string" }, secret: true },
  rotationUrls: { type: "array", items: { type: "string" }, secret: true },
  byCountry: { type: "object", additionalProperties: { type: "integer" } },
  nextRenewalAt: { type: "string" },
};

/** The component ProxyFleet, with the texts and types of the class. What the class takes as plain values is plain here. */
export function fleetOf(sources: Sources, named: NamedTypes): Entry {
  const [args, members] = [sources.membersOf("ProxyFleetArgs"), sources.membersOf("ProxyFleet")];
  const properties = Object.entries(OUTPUTS).map(([name, type]) => {
    const text = members.get(name)?.text;
    if (!text) throw new Error(`schema: ProxyFleet.${name} has no text.`);
    return [name, { description: text, ...type }];
  });
  return {
    isComponent: true,
    description: sources.textOf("ProxyFleet"),
    inputProperties: inputs("ProxyFleetArgs", args, sources, named),
    requiredInputs: requiredOf(args),
    properties: Object.fromEntries(properties) as Entry,
    required: Object.keys(OUTPUTS).filter((name) => name !== "nextRenewalAt"),
  };
}

const requiredOf = (members: Map<string, Said>): string[] =>
  [...members].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);

function inputs(of: string, members: Map<string, Said>, sources: Sources, named: NamedTypes): Entry {
  return Object.fromEntries(
    [...members].map(([name, said]) => {
      if (!said.text) throw new Error(`schema: ${of}.${name} has no text.`);
      const { isLater, types } = bare(said.type);
      const plain = !isLater && !OF_LATER.has(name) && { plain: true };
      const type = typeOf(name, types, plain, sources, named);
      return [
        name,
        { description: said.text + changeOf(said), ...type, ...plain, ...(SECRET.has(name) && { secret: true }) },
      ];
    }),
  );
}

/** The types of which a value may be, and whether it may be known later only. */
function bare(type: ts.Type): { isLater: boolean; types: ts.Type[] } {
  const all = type.isUnion() ? type.types : [type];
  const isLater = ({ symbol }: ts.Type): boolean => ["Promise", "OutputInstance"].includes(symbol?.name);
  const types = all.filter((one) => !isLater(one) && !(one.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)));
  return { isLater: all.some(isLater), types };
}

function typeOf(
  name: string,
  types: readonly ts.Type[],
  plain: object | false,
  sources: Sources,
  named: NamedTypes,
): Entry {
  const has = (flag: ts.TypeFlags): boolean => types.some(({ flags }) => flags & flag);
  const [first] = types;
  if (!first) throw new Error(`schema: ${name} has no type.`);
  if (types.every((one) => one.isStringLiteral()))
    return enumOf(
      name,
      types.map(({ value }) => value),
    );
  // Lengths of time.
  if (has(ts.TypeFlags.NumberLike) && has(ts.TypeFlags.StringLike)) {
    return { oneOf: [{ type: "integer" }, { type: "string" }] };
  }
  if (has(ts.TypeFlags.BooleanLike)) return { type: "boolean" };
  if (has(ts.TypeFlags.NumberLike)) return { type: WHOLE.has(name) ? "integer" : "number" };
  if (has(ts.TypeFlags.StringLike)) return { type: "string" };
  const element = sources.elementOf(first);
  if (element)
    return { type: "array", items: { ...typeOf(name, bare(element).types, plain, sources, named), ...plain } };
  const object = OBJECTS[name];
  if (!object) throw new Error(`schema: the object ${name} has no name.`);
  const members = sources.membersIn(first, object.name);
  named[`proxies-sx:index:${object.name}`] = {
    type: "object",
    description: object.text ?? sources.textOfType(first),
    properties: inputs(object.name, members, sources, named),
    required: requiredOf(members),
  };
  return { $ref: refTo(object.name) };
}
