import { stringify } from "yaml";
import { classOf, isResource, mapped } from "./schema.mjs";

/** An example (see ../example.mjs) as a program in YAML. */
export function inYaml(example) {
  const reference = ({ of, member }) => {
    const path = member ?? (isResource(of, example) ? "id" : undefined);
    return `\${${[of, path].filter(Boolean).join(".")}}`;
  };
  const value = (one) => {
    if (one.list) return one.list.map(value);
    if (one.fields) return mapped(one.fields, value);
    return one.of ? reference(one) : (one.text ?? one.number ?? one.flag);
  };
  const config = example.settings.map(({ key, isSecret }) => [
    key,
    { type: "string", ...(isSecret && { secret: true }) },
  ]);
  const resources = example.resources.map((one) => [
    one.variable ?? one.name,
    {
      type: tokenOf(one),
      properties: mapped(one.fields, value),
      ...(one.provider && { options: { provider: reference({ of: one.provider, member: "" }) } }),
    },
  ]);
  const variables = example.calls.map(({ variable, name, fields }) => [
    variable,
    {
      "fn::invoke": {
        function: `proxies-sx:${name}`,
        ...(Object.keys(fields).length > 0 && { arguments: mapped(fields, value) }),
      },
    },
  ]);
  const outputs = example.outputs.map((one) => [one.name, value(one.value)]);
  const parts = Object.entries({ config, resources, variables, outputs })
    .filter(([, entries]) => entries.length > 0)
    .map(([part, entries]) => [part, Object.fromEntries(entries)]);
  return stringify({ name: "example", runtime: "yaml", ...Object.fromEntries(parts) });
}

function tokenOf(resource) {
  if (resource.package !== "proxies") return `${resource.package}:${resource.type}`;
  return classOf(resource) === "Provider" ? "pulumi:providers:proxies-sx" : `proxies-sx:${resource.type}`;
}
