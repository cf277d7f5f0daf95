import { engineAddress } from "../../../provider/hosts/engine-alive";

const PROVIDER = ["/usr/bin/node", "/a/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js"];
const ENGINE = "127.0.0.1:33585";

// As the engine was seen to start it.
it.each([
  ["plain", [ENGINE]],
  ["--logflow -v=3", ["-v=3", ENGINE]],
  ["--logflow --logtostderr -v=9", ["--logtostderr", "-v=9", ENGINE]],
  ["--tracing", ["--tracing", "tcp://127.0.0.1:38585", ENGINE]],
  ["--tracing to a collector here", ["--tracing", "127.0.0.1:9411", ENGINE]],
  ["all", ["-v=3", "--tracing", "tcp://127.0.0.1:38585", ENGINE]],
])("is found below %s", (_what, args) => {
  expect(engineAddress([...PROVIDER, ...args])).toBe(ENGINE);
});

it.each([[[]], [["--watch"]], [["tests/provider"]], [["10.0.0.1:80"]]])("is none of %j", (args) => {
  expect(engineAddress([...PROVIDER, ...args])).toBeUndefined();
});
