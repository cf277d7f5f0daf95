import ts from "typescript";
import { checker, sourceOf } from "./program.mjs";

/** The definition of the option --json itself. */
const IS_OPTION = /^\{\n {2}type: "boolean"\n\}$/;

/** Deeper parts of an answer are named, not shown. */
const DEEPEST = 4;

/**
 * What a command writes as JSON: the types of all that its file gives to `asJson`, or as a property `json`. Fields with
 * "?" may be missing.
 */
export function jsonForms(file) {
  const source = sourceOf(file);
  const found = new Set();
  const visit = (node) => {
    const given = jsonIn(node);
    if (given) found.add(shapeOf(checker.getTypeAtLocation(given), given, 0));
    ts.forEachChild(node, visit);
  };
  if (source) visit(source);
  return [...found].filter((shape) => shape.includes("\n") && !IS_OPTION.test(shape));
}

function jsonIn(node) {
  if (ts.isCallExpression(node) && node.expression.getText() === "asJson") return node.arguments[0];
  return ts.isPropertyAssignment(node) && node.name.getText() === "json" ? node.initializer : undefined;
}

function shapeOf(type, at, depth) {
  const plain = checker.getNonNullableType(type);
  if (plain.isUnion() && !(plain.flags & ts.TypeFlags.Boolean)) {
    return [...new Set(plain.types.map((one) => shapeOf(one, at, depth)))].sort().join(" | ");
  }
  if (checker.isArrayType(plain) || checker.isTupleType(plain)) {
    const [of] = checker.getTypeArguments(plain);
    const shape = of ? shapeOf(of, at, depth) : "";
    return /^\w+$/.test(shape) || shape.startsWith("{") ? `${shape}[]` : `(${shape})[]`;
  }
  const properties = plain.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) ? plain.getProperties() : [];
  if (properties.length === 0 || depth === DEEPEST || isOfLibrary(plain)) return nameOf(plain);
  const pad = "  ".repeat(depth + 1);
  const lines = properties.map((property) => {
    const own = checker.getTypeOfSymbolAtLocation(property, at);
    const optional = property.flags & ts.SymbolFlags.Optional || mayBeUndefined(own) ? "?" : "";
    return `${pad}${property.name}${optional}: ${shapeOf(own, at, depth + 1)}${docOf(property)}`;
  });
  if (checker.getIndexInfosOfType(plain).length > 0) lines.push(`${pad}[more: string]: unknown`);
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

const nameOf = (type) => checker.typeToString(type).replace(/^true$|^false$/, "boolean");

const mayBeUndefined = (type) => type.isUnion() && type.types.some((one) => one.flags & ts.TypeFlags.Undefined);

const isOfLibrary = (type) =>
  (type.symbol?.declarations ?? []).some((one) => one.getSourceFile().fileName.includes("node_modules"));

function docOf(symbol) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
  return text === "" ? "" : ` // ${text}`;
}
