/** A program of no SDK: makes what resources.json declares by the plugin's types, as generated ones do. */
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

const made = {};

/** `{ $of: "a", output: "portId" }` stands for an output of another resource. */
const valueOf = (value) => (value?.$of ? made[value.$of][value.output] : value);

for (const { type, name, args, outputs, options = {} } of JSON.parse(readFileSync("resources.json", "utf8"))) {
  const given = Object.fromEntries(Object.entries(args).map(([input, value]) => [input, valueOf(value)]));
  const unset = Object.fromEntries((outputs ?? []).map((output) => [output, undefined]));
  made[name] = new pulumi.CustomResource(`proxies-sx:index:${type}`, name, { ...unset, ...given }, options);
}

exports.httpUrls = Object.fromEntries(
  Object.entries(made).flatMap(([name, { httpUrl }]) => (httpUrl ? [[name, httpUrl]] : [])),
);
