import { readFileSync } from "node:fs";
import { join } from "node:path";

const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };

const argv = process.argv;
afterEach(() => {
  process.argv = argv;
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

/** The exit code, and what was said on either stream. */
async function run(...given: string[]): Promise<[number, string]> {
  const said: string[] = [];
  jest.spyOn(console, "log").mockImplementation((text: string) => said.push(text));
  jest.spyOn(console, "error").mockImplementation((text: string) => said.push(text));
  process.argv = ["node", "proxies-sx", ...given];
  process.exitCode = undefined;
  jest.isolateModules(() => void require("../../cli/main"));
  while (process.exitCode === undefined) await new Promise(setImmediate);
  const code = process.exitCode;
  process.exitCode = undefined;
  return [Number(code), said.join("\n")];
}

test("--version is the package's", async () => {
  expect(await run("--version")).toEqual([0, version]);
});

test.each([[["--help"]], [[]]])("%j lists the commands", async (given) => {
  const [code, text] = await run(...given);
  expect([code, text]).toEqual([0, expect.stringMatching(/^Usage: proxies-sx <command>[^]*emulator/)]);
});

test.each([
  ["emulate", "did you mean emulator?"],
  ["plna", "did you mean plan?"],
  [
    "constructor",
    "the commands are emulator, orphans, adopt, export, disown, plan, ports, check, rotate, buy, pay, tickets, report, metrics, x402, mcp, watch",
  ],
])("%s is unknown: one line, exit 2", async (name, next) => {
  expect(await run(name)).toEqual([2, `proxies-sx: unknown command "${name}": ${next}`]);
});

test("--help lists the exit codes of all commands", async () => {
  expect((await run("--help"))[1]).toMatch(/\n {2}0 {2}done\n {2}1 .*\n {2}2 {2}wrong usage.*\n {2}3 .*$/);
});

test("a command gets its arguments", async () => {
  expect((await run("emulator", "--help"))[1]).toContain("proxies-sx emulator [options]");
});
