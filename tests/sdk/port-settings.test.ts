import * as pulumi from "@pulumi/pulumi";
import * as proxies from "../../sdk";

/** What two resources of one program claim both, known to the program before any preview knows the port's id. */
let run: object;
beforeEach(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: () => ({}),
  });
  run = {};
  jest.spyOn(pulumi.runtime, "getStackResource").mockImplementation(() => run as never);
});
afterEach(() => jest.restoreAllMocks());

const port = (name = "p", options?: pulumi.CustomResourceOptions): proxies.Port =>
  new proxies.Port(name, { country: "DE", expiresIn: "30d" }, options);

const MAKERS: [string, (name: string, of: proxies.PortRef) => pulumi.Resource][] = [
  ["RotationSettings", (name, of) => new proxies.RotationSettings(name, { port: of, intervalSeconds: 900 })],
  ["Credentials", (name, of) => new proxies.Credentials(name, { port: of, proxyLogin: "a", proxyPassword: "b" })],
  ["OsFingerprint", (name, of) => new proxies.OsFingerprint(name, { port: of, osFingerprint: "" })],
  ["Rotation", (name, of) => new proxies.Rotation(name, { port: of })],
];

describe.each(MAKERS)("%s", (type, make) => {
  const refusal = new pulumi.RunError(`${type} "b": port: "a" is ${type} of the same port: keep one.`);

  it.each<[string, (of: proxies.Port) => [proxies.PortRef, proxies.PortRef]]>([
    ["the same Port", (of) => [of, of]],
    ["a Port and its id", (of) => [of, of.id]],
    ["an id and its Port", (of) => [of.id, of]],
  ])("two are refused for %s", (_what, refs) => {
    const [one, other] = refs(port());
    make("a", one);
    expect(() => make("b", other)).toThrow(refusal);
  });

  it("one for each port is fine, in each run, and so is what the provider distinguishes", () => {
    const [p, q] = [port("p"), port("q")];
    make("a", p);
    make("b", q);
    for (const name of ["c", "d"]) make(name, "6926a0000000000000000000");
    run = {};
    make("b", p);
  });

  it("without args it says so in one line", () => {
    const Class = proxies[type as "Rotation"];
    expect(() => new Class("b", undefined as never)).toThrow(`${type} "b": args: is required, such as { … }.`);
  });
});

it.each(["X402Lease", "TrafficPurchase", "CountryChoice"] as const)(
  "%s says in one line what its args are not",
  (type) => {
    const make = (args: unknown) => () => new proxies[type]("b", args as never);
    expect(make(undefined)).toThrow(new pulumi.RunError(`${type} "b": args: is required, such as { … }.`));
    expect(make("DE")).toThrow(`${type} "b": args: is not an object.`);
    expect(make(pulumi.output({}))).toThrow(`${type} "b": args: is an Output.`);
  },
);

it("settings of several types are fine for one port", () => {
  const p = port();
  for (const [type, make] of MAKERS) make(type, p);
});

it("two Ports that import one port are refused", () => {
  port("a", { import: "6926a0000000000000000000" });
  port("other", { import: "6926a0000000000000000001" });
  expect(() => port("b", { import: "6926a0000000000000000000" })).toThrow(
    new pulumi.RunError('Port "b": import: "a" imports the same port: keep one.'),
  );
});

describe("an Account", () => {
  it.each([
    [{}, "apiKey: is required."],
    [{ apiKey: undefined }, "apiKey: is required."],
    [{ apiKey: "psx_canary", apiURL: "canary" }, 'apiURL: is not an input. Did you mean "apiUrl"? There are apiKey'],
    [undefined, "args: is required"],
  ])("of %j is refused: the stack's own would be used in its place", (args, text) => {
    expect(() => new proxies.Account("x", args as never)).toThrow(`Account "x": ${text}`);
  });
});
