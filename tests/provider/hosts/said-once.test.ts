import { dynamicHost } from "../../../provider/hosts/dynamic";
import { sayOnce } from "../../../provider/hosts/said-once";
import { SessionHolder } from "../../../provider/hosts/session-holder";
import { port } from "../../../provider/port/handler";

/** Pulumi's host prints `${e}: ${e.stack}` of what these operations throw, and the engine prints the message. */
it.each<[string, (host: ReturnType<typeof dynamicHost>) => Promise<unknown>]>([
  ["diff", (host) => host.diff("id", {}, {})],
  ["read", (host) => host.read("id", {})],
  ["delete", (host) => host.delete("id", {})],
])("what %s throws is left to the engine; all else is printed", async (_operation, run) => {
  const print = jest.spyOn(console, "error").mockImplementation(() => undefined);
  sayOnce();
  try {
    const host = dynamicHost(port, new SessionHolder({}));
    host.configure({ config: { get: (key) => (key === "proxies-sx:apiKey" ? "malformed" : undefined) } });
    const error = await run(host).then(
      () => Promise.reject(new Error("it did not fail")),
      (thrown: Error) => thrown,
    );
    expect(error.message).toMatch(/^proxies-sx:apiKey is malformed/);
    console.error(`${error.toString()}: ${error.stack}`);
    expect(print).not.toHaveBeenCalled();
    console.error("something else");
    console.error(error.message);
    console.error("%s", "with a form");
    expect(print.mock.calls).toEqual([["something else"], [error.message], ["%s", "with a form"]]);
  } finally {
    print.mockRestore();
  }
});
