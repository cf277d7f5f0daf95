import { nameOf, qualifiedTypeOf } from "../../domain/urn";

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
