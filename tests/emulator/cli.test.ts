import { emulatorCommand } from "../../cli/commands/emulator";
import { EMULATOR_KEY, startEmulator } from "../../emulator";

let said: string[];
beforeEach(() => {
  said = [];
  const hear = (text: string) => said.push(text);
  jest.spyOn(console, "log").mockImplementation(hear);
  jest.spyOn(console, "error").mockImplementation(hear);
});
afterEach(() => jest.restoreAllMocks());

test("it says how to use it, serves, and stops on Ctrl-C", async () => {
  const stopped = emulatorCommand(["--port", "0", "--seed", "7"]);
  while (said.length === 0) await new Promise(setImmediate);
  const text = said.join("\n");
  const url = /export PROXIES_API_URL=(http:\/\/127\.0\.0\.1:\d+)$/m.exec(text)?.[1] ?? "";
  expect(text).toContain(`export PROXIES_API_KEY=${EMULATOR_KEY}`);
  expect(text).toContain(`${url}/_emulator/state`);
  expect((await fetch(`${url}/v1/ports`, { headers: { "X-API-Key": EMULATOR_KEY } })).status).toBe(200);
  process.emit("SIGINT", "SIGINT");
  expect(await stopped).toBe(0);
  await expect(fetch(`${url}/v1/ports`)).rejects.toThrow();
});

test.each([
  [["--port", "http"], "--port is a whole number from 0 to 65535"],
  [["--rate", "-1"], "--rate"],
  [["--nonsense"], "--nonsense"],
])("%j is refused in one line", async (argv, why) => {
  expect(await emulatorCommand(argv)).toBe(2);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^proxies-sx emulator: /);
  expect(said[0]).toContain(why);
});

test("a port that is in use is said with what to do", async () => {
  const other = await startEmulator();
  const { port } = new URL(other.url);
  expect(await emulatorCommand(["--port", port])).toBe(3);
  expect(said).toEqual([
    `proxies-sx emulator: --port ${port}: something listens there already, perhaps another emulator. Give another port, or 0 for a free one`,
  ]);
  await other.close();
});

test("an address that is not this machine's is said by the name of its option", async () => {
  expect(await emulatorCommand(["--port", "0", "--host", "192.0.2.1"])).toBe(3);
  expect(said).toEqual([
    "proxies-sx emulator: --host 192.0.2.1: it cannot listen there (EADDRNOTAVAIL). Give a name or address of this machine",
  ]);
});

test("--help lists every option", async () => {
  expect(await emulatorCommand(["--help"])).toBe(0);
  for (const option of ["--port", "--host", "--data", "--seed", "--latency", "--rate"])
    expect(said.join("\n")).toContain(option);
});
