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
