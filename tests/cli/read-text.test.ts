import { Readable } from "node:stream";
import { exportCommand } from "../../cli/commands/export";
import { planCommand } from "../../cli/commands/plan";
import { textOf } from "../../cli/terminal/read-text";
import { hearing } from "./terminal";

const KEY = { PROXIES_API_KEY: "psx_canary_key_7f3a9c" };
const ZERO = "/dev/zero";

test.each([
  ["a preview", planCommand, [ZERO], 3, /the preview \/dev\/zero cannot be read \(it is larger/],
  [
    "limits",
    planCommand,
    ["-", "--limits", ZERO],
    2,
    /--limits \/dev\/zero: it cannot be read \(it is larger than 256/,
  ],
  ["a state", exportCommand, ["--state", ZERO], 3, /the state file \/dev\/zero cannot be read \(it is larger than 256/],
] as const)("%s without an end is refused before it fills the memory", async (_, command, argv, code, why) => {
  const terminal = hearing(KEY);
  expect([await command([...argv], terminal), terminal.said.err]).toEqual([code, expect.stringMatching(why)]);
  expect(terminal.said.err).not.toContain("string length");
});

test("so is standard input", async () => {
  const part = Buffer.alloc(1 << 20, " ");
  let read = 0;
  const endless = new Readable({
    read() {
      read += 1;
      this.push(part);
    },
  });
  await expect(textOf(endless)).rejects.toThrow("standard input cannot be read: it is larger than 256 MiB");
  expect(read).toBeLessThan(300);
  expect(endless.destroyed).toBe(true);
});

test("a text that comes in parts is one, without the mark at its beginning that some editors write", async () => {
  const bytes = Buffer.from('\ufeff{"a":"ü"}');
  const stream = Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]);
  expect(await textOf(stream)).toBe('{"a":"ü"}');
});
