import path from "node:path";
import ts from "typescript";
import { root } from "../project.mjs";
import { checker, sourceOf } from "./program.mjs";

/**
 * What programs import, as the compiler sees it: each export of sdk/index.ts with its docstring and its members.
 * `classes`: resources, components and providers. `functions`: without their Output forms.
 */
export function readSdk() {
  const index = sourceOf("sdk/index.ts");
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(index)).map((symbol) => {
    const isAlias = symbol.flags & ts.SymbolFlags.Alias;
    return { name: symbol.name, symbol: isAlias ? checker.getAliasedSymbol(symbol) : symbol };
  });
  return {
    classes: exported.filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Class).map((one) => classOf(one)),
    functions: exported
      .filter(({ name, symbol }) => symbol.flags & ts.SymbolFlags.Function && !isOutputForm(name, exported))
      .map((one) => functionOf(one, exported)),
    typeNamed: (name) => {
      const found = exported.find((one) => one.name === name && !(one.symbol.flags & ts.SymbolFlags.Function));
      return found && typeOf(found.symbol);
    },
  };
}

const isOutputForm = (name, exported) =>
  name.endsWith("Output") && exported.some((other) => `${other.name}Output` === name);

function classOf({ name, symbol }) {
  const declaration = symbol.declarations.find(ts.isClassDeclaration);
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  const args = constructor.parameters.find((parameter) => parameter.name.text === "args");
  return {
    ...about(symbol, name),
    inputs: membersOf(checker.getTypeAtLocation(args.type)),
    outputs: declaration.members
      .filter((member) => ts.isPropertyDeclaration(member) || ts.isGetAccessor(member))
      .filter((member) => !ts.getCombinedModifierFlags(member) || !isHidden(member))
      .map((member) => memberOf(checker.getSymbolAtLocation(member.name))),
  };
}

const isHidden = (member) =>
  (ts.getCombinedModifierFlags(member) &
    (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static)) !==
  0;

function functionOf({ name, symbol }, exported) {
  const declaration = symbol.declarations.find(ts.isFunctionDeclaration);
  const signature = checker.getSignatureFromDeclaration(declaration);
  return {
    ...about(symbol, name),
    hasOutputForm: exported.some((other) => other.name === `${name}Output`),
    parameters: signature.getParameters().map((parameter) => ({
      ...memberOf(parameter),
      optional: isOptional(parameter),
    })),
    args: signature
      .getParameters()
      .filter((parameter) => ["args", "filter"].includes(parameter.name))
      .flatMap((parameter) => argsOf(parameter)),
    answer: textOf(declaration.type),
    answerTypes: namesIn(declaration.type),
  };
}

/** Members of the interface of args; where options may stand in its place, those of the first. */
function argsOf(parameter) {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
  const first = type.isUnion() ? type.types.find((one) => /Args$/.test(one.symbol?.name ?? "")) : type;
  return membersOf(first ?? type);
}

/** A type that an input, an output or an answer names. Of what is no object there is nothing to say. */
function typeOf(symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0;
  return { ...about(symbol), members: isObject ? membersOf(type) : [] };
}

const membersOf = (type) => checker.getPropertiesOfType(type).map((property) => memberOf(property));

function memberOf(symbol) {
  const declaration = symbol.declarations?.[0];
  return {
    ...about(symbol),
    optional: isOptional(symbol),
    type: textOf(declaration?.type),
    types: namesIn(declaration?.type),
  };
}

const isOptional = (symbol) =>
  (symbol.flags & ts.SymbolFlags.Optional) !== 0 ||
  (symbol.declarations ?? []).some((one) => ts.isParameter(one) && Boolean(one.questionToken ?? one.initializer));

/** A name with its docstring: text, and tags by their names. */
function about(symbol, name = symbol.name) {
  const tags = symbol.getJsDocTags(checker);
  const tag = (wanted) => {
    const found = tags.find((one) => one.name === wanted);
    return found && ts.displayPartsToString(found.text).trim();
  };
  return {
    name,
    file: path.relative(root, symbol.declarations?.[0]?.getSourceFile().fileName ?? ""),
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    default: tag("default"),
    example: tag("example"),
    change: tag("change"),
  };
}

const WRAPPERS = ["Input", "Output", "Promise"];

/** A type as a reader of a page needs it: without Input, Output, Promise and undefined. */
function textOf(node) {
  if (!node) return "";
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText().replace(/^(pulumi|api)\./, "");
    if (name === "PortRef") return "Port or string";
    if (WRAPPERS.includes(name)) return textOf(node.typeArguments[0]);
    return name === "Omit" || name === "OutputArgs" ? textOf(node.typeArguments[0]) : withArguments(name, node);
  }
  if (ts.isUnionTypeNode(node)) {
    return node.types
      .map(textOf)
      .filter((text) => text !== "undefined")
      .join(" or ");
  }
  if (ts.isArrayTypeNode(node)) {
    const of = textOf(node.elementType);
    return of.includes(" or ") ? `(${of})[]` : `${of}[]`;
  }
  if (ts.isParenthesizedTypeNode(node)) return textOf(node.type);
  return node
    .getText()
    .replace(/\/\*\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/\bapi\./g, "");
}

const withArguments = (name, { typeArguments = [] }) =>
  typeArguments.length === 0 ? name : `${name}<${typeArguments.map(textOf).join(", ")}>`;

/** Names of the types that a type is made of. */
function namesIn(node) {
  if (!node) return [];
  const own = ts.isTypeReferenceNode(node) ? [node.typeName.getText().replace(/^.*\./, "")] : [];
  const below = [];
  ts.forEachChild(node, (child) => void below.push(...namesIn(child)));
  return [...own, ...below];
}
