import { nameOf, qualifiedTypeOf, urnUnder } from "../../domain/urn";

const PORT = "pulumi-nodejs:dynamic/proxies-sx:Port";

it.each(["a", "a::1", "team::a::1", "::", "a:b", "a::", "$"])(
  "the name %j comes out of a URN as it went in",
  (name) => {
    for (const type of [PORT, `proxies-sx:index:ProxyFleet$${PORT}`]) {
      const urn = `urn:pulumi:dev::test::${type}::${name}`;
      expect([nameOf(urn), qualifiedTypeOf(urn)]).toEqual([name, type]);
    }
  },
);

it.each(["", "x", "urn:pulumi:dev::test"])("what is no URN, as %j, is its own name", (text) => {
  expect(nameOf(text)).toBe(text);
});

describe("a resource has one URN under each host", () => {
  const [dynamic, plugin] = ["pulumi-nodejs:dynamic/proxies-sx:Port", "proxies-sx:index:Port"];
  const urn = (type: string): string => `urn:pulumi:dev::test::${type}::a::1`;

  it.each([
    [plugin, dynamic, plugin],
    [dynamic, dynamic, plugin],
    // A component of this package is none that a host carries out.
    [
      `proxies-sx:index:ProxyFleet$${plugin}`,
      `proxies-sx:index:ProxyFleet$${dynamic}`,
      `proxies-sx:index:ProxyFleet$${plugin}`,
    ],
    [`${plugin}$my:index:Port`, `${dynamic}$my:index:Port`, `${plugin}$my:index:Port`],
    [
      `pulumi:providers:proxies-sx$my:index:Group$${plugin}`,
      `pulumi:providers:pulumi-nodejs$my:index:Group$${dynamic}`,
      `pulumi:providers:proxies-sx$my:index:Group$${plugin}`,
    ],
    ["pulumi:providers:proxies-sx", "pulumi:providers:proxies-sx", "pulumi:providers:proxies-sx"],
    ["random:index:Pet", "random:index:Pet", "random:index:Pet"],
  ])("%s", (type, ofDynamic, ofPlugin) => {
    expect(urnUnder("dynamic", urn(type))).toBe(urn(ofDynamic));
    expect(urnUnder("plugin", urn(type))).toBe(urn(ofPlugin));
  });

  it.each(["", "x", "urn:pulumi:dev::test"])("what is no URN, as %j, stays", (text) => {
    expect(urnUnder("plugin", text)).toBe(text);
  });
});
