import { Monitor, named, typed } from "../../../provider/hosts/plugin/monitor";
import { secret } from "../../../provider/hosts/plugin/wire";
import { FakeMonitor } from "./fake-monitor";

let engine: FakeMonitor;
let monitor: Monitor;
beforeEach(async () => {
  engine = await new FakeMonitor().open();
  monitor = new Monitor(engine.address);
});
afterEach(() => {
  monitor.close();
  engine.close();
});

const PORT = { type: "proxies-sx:index:Port", name: "a", parent: "urn:fleet", custom: true, inputs: {} };

it("asks that secrets, resources and failures be shown as such, whatever is registered", async () => {
  await monitor.register(PORT);
  expect(engine.of("a")).toMatchObject({
    ...{ acceptsecrets: true, acceptresources: true, supportspartialvalues: true, supportsresultreporting: true },
    ...{ aliasspecs: true, provider: "", version: "", deletedwith: "", protect: undefined },
    ...{ dependenciesList: [], aliasesList: [], additionalsecretoutputsList: [], propertydependenciesMap: [] },
  });
});

it("sends all of a resource", async () => {
  await monitor.register({
    ...PORT,
    inputs: { login: secret("a"), none: undefined },
    ...{ provider: "urn:account::1", version: "4.0.0", deletedWith: "urn:port", protect: true },
    ...{ dependencies: ["urn:x", "urn:y"], inputDependencies: { port: ["urn:x"] } },
    ...{ aliases: [named("old"), typed("other:Port")], secretOutputs: ["result"] },
  });
  expect(engine.of("a")).toMatchObject({
    inputs: { login: secret("a") },
    ...{ provider: "urn:account::1", version: "4.0.0", deletedwith: "urn:port", protect: true },
    ...{ dependenciesList: ["urn:x", "urn:y"], additionalsecretoutputsList: ["result"] },
    propertydependenciesMap: [["port", { urnsList: ["urn:x"] }]],
    aliasesList: [{ spec: { name: "old" } }, { spec: { type: "other:Port" } }],
  });
});

it("what was not made is an error that names it", async () => {
  engine.answer = () => undefined;
  await expect(monitor.register(PORT)).rejects.toThrow("a was not made.");
});
