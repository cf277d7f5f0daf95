import { argumentsOf, classOf, indented, inputsOf, isResource, typeOf } from "./schema.mjs";

const LONGEST_CALL = 85;
const IMPORTS = {
  pulumi: "import pulumi",
  proxies: "import pulumi_proxies_sx as proxies",
  random: "import pulumi_random as random",
};

/** An example (see ../example.mjs) as a program in Python. */
export function inPython(example) {
  const value = (one, property) => {
    if (one.list)
      return bracketed(
        "[",
        one.list.map((each) => value(each, property?.items)),
        "]",
      );
    if (one.fields) {
      const { name, properties } = typeOf(property);
      return bracketed(`proxies.${name}Args(`, keywords(one.fields, properties), ")");
    }
    if (one.of)
      return [snake(one.of), snake(one.member ?? (isResource(one.of, example) ? "id" : ""))].filter(Boolean).join(".");
    if (one.flag !== undefined) return one.flag ? "True" : "False";
    return JSON.stringify(one.text ?? one.number);
  };
  const keywords = (fields, properties) =>
    Object.entries(fields).map(([name, one]) => `${snake(name)}=${value(one, properties[name])}`);
  const setting = ({ variable, key, isSecret }) =>
    `${snake(variable)} = config.${isSecret ? "require_secret" : "require"}(${JSON.stringify(key)})`;
  const resource = (one) => {
    const options = one.provider ? [`opts=pulumi.ResourceOptions(provider=${snake(one.provider)})`] : [];
    const given = [JSON.stringify(one.name), ...keywords(one.fields, inputsOf(one)), ...options];
    const made = bracketed(`${one.package}.${classOf(one)}(`, given, ")");
    return one.variable ? `${snake(one.variable)} = ${made}` : made;
  };
  const call = (one) => {
    const given = keywords(one.fields, argumentsOf(one));
    return `${snake(one.variable)} = ${bracketed(`proxies.${snake(one.name)}_output(`, given, ")")}`;
  };
  const settings = example.settings.map(setting);
  const body = [
    ...(settings.length > 0 ? ["config = pulumi.Config()", ...settings] : []),
    ...example.resources.map(resource),
    ...example.calls.map(call),
    ...example.outputs.map((one) => `pulumi.export("${one.name}", ${value(one.value)})`),
  ].join("\n");
  const imports = Object.keys(IMPORTS).filter((name) => new RegExp(`\\b${name}\\.`).test(body));
  return [...imports.map((name) => IMPORTS[name]), "", body].join("\n");
}

const snake = (name) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();

/** Values on one line, or each on one of its own where that gets too long. */
function bracketed(open, values, close) {
  const line = `${open}${values.join(", ")}${close}`;
  if (line.length <= LONGEST_CALL && !line.includes("\n")) return line;
  return `${open}\n${indented(values.map((value) => `${value},`).join("\n"), "    ")}\n${close}`;
}
