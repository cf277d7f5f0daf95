import { exposedNames, type Kind, type KindName, KINDS, secretNames, typeOf } from "../../domain/kinds";
import { PROVIDER_SETTINGS } from "../../domain/provider-settings";

/** The committed schema against the table of kinds. That it is what the sources say is seen by `npm run check:schema`. */
interface Property {
  description?: string;
  secret?: boolean;
  willReplaceOnChanges?: boolean;
  $ref?: string;
  type?: string;
  oneOf?: object[];
  plain?: boolean;
  items?: Property;
}
interface Resource {
  isComponent?: boolean;
  aliases: { type: string }[];
  inputProperties: Record<string, Property>;
  requiredInputs: string[];
  properties: Record<string, Property>;
}
interface Members {
  description?: string;
  properties?: Record<string, Property>;
}
const schema = jest.requireActual<{
  resources: Record<string, Resource>;
  functions: Record<string, { description: string; inputs: Members; outputs: Members }>;
  types: Record<string, Members>;
  config: { variables: Record<string, Property> };
}>("../../provider/hosts/plugin/schema.json");

const kinds = Object.keys(KINDS) as KindName[];
const resourceOf = (kind: KindName): Resource => schema.resources[typeOf(kind, "plugin")] as Resource;
const namesWith = (properties: Record<string, Property>, has: (one: Property) => unknown): string[] =>
  Object.keys(properties).filter((name) => has(properties[name] as Property));

const FLEET = "proxies-sx:index:ProxyFleet";

test("each kind is a resource, and beside them there is the fleet", () => {
  const types = kinds.map((kind) => typeOf(kind, "plugin"));
  expect(Object.keys(schema.resources).sort()).toEqual([...types, FLEET].sort());
});

test("the fleet is a component: what decides on its members is plain, and what they only get may be known later", () => {
  const { isComponent, inputProperties, properties, requiredInputs } = schema.resources[FLEET] as Resource;
  expect(isComponent).toBe(true);
  expect(requiredInputs).toEqual(["size", "locations", "lease"]);
  const later = namesWith(inputProperties, ({ plain }) => !plain);
  expect(later.sort()).toEqual(["credentials", "osFingerprint", "rotation"]);
  expect(inputProperties.locations?.items?.plain).toBe(true);
  expect(namesWith(properties, ({ secret }) => secret).sort()).toEqual(["httpUrls", "rotationUrls", "socks5Urls"]);
  const { properties: login } = schema.types["proxies-sx:index:FleetCredentials"] as Pick<Resource, "properties">;
  expect(namesWith(login, ({ secret }) => secret)).toEqual(["proxyPassword"]);
});

test("what a fleet takes for the rotation of its members is what RotationSettings take", () => {
  const { properties: rotation } = schema.types["proxies-sx:index:FleetRotation"] as Pick<Resource, "properties">;
  const { port, ...own } = resourceOf("RotationSettings").inputProperties;
  expect(port).toBeDefined();
  expect(Object.keys(rotation).sort()).toEqual(Object.keys(own).sort());
  for (const [name, { type }] of Object.entries(own)) expect(rotation[name]?.type).toBe(type);
});

test.each(kinds)("%s has the inputs and outputs of the table, each with a text and a type", (kind) => {
  const { inputs }: Kind = KINDS[kind];
  const { inputProperties, properties, requiredInputs, aliases } = resourceOf(kind);
  // Check adds two to a CountryChoice.
  const given = Object.keys(inputs).filter((name) => kind !== "CountryChoice" || !/^(country|carrier)$/.test(name));
  expect(Object.keys(inputProperties)).toEqual(given);
  const urls = "connection" in KINDS[kind] ? ["httpUrl", "socks5Url"] : [];
  expect(Object.keys(properties).sort()).toEqual([...exposedNames(kind), ...urls].sort());
  for (const one of [...Object.values(inputProperties), ...Object.values(properties)]) {
    expect(one.description).toMatch(/\w/);
    expect(one.$ref ?? one.type ?? one.oneOf).toBeDefined();
  }
  expect(requiredInputs).toEqual(given.filter((name) => inputs[name]?.required));
  expect(aliases).toEqual([{ type: typeOf(kind) }]);
});

test.each(kinds)("%s: secrets are secret, and what makes a new object says so", (kind) => {
  const { inputs }: Kind = KINDS[kind];
  const { inputProperties, properties } = resourceOf(kind);
  const secrets = secretNames(kind).filter((name) => !name.startsWith("__"));
  const told = namesWith(properties, ({ secret }) => secret).filter((name) => !/^(httpUrl|socks5Url)$/.test(name));
  expect(told.sort()).toEqual([...secrets].sort());
  const replacing = namesWith(inputProperties, (one) => one.willReplaceOnChanges);
  expect(replacing.sort()).toEqual(
    Object.keys(inputs)
      .filter((name) => inputs[name]?.replaces)
      .sort(),
  );
});

test("functions and types: each has a text, and each property of theirs", () => {
  const functions = Object.entries(schema.functions).flatMap(([token, { description, inputs, outputs }]) => [
    [token, { description, ...inputs }] as const,
    [token, { description, ...outputs }] as const,
  ]);
  for (const [token, { description, properties = {} }] of [...functions, ...Object.entries(schema.types)]) {
    expect([token, description]).toEqual([token, expect.stringMatching(/\w/)]);
    for (const [name, one] of Object.entries(properties))
      expect([token, name, one.description]).toEqual([token, name, expect.stringMatching(/\w/)]);
  }
});

test("texts say what a change of an input does, and hold no tag of a docstring", () => {
  expect(resourceOf("Port").inputProperties.slotType?.description).toMatch(/\n\nChange: Replaces the resource: \w/);
  expect(resourceOf("Port").properties.slotType?.description).not.toContain("Change:");
  expect(JSON.stringify(schema)).not.toMatch(/@(change|default|example|link|throws)/);
});

test("what the schema refers to is in it", () => {
  const refs = [...JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)].map(([, token]) => token as string);
  expect(refs.length).toBeGreaterThan(0);
  for (const token of refs) expect(schema.types).toHaveProperty([token]);
});

test("settings of the provider are those that it reads, and the key is a secret", () => {
  expect(Object.keys(schema.config.variables)).toEqual(Object.keys(PROVIDER_SETTINGS));
  expect(namesWith(schema.config.variables, ({ secret }) => secret)).toContain("apiKey");
});
