import ts from "typescript";

/**
 * What a program of an example does, for other languages. Values: `{ text }`, `{ number }`, `{ flag }`, `{ list }`,
 * `{ fields }`, or `{ of, member }`: a resource, or one of its outputs, or a value of the stack's settings.
 *
 * @returns `{ settings: [{ variable, key, isSecret }], resources: [{ variable, package, type, name, fields, provider }],
 *   outputs: [{ name, value, isSecret }] }`
 * @throws where the program has something that these forms have no word for
 */
export function readExample(program) {
  const { statements } = ts.createSourceFile("example.ts", program, ts.ScriptTarget.ES2022, true);
  const found = { settings: [], resources: [], outputs: [] };
  for (const statement of statements) {
    if (ts.isImportDeclaration(statement)) continue;
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : undefined;
    const [variable, value] = declared ? [declared.name.text, declared.initializer] : [undefined, statement.expression];
    const isOutput = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isOutput) found.outputs.push({ name: variable, value: valueOf(value, found) });
    else if (isConfig(value)) continue;
    else if (isSetting(value)) found.settings.push({ variable, ...settingOf(value) });
    else if (ts.isNewExpression(value)) found.resources.push({ variable, ...resourceOf(value, found) });
    else throw new Error(`docs: no other language has a word for \`${statement.getText()}\``);
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

const fieldsOf = (object, found) =>
  Object.fromEntries(object.properties.map((one) => [one.name.text, valueOf(one.initializer ?? one.name, found)]));

function valueOf(node, found) {
  if (ts.isStringLiteral(node)) return { text: node.text };
  if (ts.isNumericLiteral(node)) return { number: Number(node.text) };
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
    return { flag: node.kind === ts.SyntaxKind.TrueKeyword };
  if (ts.isArrayLiteralExpression(node)) return { list: node.elements.map((one) => valueOf(one, found)) };
  if (ts.isObjectLiteralExpression(node)) return { fields: fieldsOf(node, found) };
  if (ts.isIdentifier(node)) return { of: node.text };
  if (ts.isPropertyAccessExpression(node)) return { of: node.expression.getText(), member: node.name.text };
  if (isSetting(node)) {
    const setting = settingOf(node);
    found.settings.push({ variable: setting.key, ...setting });
    return { of: setting.key };
  }
  throw new Error(`docs: no other language has a word for \`${node.getText()}\``);
}
