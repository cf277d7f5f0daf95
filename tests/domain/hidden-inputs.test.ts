import { ownerIn, receivedUrn, sentHidden, sentUrn, splitInputs, stackOf } from "../../domain/hidden-inputs";

const TYPE = "pulumi-nodejs:dynamic/proxies-sx:Port";

it.each([
  [undefined, { stack: "dev", name: "a" }, "dev::a"],
  ["acme", { stack: "dev", name: "a::1" }, "acme dev::a::1"],
  [undefined, `urn:pulumi:dev::shop::my:Fleet$${TYPE}::a`, `urn:pulumi:dev::shop::my:Fleet$${TYPE}::a`],
  ["acme", `urn:pulumi:dev::shop::${TYPE}::a b`, `acme urn:pulumi:dev::shop::${TYPE}::a b`],
])("the URN of an owner %s and a resource arrives as it was sent", (owner, at, sent) => {
  expect(sentUrn(owner, at)).toBe(sent);
  const urn = typeof at === "string" ? at : `urn:pulumi:dev::shop::${TYPE}::${at.name}`;
  expect(receivedUrn({ __urn: sent }, TYPE, "shop")).toEqual({ owner, urn });
});

it.each([undefined, null, "", 5])("no URN arrives as %j", (sent) => {
  expect(receivedUrn({ __urn: sent }, TYPE, "shop")).toEqual({});
});

it("a stack has its full name, with the owner where the backend has some", () => {
  const urn = `urn:pulumi:dev::shop::${TYPE}::a`;
  expect([stackOf({ urn }), stackOf({ urn, owner: "acme" }), stackOf({ owner: "acme" })]).toEqual([
    "organization/shop/dev",
    "acme/shop/dev",
    undefined,
  ]);
});

it("what is not known is not sent, and arrives as nothing; what is null is not given", () => {
  const sent = sentHidden<unknown>({ adopt: "p1", hold: 0, portId: undefined });
  expect(Object.keys(sent)).toEqual(["__adopt", "__hold"]);
  const { args, hidden } = splitInputs({ ...sent, country: "DE", carrier: null, cityId: undefined, __slotType: 5 });
  expect(Object.keys(args)).toEqual(["country"]);
  expect(hidden).toEqual({ adopt: "p1", hold: 0, portId: undefined, slotType: undefined });
});

it("an owner that is sent by itself is a text", () => {
  expect([ownerIn({ __owner: "acme" }), ownerIn({ __owner: 5 }), ownerIn({})]).toEqual(["acme", undefined, undefined]);
});
