import { buyerKey } from "../../provider/purchase/owner-key";

const urn = "urn:pulumi:dev::p::t::a";
const within = <T>(backend: string | undefined, look: () => T): T => {
  const before = process.env.PULUMI_BACKEND_URL;
  if (backend === undefined) delete process.env.PULUMI_BACKEND_URL;
  else process.env.PULUMI_BACKEND_URL = backend;
  try {
    return look();
  } finally {
    if (before === undefined) delete process.env.PULUMI_BACKEND_URL;
    else process.env.PULUMI_BACKEND_URL = before;
  }
};

it("tells stacks of one name in two backends, or of two organizations, apart", () => {
  const keys = [
    within("file:///a", () => buyerKey({ urn })),
    within("file:///b", () => buyerKey({ urn })),
    within("file:///a", () => buyerKey({ urn, owner: "acme" })),
    within("file:///a", () => buyerKey({ urn: `${urn}2` })),
  ];
  expect(new Set(keys).size).toBe(4);
  expect(within("file:///a", () => buyerKey({ urn }))).toBe(keys[0]);
});

it("shows no password of a backend", () => {
  expect(within("postgres://user:canary-password@db/x", () => buyerKey({ urn }))).not.toContain("canary");
});

it("is none for a resource that is not known", () => {
  expect(buyerKey({})).toBeUndefined();
});
