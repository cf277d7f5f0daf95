import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../project.mjs";

const schema = JSON.parse(readFileSync(path.join(root, "provider", "hosts", "plugin", "schema.json"), "utf8"));

/** A resource of ours as the schema of the plugin has it: an Account is its provider. Undefined for another package's. */
const described = ({ package: from, type }) => {
  if (from !== "proxies") return undefined;
  return type === "Account" ? schema.provider : schema.resources[`proxies-sx:index:${type}`];
};

/** Its inputs, and which of them it needs. */
export const inputsOf = (resource) => described(resource)?.inputProperties ?? {};
export const requiredOf = (resource) => described(resource)?.requiredInputs ?? [];

const functionNamed = (name) => schema.functions[`proxies-sx:index:${name}`];

/** Whether programs in other languages have a function, and what it takes. */
export const isFunction = (name) => functionNamed(name) !== undefined;
export const argumentsOf = ({ name }) => functionNamed(name).inputs.properties;

/** The one output of an answer that TypeScript has as a list; undefined where it has an object. */
export function listIn(name) {
  const [[output, { type }], ...more] = Object.entries(functionNamed(name).outputs.properties);
  return more.length === 0 && type === "array" ? output : undefined;
}

/** Whether there is a resource of that name, whatever an example has. */
export const isClass = (type) => schema.resources[`proxies-sx:index:${type}`] !== undefined;

/** The name under which SDKs and YAML have it. */
export const classOf = ({ type }) => (type === "Account" ? "Provider" : type);

/** The type of ours that a property has; undefined for what Pulumi defines. */
export function typeOf(property) {
  const token = /^#\/types\/(.*:(.*))$/.exec(property?.$ref ?? "");
  return token ? { name: token[2], ...schema.types[token[1]] } : undefined;
}

/** Whether a name of an example is a resource, which inputs take by its id. */
export const isResource = (name, { resources }) => resources.some(({ variable }) => variable === name);

export const mapped = (fields, value) =>
  Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, value(one)]));

export const indented = (text, by) => text.replace(/^(?=.)/gm, by);
