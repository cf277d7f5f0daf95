import ts from "typescript";
import { isResource, listIn, mapped } from "./languages/schema.mjs";

/**
 * What a program of an example does, for other languages. Values: `{ text }`, `{ number }`, `{ flag }`, `{ list }`,
 * `{ fields }`, or `{ of, member }`: a resource or an answer, or one of its outputs, or a value of the stack's settings.
 *
 * @returns `{ settings: [{ variable, key, isSecret }], resources: [{ variable, package, type, name, fields, provider }],
 *   calls: [{ variable, name, fields }], outputs: [{ name, value }] }`. `calls` are functions that ask the vendor.
 * @throws where the program has something that these forms have no word for
 */
export function readExample(program) {
  const { statements } = ts.createSourceFile("example.ts", program, ts.ScriptTarget.ES2022, true);
  const found = { settings: [], resources: [], calls: [], outputs: [] };
  for (const statement of statements) {
    if (ts.isImportDeclaration(statement)) continue;
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
    const [variable, value] = declared ? [declared.name.text, declared.initializer] : [undefined, statement.expression];
    const isOutput = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isCall(value)) found.calls.push({ variable, ...callOf(value, found) });
    if (isOutput)
      found.outputs.push({ name: variable, value: isCall(value) ? named(variable, found) : valueOf(value, found) });
    else if (isCall(value) || isConfig(value)) continue;
    else if (isSetting(value)) found.settings.push({ variable, ...settingOf(value) });
    else if (ts.isNewExpression(value)) found.resources.push({ variable, ...resourceOf(value, found) });
    else noWordFor(statement);
  }
  return found;
}

const isConfig = (node) => ts.isNewExpression(node) && node.expression.getText() === "pulumi.Config";

const isSetting = (node) => ts.isCallExpression(node) && /^require(Secret)?$/.test(node.expression.name?.text ?? "");

const settingOf = ({ expression, arguments: [key] }) => ({
  key: key.text,
  isSecret: expression.name.text === "requireSecret",
});

function resourceOf({ expression, arguments: [name, args, options] }, found) {
  const { provider } = options ? fieldsOf(options, found) : {};
  const [from, type] = expression.getText().split(".");
  return { package: from, type, name: name.text, fields: args ? fieldsOf(args, found) : {}, provider: provider?.of };
}

/** The Output form of a function of ours. */
const isCall = (node) => ts.isCallExpression(node) && /^proxies\.\w+Output$/.test(node.expression.getText());

function callOf({ expression, arguments: [args, options] }, found) {
  if (options) noWordFor(options);
  // Of a Port a function asks about the vendor's port that serves now.
  const given = (one) => (one.of && isResource(one.of, found) ? { member: "portId", ...one } : one);
  return {
    name: expression.name.text.replace(/Output$/, ""),
    fields: args ? mapped(fieldsOf(args, found), given) : {},
  };
}

/** What a variable stands for: where TypeScript has a list as answer, others have an object with it. */
function named(variable, { calls }) {
  const call = calls.find((one) => one.variable === variable);
  const member = call && listIn(call.name);
  return { of: variable, ...(member && { member }) };
}

const fieldsOf = (object, found) =>
  Object.fromEntries(object.properties.map((one) => [one.name.text, valueOf(one.initializer ?? one.name, found)]));

function valueOf(node, found) {
  if (ts.isStringLiteral(node)) return { text: node.text };
  if (ts.isNumericLiteral(node)) return { number: Number(node.text) };
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
    return { flag: node.kind === ts.SyntaxKind.TrueKeyword };
  if (ts.isArrayLiteralExpression(node)) return { list: node.elements.map((one) => valueOf(one, found)) };
  if (ts.isObjectLiteralExpression(node)) return { fields: fieldsOf(node, found) };
  if (ts.isIdentifier(node)) return named(node.text, found);
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression))
    return { of: node.expression.text, member: node.name.text };
  if (isSetting(node)) {
    const setting = settingOf(node);
    found.settings.push({ variable: setting.key, ...setting });
    return { of: setting.key };
  }
  return noWordFor(node);
}

function noWordFor(node) {
  throw new Error(`docs: no other language has a word for \`${node.getText()}\``);
}
