import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stateOfStack } from "../../sdk/program-state";

const { PATH } = process.env;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "psx-state-"));
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  const mocks = { newResource: ({ name }: { name: string }) => ({ id: name, state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "project", "dev", false, "organization");
  jest.spyOn(pulumi.runtime, "getEngine").mockReturnValue({} as never);
  jest.spyOn(pulumi.runtime, "getStackResource").mockReturnValue({} as never);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

/** A `pulumi` that fails as often as it is told to, and then tells a state. */
function pulumiThatFails(times: number): void {
  writeFileSync(join(folder, "left"), "x".repeat(times));
  const script = [
    "#!/bin/sh",
    `left="${folder}/left"`,
    'if [ -s "$left" ]; then',
    '  printf %s "$(cut -c2- "$left")" > "$left"',
    '  echo "error: failed to load checkpoint: EOF" >&2',
    "  exit 255",
    "fi",
    `echo '{"version":3,"deployment":{"resources":[{"urn":"urn:a","type":"t"}]}}'`,
  ];
  writeFileSync(join(folder, "pulumi"), script.join("\n"), { mode: 0o755 });
}

it("half a state, as the file backend shows it while the engine writes, is read again", async () => {
  pulumiThatFails(2);
  expect(await stateOfStack()).toEqual([{ urn: "urn:a", type: "t" }]);
});

it("what stays unreadable is told in one line", async () => {
  pulumiThatFails(99);
  await expect(stateOfStack()).rejects.toThrow(
    /^the state of stack dev cannot be read \(`pulumi stack export --stack=dev` failed: failed to load checkpoint: EOF\)\.$/,
  );
});
