import * as pulumi from "@pulumi/pulumi";
import * as proxies from "../../sdk";

/** Programs are unit-tested by their authors with Pulumi's mocks, which name no organization. */
it("a program can be tested with Pulumi's mocks", async () => {
  const made: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push(`${type} ${name}`);
      return { id: `${name}-id`, state: inputs as object };
    },
    call: () => ({}),
  });
  const port = new proxies.Port("a", { country: "DE", expiresIn: "30d" });
  const settings = new proxies.RotationSettings("r", { port, intervalSeconds: 900 });
  const ids = await new Promise<unknown>((resolve) => pulumi.all([port.id, settings.port]).apply(resolve));
  expect(ids).toEqual(["a-id", "a-id"]);
  expect(made.sort()).toEqual([
    "pulumi-nodejs:dynamic/proxies-sx:Port a",
    "pulumi-nodejs:dynamic/proxies-sx:RotationSettings r",
  ]);
});

it("a constructor leaves stack traces as it found them, also when it fails", () => {
  const settings = (): unknown[] =>
    ["stackTraceLimit", "prepareStackTrace"].map((name): unknown => Reflect.get(Error, name));
  const before = settings();
  new proxies.Port("b", { country: "DE", expiresIn: "30d" });
  expect(() => new proxies.Port("", { country: "DE", expiresIn: "30d" })).toThrow(/name/);
  expect(settings()).toEqual(before);
});

it("settings get the id of their port, which stays, and the port that serves now; they can be protected", async () => {
  const sent: Record<string, unknown> = {};
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      sent[name] = inputs;
      return { id: `${name}-first`, state: { ...(inputs as object), portId: `${name}-now` } };
    },
    call: () => ({}),
  });
  const port = new proxies.Port("a", { country: "DE", expiresIn: "30d", overlap: "6h" });
  const settings = [
    new proxies.RotationSettings("r", { port, intervalSeconds: 900 }, { protect: true }),
    new proxies.Credentials("c", { port, proxyLogin: "a", proxyPassword: "b" }),
    new proxies.OsFingerprint("o", { port, osFingerprint: "" }),
    new proxies.Rotation("n", { port }),
    new proxies.RotationSettings("elsewhere", { port: "x", intervalSeconds: 900 }),
  ];
  await new Promise((resolve) => pulumi.all(settings.map(({ id }) => id)).apply(resolve));
  expect(sent.a).toMatchObject({ overlap: "6h" });
  for (const name of ["r", "c", "o", "n"]) expect(sent[name]).toMatchObject({ port: "a-first", __portId: "a-now" });
  expect(sent.elsewhere).toMatchObject({ port: "x" });
  expect(sent.elsewhere).not.toHaveProperty("__portId");
  expect(settings.map((one) => (one as unknown as { __protect?: boolean }).__protect)).toEqual([
    true,
    ...[undefined, undefined, undefined, undefined],
  ]);
});

it.each<[object, Record<string, number>]>([
  [{}, {}],
  [{ countryCode: "DE" }, { DE: 2 }],
])("a fleet whose ports have the outputs %j counts %j", async (outputs, counts) => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { ...(inputs as object), ...outputs } }),
    call: () => ({}),
  });
  const fleet = new proxies.ProxyFleet("f", { size: 2, locations: [{ country: "DE" }], lease: { expiresIn: "30d" } });
  expect(await new Promise((resolve) => void fleet.byCountry.apply(resolve))).toEqual(counts);
});
