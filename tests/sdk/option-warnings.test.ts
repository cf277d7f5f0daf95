import * as pulumi from "@pulumi/pulumi";
import * as proxies from "../../sdk";

/** An option that does nothing, or more than one may think, is reported once a run, on the first resource that has it. */
it("warns once of replaceOnChanges and of retainOnDelete", async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as object }),
    call: () => ({}),
  });
  const warn = jest.spyOn(pulumi.log, "warn").mockImplementation(async () => undefined);
  const args = { country: "DE", expiresIn: "30d" };
  const plain = new proxies.Port("plain", args, { retainOnDelete: false, protect: true });
  new proxies.OsFingerprint("settings", { port: plain, osFingerprint: "" }, { retainOnDelete: true });
  expect(warn.mock.calls).toEqual([]);

  const first = new proxies.OsFingerprint("first", { port: "b", osFingerprint: "" }, { replaceOnChanges: ["port"] });
  const second = new proxies.Port("second", args, { replaceOnChanges: ["*"], retainOnDelete: true });
  new proxies.Port("third", args, { replaceOnChanges: ["*"], retainOnDelete: true });
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining("replaceOnChanges does nothing"), first],
    [expect.stringContaining("retainOnDelete"), second],
  ]);
  warn.mockRestore();
});
